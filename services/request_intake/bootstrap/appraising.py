"""The use cases of who appraises whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.request_intake.adapters.appraisals import SqlAppraisals
from services.request_intake.adapters.unit_of_work import SqlWork
from services.request_intake.bootstrap.units import Units
from services.request_intake.domain.appraisal import Appraisal, KnownPerson
from services.request_intake.handlers.appraising import (
    AppraisalRefused,
    Pair,
    Said,
    keep_appraisal,
)
from shared.clock import Clock
from shared.database.transaction import transaction

# More than these are no choice: she writes more of the name.
_MOST_FOUND = 12


@dataclass(frozen=True, kw_only=True)
class Found:
    """Whom a name or an address may mean. `more` says that there are others, not shown."""

    people: Sequence[KnownPerson] = ()
    more: bool = False


@dataclass(frozen=True, kw_only=True)
class Appraising:
    """Every method is one unit of work."""

    units: Units
    clock: Clock

    def standing(self) -> Sequence[Appraisal]:
        """All that stand, by coach."""
        return self.units.read(lambda connection: SqlAppraisals(connection).standing())

    def one(self, pair: Pair) -> Appraisal | None:
        """What was said last of these two; None when nothing was."""
        return self.units.read(
            lambda connection: SqlAppraisals(connection).one(pair.coach_id, pair.teacher_id)
        )

    def find(self, typed: str, role: str) -> Found:
        """Who has this role and is called so, or has this address; nobody for nothing typed."""
        if not typed.strip():
            return Found()
        people = self.units.read(
            lambda connection: SqlAppraisals(connection).find(typed, role, _MOST_FOUND + 1)
        )
        return Found(people=people[:_MOST_FOUND], more=len(people) > _MOST_FOUND)

    def keep(self, by: UUID, pair: Pair, *, stands: bool) -> Said | AppraisalRefused:
        """Let it stand, or no more."""
        with transaction(self.units.engine, str(by)) as connection:
            work = SqlWork(connection, self.clock)
            said = keep_appraisal(
                work,
                SqlAppraisals(connection),
                pair,
                stands=stands,
                by=str(by),
                now=self.clock(),
            )
            work.flush()
            return said
