"""The use cases of schools and of their own time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Engine

from services.scheduler.adapters import school_time_store, schools
from services.scheduler.adapters.school_time_store import SqlSchoolYears
from services.scheduler.adapters.schools import SqlSchools
from services.scheduler.adapters.unit_of_work import PostgresWork
from services.scheduler.bootstrap.works import Works
from services.scheduler.domain.school_time import SchoolTime
from services.scheduler.domain.schools import KnownSchool
from services.scheduler.handlers.keeping import (
    YearChanged,
    change_school_year,
    keep_school_time,
    keep_schools,
)
from shared.database.transaction import transaction
from shared.events import SchoolKept


@dataclass(frozen=True, kw_only=True)
class Schooling:
    """Every method is one unit of work."""

    engine: Engine
    works: Works

    def hear(self, work: PostgresWork, events: Sequence[SchoolKept]) -> None:
        """What Drain does when intake tells of schools."""
        keep_schools(SqlSchools(work.connection), events)

    def keep_school_time(self, by: str, given: Iterable[SchoolTime]) -> Sequence[SchoolTime]:
        """Write schools' own time; raises SchoolTimeError for one that can not be."""
        with transaction(self.engine, by) as connection:
            work = self.works.at(connection)
            kept = keep_school_time(work, SqlSchoolYears(connection), given)
            work.flush()
            return kept

    def change_year(
        self, by: UUID, given: SchoolTime, *, seen: int
    ) -> SchoolTime | YearChanged | None:
        """Let a school live by this year; None when there is no such school. Raises SchoolTimeError."""
        with transaction(self.engine, str(by)) as connection:
            work = self.works.at(connection)
            kept = change_school_year(work, SqlSchoolYears(connection), given, seen=seen)
            work.flush()
            return kept

    def years(self) -> tuple[Sequence[KnownSchool], Mapping[UUID, SchoolTime]]:
        """Every school of the division, by name, and the years that are known of them."""
        with self.engine.connect() as connection:
            known = schools.every(connection)
            return known, school_time_store.read(connection, [school.id for school in known])

    def year(self, school_id: UUID) -> tuple[KnownSchool, SchoolTime | None] | None:
        """A school and its year, if that is known; None when there is no such school."""
        with self.engine.connect() as connection:
            school = schools.one(connection, school_id)
            if school is None:
                return None
            return school, school_time_store.read(connection, [school_id]).get(school_id)
