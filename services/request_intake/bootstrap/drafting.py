"""The use cases of an admin who drafts and publishes the coaching model."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.request_intake.adapters import directory
from services.request_intake.adapters.directory import ListedVersion
from services.request_intake.adapters.drafts import SqlDrafts
from services.request_intake.adapters.unit_of_work import SqlModels
from services.request_intake.bootstrap.units import Units
from services.request_intake.domain.model_draft import ModelDraft
from services.request_intake.handlers import drafting
from services.request_intake.handlers.drafting import DraftChanged, Plan
from shared.clock import Clock


@dataclass(frozen=True, kw_only=True)
class Drafting:
    """Every method is one unit of work. `refresh` is called when another model may be in force."""

    units: Units
    clock: Clock
    refresh: Callable[[], None]

    def versions(self) -> Sequence[ListedVersion]:
        """Every published version, the newest first."""
        return self.units.read(directory.versions)

    def document(self, version: int) -> dict[str, Any] | None:
        """What was published as this version."""
        return self.units.read(lambda connection: SqlModels(connection).document(version))

    def draft(self) -> ModelDraft | None:
        """The draft of the next model, if there is one."""
        return self.units.read(lambda connection: SqlDrafts(connection).current())

    def begin(self, by: UUID, version: int) -> ModelDraft | None:
        """A draft of this version, or the one that there is; None without that version."""
        return self.units.work(
            by, lambda work: drafting.begin_draft(work, version, by, self.clock())
        )

    def change(self, by: UUID, document: dict[str, Any], *, seen: int) -> ModelDraft | DraftChanged:
        """Store another document, if the draft is still as it was seen."""
        return self.units.work(
            by,
            lambda work: drafting.change_draft(work, document, seen=seen, by=by, now=self.clock()),
        )

    def discard(self, by: UUID, *, seen: int) -> DraftChanged | None:
        """Throw the draft away, if it is still as it was seen."""
        return self.units.work(by, lambda work: drafting.discard_draft(work, seen=seen))

    def publish(self, by: UUID, plan: Plan, *, seen: int) -> int | DraftChanged:
        """Publish the draft as the next version; raises ModelFaults naming every hole."""
        answer = self.units.work(
            by,
            lambda work: drafting.publish_draft(work, plan, seen=seen, by=by, now=self.clock()),
        )
        self.refresh()
        return answer
