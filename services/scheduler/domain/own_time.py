"""What a coach keeps of her own time: hours, schools, buffer, notice, caps; what can not be. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from uuid import UUID

from services.scheduler.domain.availability import DaysOfLabel, WeeklyHours
from services.scheduler.domain.local_week import MINUTES_A_SLOT
from services.scheduler.domain.schools import KnownSchool

LONGEST_BUFFER = 120  # minutes
LONGEST_NOTICE = 28 * 24 * 60  # minutes
MOST_HOURS = 120


class OwnWrong(StrEnum):
    """What can be wrong with a coach's own time, as given or as typed."""

    NO_HOURS = "no_hours"
    NO_DAY = "no_day"
    NO_CLOCK = "no_clock"
    NO_SCHOOL = "no_school"
    NOT_SERVED = "not_served"
    NO_YEAR = "no_year"
    NO_LABEL = "no_label"
    OFF_STEP = "off_step"
    ENDS_FIRST = "ends_first"
    OVERLAPS = "overlaps"
    TOO_MANY = "too_many"
    NO_NUMBER = "no_number"
    BEYOND = "beyond"


SAID: Mapping[OwnWrong, tuple[str, str]] = {
    OwnWrong.NO_HOURS: ("names no hours", "days and two times, as in: mon-fri 8:30-12:00"),
    OwnWrong.NO_DAY: ("names no day", "weekdays, or days of a school, as in: days 1, 3 of oak"),
    OwnWrong.NO_CLOCK: ("is no time of day", "hours and minutes, as in 08:30"),
    OwnWrong.NO_SCHOOL: ("names no school of the division", "the key of a school"),
    OwnWrong.NOT_SERVED: ("is at a school that she does not serve", "a school that she serves"),
    OwnWrong.NO_YEAR: ("is of a school whose year is not known", "a weekday, until it is"),
    OwnWrong.NO_LABEL: ("names no day of that school", "one of its day labels"),
    OwnWrong.OFF_STEP: ("is not in steps of five minutes", "as in 08:30 or 08:35"),
    OwnWrong.ENDS_FIRST: ("ends before it begins", "an end that is later"),
    OwnWrong.OVERLAPS: ("overlaps other hours of that day", "hours that do not overlap"),
    OwnWrong.TOO_MANY: ("has too many entries", f"at most {MOST_HOURS}"),
    OwnWrong.NO_NUMBER: ("is not a whole number", "a whole number"),
    OwnWrong.BEYOND: ("is out of bounds", "a whole number within what the coaching model allows"),
}


@dataclass(frozen=True, kw_only=True)
class Caps:
    """Nobody overloaded: meetings a day, minutes a week, cycles at once."""

    sessions_per_day: int
    weekly_minutes: int
    cycles_at_once: int


# For who is appointed to nothing yet.
WIDEST = Caps(sessions_per_day=12, weekly_minutes=2_400, cycles_at_once=20)


@dataclass(frozen=True, kw_only=True)
class OwnTime:
    """All that she keeps. Her day begins and ends at the `home_base`. Without a notice, the division's."""

    hours: tuple[WeeklyHours, ...]
    school_ids: frozenset[UUID]
    caps: Caps
    buffer_minutes: int = 0
    notice_minutes: int | None = None
    home_base: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class KnownOfSchools:
    """What hours may name: the schools, and the labels of those whose year is known."""

    schools: Sequence[KnownSchool] = ()
    labels: Mapping[UUID, tuple[str, ...]] = field(default_factory=dict)

    @property
    def keys(self) -> Mapping[str, UUID]:
        """The schools by their keys."""
        return {school.key: school.id for school in self.schools}

    @property
    def key_of(self) -> Mapping[UUID, str]:
        """The keys by school."""
        return {school.id: school.key for school in self.schools}


@dataclass(frozen=True, kw_only=True)
class OwnFault:
    """One thing that is wrong, and in which field: `hours.2`; `most` is the bound, where there is one."""

    field: str
    wrong: OwnWrong
    most: int = 0


def faults(own: OwnTime, known: KnownOfSchools, most: Caps) -> Iterator[OwnFault]:
    """Everything that is wrong with it, in the order of the fields."""
    if len(own.hours) > MOST_HOURS:
        yield OwnFault(field="hours", wrong=OwnWrong.TOO_MANY, most=MOST_HOURS)
        return
    for index, hours in enumerate(own.hours):
        for wrong in _of_hours(hours, own, known):
            yield OwnFault(field=f"hours.{index}", wrong=wrong)
        if any(_overlap(hours, other) for other in own.hours[:index]):
            yield OwnFault(field=f"hours.{index}", wrong=OwnWrong.OVERLAPS)
    ids = set(known.key_of)
    if own.school_ids - ids:
        yield OwnFault(field="schools", wrong=OwnWrong.NO_SCHOOL)
    if own.home_base is not None and own.home_base not in ids:
        yield OwnFault(field="home_base", wrong=OwnWrong.NO_SCHOOL)
    yield from _of_numbers(own, most)


def _of_hours(hours: WeeklyHours, own: OwnTime, known: KnownOfSchools) -> Iterator[OwnWrong]:
    if isinstance(hours.on, DaysOfLabel):
        labels = known.labels.get(hours.on.school_id)
        if labels is None:
            yield OwnWrong.NO_YEAR
        elif hours.on.label not in labels:
            yield OwnWrong.NO_LABEL
    elif not 1 <= hours.on <= 7:
        yield OwnWrong.NO_DAY
    if hours.at_school is not None and hours.at_school not in own.school_ids:
        yield OwnWrong.NOT_SERVED
    yield from of_stretch(hours.starts, hours.ends)


def of_stretch(starts: time, ends: time) -> Iterator[OwnWrong]:
    """What is wrong with a stretch of wall time."""
    if any(at.minute % MINUTES_A_SLOT or at.second or at.microsecond for at in (starts, ends)):
        yield OwnWrong.OFF_STEP
    if starts >= ends:
        yield OwnWrong.ENDS_FIRST


def _overlap(one: WeeklyHours, other: WeeklyHours) -> bool:
    """Whether they are of the same days and share time: then it is not known what holds."""
    return one.on == other.on and one.starts < other.ends and other.starts < one.ends


def _of_numbers(own: OwnTime, most: Caps) -> Iterator[OwnFault]:
    bounds = {
        "buffer_minutes": (own.buffer_minutes, 0, LONGEST_BUFFER),
        "notice_minutes": (own.notice_minutes or 0, 0, LONGEST_NOTICE),
        "sessions_per_day": (own.caps.sessions_per_day, 0, most.sessions_per_day),
        "weekly_minutes": (own.caps.weekly_minutes, 0, most.weekly_minutes),
        "cycles_at_once": (own.caps.cycles_at_once, 0, most.cycles_at_once),
    }
    for name, (value, low, high) in bounds.items():
        if not low <= value <= high:
            yield OwnFault(field=name, wrong=OwnWrong.BEYOND, most=high)


def widest(model: Caps, now: Caps) -> Caps:
    """The most that she may set: what the model allows, and never less than what she has."""
    return Caps(
        sessions_per_day=max(model.sessions_per_day, now.sessions_per_day),
        weekly_minutes=max(model.weekly_minutes, now.weekly_minutes),
        cycles_at_once=max(model.cycles_at_once, now.cycles_at_once),
    )
