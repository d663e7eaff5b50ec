"""Keep schools, their own time and teachers' timetables, and tell in which words an ask may use them."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from services.scheduler.domain.school_time import SchoolTime, Timetable, checked
from services.scheduler.ports import Schools, SchoolYears, Work
from shared.events import SchoolKept, SchoolTimeKept, TimetableKept


def keep_schools(schools: Schools, events: Sequence[SchoolKept]) -> None:
    """Know these schools by their newest key and name."""
    schools.keep(events)


def keep_school_time(
    work: Work, years: SchoolYears, schools: Iterable[SchoolTime]
) -> list[SchoolTime]:
    """Write these schools' time; raises SchoolTimeError, with nothing written, for a wrong one."""
    kept = list(years.save([checked(school) for school in schools]))
    for school in kept:
        work.announce(
            SchoolTimeKept(
                version=school.version,
                school_id=school.school_id,
                labels=school.day_labels,
                by_weekday=not school.labels,
                periods=school.period_names,
            )
        )
    return kept


def keep_timetables(
    work: Work, years: SchoolYears, given: Mapping[tuple[UUID, UUID], Timetable]
) -> None:
    """Write timetables, by teacher and school."""
    for (teacher_id, school_id), version in years.save_timetables(given).items():
        prepares = bool(given[teacher_id, school_id].prepares)
        work.announce(
            TimetableKept(
                version=version, teacher_id=teacher_id, school_id=school_id, prepares=prepares
            )
        )
