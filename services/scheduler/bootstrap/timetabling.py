"""The use cases of teachers' timetables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, Engine

from services.scheduler.adapters import school_time_store, timetable_store
from services.scheduler.adapters.timetable_store import SqlTimetables
from services.scheduler.adapters.unit_of_work import PostgresWork
from services.scheduler.bootstrap.works import Works
from services.scheduler.domain.holding import Holding
from services.scheduler.domain.school_time import Timetable
from services.scheduler.domain.timetabling import HerDays, KnownTimetable
from services.scheduler.handlers.timetabling import (
    TimetableChanged,
    TimetableRefused,
    change_timetable,
    keep_timetables,
    try_again,
)
from shared.database.transaction import transaction
from shared.events import TimetableKept
from shared.events.outcome import Outcome


@dataclass(frozen=True, kw_only=True)
class Timetabling:
    """Every method is one unit of work."""

    engine: Engine
    works: Works
    holding: Holding
    rematch_most: int

    def of(self, teacher_id: UUID) -> HerDays | None:
        """A teacher's school, its time and her timetable, as far as they are known; None for no teacher."""
        with self.engine.connect() as connection:
            return _her_days(connection, teacher_id)

    def change(
        self, by: UUID, teacher_id: UUID, wanted: Timetable, *, seen: int
    ) -> KnownTimetable | TimetableChanged | TimetableRefused | None:
        """Let her timetable be exactly this; None while her school's time is not known."""
        with transaction(self.engine, str(by)) as connection:
            hers = _her_days(connection, teacher_id)
            if hers is None or hers.year is None:
                return None
            work = self.works.at(connection)
            timetables = SqlTimetables(connection)
            answer = change_timetable(work, timetables, teacher_id, hers.year, wanted, seen=seen)
            work.flush()
            return answer

    def keep_timetables(self, by: str, given: Mapping[tuple[UUID, UUID], Timetable]) -> None:
        """Write teachers' timetables, by teacher and school."""
        with transaction(self.engine, by) as connection:
            work = self.works.at(connection)
            keep_timetables(work, SqlTimetables(connection), given)
            work.flush()

    def hear(self, work: PostgresWork, events: Sequence[TimetableKept]) -> list[Outcome]:
        """What Drain does when a timetable is kept."""
        return try_again(work, events, most=self.rematch_most, holding=self.holding)


def _her_days(connection: Connection, teacher_id: UUID) -> HerDays | None:
    found = timetable_store.school_of(connection, teacher_id)
    if found is None:
        return None
    (school_id,) = found
    if school_id is None:
        return HerDays(teacher_id=teacher_id)
    return HerDays(
        teacher_id=teacher_id,
        school_id=school_id,
        year=school_time_store.read(connection, [school_id]).get(school_id),
        known=timetable_store.one(connection, teacher_id, school_id),
    )
