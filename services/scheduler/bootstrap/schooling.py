"""The use cases of schools, of their own time and of teachers' timetables."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Engine

from services.scheduler.adapters import schools
from services.scheduler.adapters.school_time_store import SqlSchoolYears
from services.scheduler.adapters.schools import SqlSchools
from services.scheduler.adapters.unit_of_work import PostgresWork
from services.scheduler.bootstrap.works import Works
from services.scheduler.domain.school_time import SchoolTime, Timetable
from services.scheduler.domain.schools import KnownSchool
from services.scheduler.handlers.keeping import keep_school_time, keep_schools, keep_timetables
from shared.database.transaction import transaction
from shared.events import SchoolKept


@dataclass(frozen=True, kw_only=True)
class Schooling:
    """Every method is one unit of work."""

    engine: Engine
    works: Works

    def known(self) -> Sequence[KnownSchool]:
        """Every school of the division, by name."""
        with self.engine.connect() as connection:
            return schools.every(connection)

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

    def keep_timetables(self, by: str, given: Mapping[tuple[UUID, UUID], Timetable]) -> None:
        """Write teachers' timetables, by teacher and school."""
        with transaction(self.engine, by) as connection:
            work = self.works.at(connection)
            keep_timetables(work, SqlSchoolYears(connection), given)
            work.flush()
