"""The use cases of an admin who hands the coaching model on, or takes parts of another's."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.request_intake.adapters import directory, packs
from services.request_intake.adapters.drafts import SqlDrafts
from services.request_intake.adapters.unit_of_work import SqlModels
from services.request_intake.bootstrap.units import Units
from services.request_intake.domain.adopting import Compared, Part, compare
from services.request_intake.domain.model_draft import Document, ModelDraft
from services.request_intake.domain.pack import Pack, licences_for
from services.request_intake.handlers import adopting
from services.request_intake.handlers.adopting import NO_DRAFT, DraftInTheWay, NothingPublished
from services.request_intake.handlers.drafting import DraftChanged
from shared.clock import Clock


@dataclass(frozen=True, kw_only=True)
class Beside:
    """A pack beside our draft of this `revision`, or beside this `version` where there is no draft (0)."""

    revision: int
    version: int | None
    compared: Sequence[Compared]


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

    def compare(self, pack: Pack) -> Beside:
        """What differs between ours and the pack, entry by entry."""
        draft = self.units.read(lambda connection: SqlDrafts(connection).current())
        if draft is not None:
            found = compare(draft.document, pack.document)
            return Beside(revision=draft.revision, version=None, compared=found)
        newest = self.units.read(directory.versions)[0].version
        ours = self.document(newest) or pack.document
        return Beside(revision=NO_DRAFT, version=newest, compared=compare(ours, pack.document))

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
