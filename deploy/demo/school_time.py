"""Invent each school's own time and its teachers' timetables, for the school year of a day.

The demo's schools teach all year round, so that it can be tried in any month.
"""

from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta
from uuid import UUID

from deploy.demo.division import ELEMENTARY, SENIOR_HIGH, Division, Person, School
from deploy.demo.draw import Draw
from services.scheduler.domain.school_time import (
    BellSchedule,
    Closure,
    ClosureKind,
    Period,
    SchoolTime,
    Term,
    Timetable,
)
from services.scheduler.domain.travel import Spot

SIX_DAYS = ("1", "2", "3", "4", "5", "6")
LATE_START = "late start"
_SHARE_KNOWN = 0.7
_LONG = 395  # days: until the next one has begun, whatever the day
_A_ROW, _SOUTH, _WEST = 8, 53.4, -113.7
_APART_NORTH, _APART_EAST = 0.03, 0.05  # degrees: 3.3 km each
_SHARE_COVERED = 0.2


def _periods(*given: tuple[str, str, str]) -> tuple[Period, ...]:
    return tuple(
        Period(name=name, starts=time.fromisoformat(starts), ends=time.fromisoformat(ends))
        for name, starts, ends in given
    )


_ELEMENTARY_DAY = _periods(
    ("1", "08:30", "09:20"),
    ("2", "09:20", "10:10"),
    ("3", "10:25", "11:15"),
    ("4", "11:15", "12:00"),
    ("lunch", "12:00", "12:45"),
    ("5", "12:45", "13:35"),
    ("6", "13:35", "14:25"),
)
_JUNIOR_DAY = _periods(
    ("1", "08:30", "09:25"),
    ("2", "09:30", "10:25"),
    ("3", "10:30", "11:25"),
    ("lunch", "11:25", "12:10"),
    ("4", "12:10", "13:05"),
    ("5", "13:10", "14:05"),
    ("6", "14:10", "15:05"),
)
_SENIOR_DAY = _periods(  # lunch is split: half the school eats while the other half is in period 3
    ("1", "08:30", "09:50"),
    ("2", "09:55", "11:15"),
    ("lunch", "11:15", "12:00"),
    ("3", "12:00", "13:20"),
    ("3", "11:15", "12:35"),
    ("lunch", "12:35", "13:20"),
    ("4", "13:25", "14:45"),
)
_SENIOR_LATE_DAY = _periods(
    ("1", "09:30", "10:35"),
    ("2", "10:40", "11:45"),
    ("lunch", "11:45", "12:30"),
    ("3", "12:30", "13:35"),
    ("4", "13:40", "14:45"),
)
_HOLIDAYS = (  # month, day, days
    (10, 12, 1),
    (11, 11, 1),
    (12, 21, 12),
    (2, 15, 1),
    (3, 29, 5),
    (5, 24, 1),
    (7, 1, 1),
)
_PD_DAYS = ((10, 23), (1, 29), (4, 30))


def school_time(division: Division, today: date) -> Iterator[SchoolTime]:
    """Every school's year around `today`."""
    draw = Draw(division.seed, "school time")
    first = _first_day(today)
    for index, school in enumerate(division.schools):
        covered = draw.happens(_SHARE_COVERED)
        yield SchoolTime(
            school_id=school.id,
            name=school.name,
            first_day=first,
            last_day=first + timedelta(days=_LONG),
            labels=() if school.level == ELEMENTARY else SIX_DAYS,
            shifts=draw.happens(0.5),
            cover="A colleague who is free, as the school has agreed" if covered else "",
            terms=(
                Term(name="Fall", first_day=first, last_day=first + timedelta(days=150)),
                Term(
                    name="Spring",
                    first_day=first + timedelta(days=151),
                    last_day=first + timedelta(days=_LONG),
                ),
            ),
            bells=_bells(school),
            spot=_spot(index),
            closures=tuple(_closures(first)),
            specials=tuple(_late_starts(first)) if school.level == SENIOR_HIGH else (),
        )


def timetables(division: Division) -> dict[tuple[UUID, UUID], Timetable]:
    """The timetables of most teachers, by teacher and school; the others' are not known."""
    draw = Draw(division.seed, "timetables")
    levels = {school.id: school for school in division.schools}
    return {
        (teacher.id, teacher.school_ids[0]): _timetable(levels[teacher.school_ids[0]], draw)
        for teacher in _known(division.teachers, draw)
    }


def _known(teachers: Sequence[Person], draw: Draw) -> list[Person]:
    return [teacher for teacher in teachers if draw.happens(_SHARE_KNOWN)]


def _timetable(school: School, draw: Draw) -> Timetable:
    elementary, senior = school.level == ELEMENTARY, school.level == SENIOR_HIGH
    labels = ("mon", "tue", "wed", "thu", "fri") if elementary else SIX_DAYS
    periods = ("1", "2", "3", "4") if senior else ("1", "2", "3", "4", "5", "6")
    prepares = frozenset((label, draw.one_of(periods)) for label in labels)
    every = frozenset((label, period) for label in labels for period in periods)
    return Timetable(teaches=every - prepares, prepares=prepares)


def _spot(index: int) -> Spot:
    """The map's order, as a walk to and fro over rows of schools a few kilometres apart."""
    row, step = divmod(index, _A_ROW)
    column = step if row % 2 == 0 else _A_ROW - 1 - step
    return Spot(latitude=_SOUTH + row * _APART_NORTH, longitude=_WEST + column * _APART_EAST)


def _bells(school: School) -> tuple[BellSchedule, ...]:
    if school.level == ELEMENTARY:
        return (BellSchedule(periods=_ELEMENTARY_DAY),)
    if school.level == SENIOR_HIGH:
        return (
            BellSchedule(periods=_SENIOR_DAY),
            BellSchedule(periods=_SENIOR_LATE_DAY, special=LATE_START),
        )
    return (BellSchedule(periods=_JUNIOR_DAY),)


def _first_day(today: date) -> date:
    """The last Monday of the August before."""
    for year in (today.year, today.year - 1):
        end = date(year, 8, 31)
        monday = end - timedelta(days=end.weekday())
        if monday <= today:
            return monday
    raise AssertionError("a Monday of last August lies before every day of this year")


def _closures(first: date) -> Iterator[Closure]:
    for month, day, days in _HOLIDAYS:
        begins = _of_year(first, month, day)
        for step in range(days):
            yield Closure(day=begins + timedelta(days=step), kind=ClosureKind.HOLIDAY)
    for month, day in _PD_DAYS:
        yield Closure(day=_of_year(first, month, day), kind=ClosureKind.PD_DAY)


def _late_starts(first: date) -> Iterator[tuple[date, str]]:
    """The first Wednesday of each month."""
    for step in range(_LONG):
        day = first + timedelta(days=step)
        if day.isoweekday() == 3 and day.day <= 7:
            yield day, LATE_START


def _of_year(first: date, month: int, day: int) -> date:
    """That date within the school year that begins on `first`."""
    here = date(first.year, month, day)
    return here if here >= first else date(first.year + 1, month, day)
