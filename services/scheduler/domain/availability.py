"""When a coach can be booked: weekly hours and exceptions as slots, and the free starts among them.

`free_starts` is the one function that says at which times a session fits; what is offered and what is
booked both come from it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import Enum
from functools import cache
from zoneinfo import ZoneInfo

from services.scheduler.domain.local_week import (
    SLOT,
    SLOTS_IN_LONGEST_WEEK,
    Horizon,
    LocalWeek,
    instant_of,
)


class ExceptionKind(Enum):
    """`OFF` takes time away from the weekly hours, `EXTRA` adds some. `OFF` wins."""

    OFF = "off"
    EXTRA = "extra"


@dataclass(frozen=True, kw_only=True)
class WeeklyHours:
    """A stretch of wall time on each such weekday (1 is Monday, as ISO counts)."""

    iso_weekday: int
    starts: time
    ends: time


@dataclass(frozen=True, kw_only=True)
class HoursException:
    """One date that differs. Without clock times it is the whole day."""

    day: date
    kind: ExceptionKind
    starts: time | None = None
    ends: time | None = None


def open_slots(
    week: LocalWeek,
    zone: ZoneInfo,
    hours: Iterable[WeeklyHours],
    exceptions: Iterable[HoursException] = (),
) -> int:
    """The slots of one local week in which the coach works, before anything is booked."""
    opened = 0
    for stretch in hours:
        day = week.monday + timedelta(days=stretch.iso_weekday - 1)
        opened |= _slots(week, zone, day, stretch.starts, stretch.ends)
    closed = 0
    for exception in exceptions:
        slots = _exception_slots(week, zone, exception)
        if exception.kind is ExceptionKind.OFF:
            closed |= slots
        else:
            opened |= slots
    return opened & ~closed


def as_stored(slots: int, week: LocalWeek) -> str:
    """A week's slots as the text of bit(2028); what lies behind the week's end stays 0."""
    return format(slots, f"0{week.slots}b").ljust(SLOTS_IN_LONGEST_WEEK, "0")


def from_stored(bits: int, week: LocalWeek) -> int:
    """A week's slots from the number that bit(2028) spells."""
    return bits >> (SLOTS_IN_LONGEST_WEEK - week.slots)


def free_starts(free: int, length: int, horizon: Horizon) -> int:
    """The offered slots at which `length` free slots in a row begin."""
    for step in _steps(length):
        free &= free << step
    return free & horizon.offered


@cache
def _steps(length: int) -> tuple[int, ...]:
    """By how much to shift, one after the other, until `length` slots in a row are looked at."""
    found, have = [], 1
    while have < length:
        found.append(min(have, length - have))
        have += found[-1]
    return tuple(found)


def slots_in(starts: int, horizon: Horizon) -> Iterator[int]:
    """Each slot of a set, the earliest first."""
    while starts:
        slot = horizon.slots - starts.bit_length()
        yield slot
        starts &= ~(1 << (horizon.slots - 1 - slot))


def earliest_by_day(starts: int, horizon: Horizon, most: int) -> Iterator[int]:
    """The earliest of `starts` on each local day that has one, for the first `most` such days."""
    for _ in range(most):
        if not starts:
            return
        slot = horizon.slots - starts.bit_length()
        yield slot
        day = horizon.day_masks[horizon.day_of_slot[slot]]
        starts &= ~day


def _exception_slots(week: LocalWeek, zone: ZoneInfo, exception: HoursException) -> int:
    if not week.monday <= exception.day < week.monday + timedelta(days=7):
        return 0
    if exception.starts is None or exception.ends is None:
        next_day = exception.day + timedelta(days=1)
        first = instant_of(exception.day, time(), zone)
        return _mask(week, first - week.starts_at, instant_of(next_day, time(), zone) - first)
    return _slots(week, zone, exception.day, exception.starts, exception.ends)


def _slots(week: LocalWeek, zone: ZoneInfo, day: date, starts: time, ends: time) -> int:
    begun = instant_of(day, starts, zone)
    return _mask(week, begun - week.starts_at, instant_of(day, ends, zone) - begun)


def _mask(week: LocalWeek, offset: timedelta, length: timedelta) -> int:
    """The slots wholly inside the stretch that begins `offset` after the week does."""
    first = max(-(-offset // SLOT), 0)
    end = min((offset + length) // SLOT, week.slots)
    return ((1 << (end - first)) - 1) << (week.slots - end) if first < end else 0
