"""The use cases of an admin who hands the coaching model on, or takes parts of another's."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.request_intake.adapters import packs
from services.request_intake.adapters.drafts import SqlDrafts
from services.request_intake.adapters.unit_of_work import SqlModels
from services.request_intake.bootstrap.units import Units
from services.request_intake.domain.adopting import Part
from services.request_intake.domain.model_draft import Document, ModelDraft
from services.request_intake.domain.pack import Pack, licences_for
from services.request_intake.handlers import adopting
from services.request_intake.handlers.adopting import DraftInTheWay, NothingPublished
from services.request_intake.handlers.drafting import DraftChanged
from shared.clock import Clock


@dataclass(frozen=True, kw_only=True)
class Packing:
    """Every method is one unit of work."""

    units: Units
    clock: Clock

    def document(self, version: int | None) -> Document | None:
        """What was published as this version; without one the draft's. None where there is none."""
        if version is not None:
            return self.units.read(lambda connection: SqlModels(connection).document(version))
        draft = self.units.read(lambda connection: SqlDrafts(connection).current())
        return draft.document if draft else None

    def file(self, document: Document, *, title: str = "", licence: str = "") -> bytes:
        """The document as a pack's file; under the division's name and the usual licence unless told."""
        usual = f"{document['division']['name']}: coaching model"
        pack = Pack(
            title=title or usual, licence=licence or licences_for(document)[0], document=document
        )
        return packs.write(pack)

    def read(self, raw: bytes) -> Pack:
        """The pack in a file; raises PackFaultsError naming every fault with its line."""
        return packs.read(raw)

    def adopt(
        self, by: UUID, pack: Pack, parts: Sequence[Part], *, seen: int
    ) -> ModelDraft | DraftChanged:
        """Take these parts into the draft, if it is still as it was seen."""
        return self.units.work(
            by,
            lambda work: adopting.adopt_parts(
                work, pack, parts, seen=seen, by=by, now=self.clock()
            ),
        )

    def take(self, by: UUID | str, pack: Pack) -> ModelDraft | DraftInTheWay | NothingPublished:
        """Make the pack the draft, unless there is one with changes."""
        return self.units.work(
            by, lambda work: adopting.import_pack(work, pack, by=str(by), now=self.clock())
        )
