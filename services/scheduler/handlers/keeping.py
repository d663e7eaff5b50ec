"""Keep schools and their own time, tell the words that an ask may use, and that days changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.scheduler.domain.school_time import SchoolTime
from services.scheduler.domain.year_rules import checked
from services.scheduler.ports import Schools, SchoolYears, Work
from shared.events import SchoolDaysChanged, SchoolKept, SchoolTimeKept


def keep_schools(schools: Schools, events: Sequence[SchoolKept]) -> None:
    """Know these schools by their newest key and name."""
    schools.keep(events)


@dataclass(frozen=True, kw_only=True)
class YearChanged:
    """Somebody changed the year since it was seen; nothing was written. This is how it stands."""

    now: SchoolTime | None


def keep_school_time(
    work: Work, years: SchoolYears, schools: Iterable[SchoolTime]
) -> list[SchoolTime]:
    """Write these schools' time; raises SchoolTimeError, with nothing written, for a wrong one."""
    given = [checked(school) for school in schools]
    return _keep(work, years, given, years.standing([school.school_id for school in given]))


def change_school_year(
    work: Work, years: SchoolYears, given: SchoolTime, *, seen: int
) -> SchoolTime | YearChanged | None:
    """Let the school live by exactly this, if its year is still of the version that was `seen`.

    0 is seen where no year is known. None: there is no such school. Raises SchoolTimeError, with
    nothing written, for a year that can not be.
    """
    school = years.school(given.school_id)
    if school is None:
        return None
    before = years.standing([school.id])
    now = before.get(school.id)
    if (now.version if now else 0) != seen:
        return YearChanged(now=now)
    checked(given, now)
    return _keep(work, years, [given], before)[0]


def _keep(
    work: Work,
    years: SchoolYears,
    given: Sequence[SchoolTime],
    before: Mapping[UUID, SchoolTime],
) -> list[SchoolTime]:
    """Write what is new of these; tell its words, and that what it makes impossible is to be found."""
    changed = [year for year in given if not _is_same(year, before.get(year.school_id))]
    kept = {year.school_id: year for year in years.save(changed)} if changed else {}
    for school_id, year in kept.items():
        if school_id in before:
            years.remember(before[school_id], year.version)
        work.announce(
            SchoolTimeKept(
                version=year.version,
                school_id=school_id,
                labels=year.day_labels,
                by_weekday=not year.labels,
                periods=year.period_names,
            )
        )
        work.announce(
            SchoolDaysChanged(version=year.version, declaration_id=None, school_id=school_id)
        )
    return [kept.get(year.school_id) or before[year.school_id] for year in given]


def _is_same(given: SchoolTime, now: SchoolTime | None) -> bool:
    return now is not None and given.as_planned() == now.as_planned()
