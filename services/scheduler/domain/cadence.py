"""When the meetings of a cycle stand: one a week at most, as near as can be to the first's hour. Pure.

A week without a fitting time (a holiday, a full coach) is passed over; the count goes on behind it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.scheduler.domain.local_week import SLOT, Horizon, instant_of

_WEEK = 7


@dataclass(frozen=True, kw_only=True)
class Cadence:
    """How many meetings, and how many weeks at least from one to the next."""

    meetings: int
    weeks_between: int


def beginnings(starts: int, cadence: Cadence, horizon: Horizon) -> int:
    """Those of `starts` from which all meetings find their weeks within the horizon."""
    has = _weeks_with(starts, horizon)
    found = 0
    for week, mask in enumerate(horizon.week_masks):
        if has[week] and _weeks_from(week, has, cadence):
            found |= starts & mask
    return found


def following(first: int, starts: int, cadence: Cadence, horizon: Horizon) -> tuple[int, ...]:
    """The starts of the meetings behind `first`, one of the `beginnings`."""
    weeks = _weeks_from(week_of(first, horizon), _weeks_with(starts, horizon), cadence)
    return tuple(
        nearest(starts & horizon.week_masks[week], same_hour(first, week, horizon), horizon)
        for week in weeks[1:]
    )


def week_of(slot: int, horizon: Horizon) -> int:
    """The index of the local week that a slot lies in."""
    return horizon.day_of_slot[slot] // _WEEK


def same_hour(slot: int, week: int, horizon: Horizon) -> int:
    """The slot of the same weekday and wall time in another week of the horizon."""
    day = horizon.days[week * _WEEK + horizon.day_of_slot[slot] % _WEEK]
    wall = horizon.instant(slot).astimezone(horizon.zone).time()
    return (instant_of(day, wall, horizon.zone) - horizon.starts_at) // SLOT


def nearest(starts: int, wanted: int, horizon: Horizon) -> int:
    """The one of `starts`, of which there is one at least, nearest to a slot; of two, the later."""
    later = starts & horizon.mask(wanted, horizon.slots)
    earlier = starts & ~later
    behind = horizon.slots - later.bit_length()
    before = horizon.slots - (earlier & -earlier).bit_length()
    if not later or (earlier and wanted - before < behind - wanted):
        return before
    return behind


def _weeks_with(starts: int, horizon: Horizon) -> list[bool]:
    return [bool(starts & mask) for mask in horizon.week_masks]


def _weeks_from(week: int, has: Sequence[bool], cadence: Cadence) -> list[int]:
    """The weeks of all meetings when the first stands in `week`; none when the horizon ends before.

    The earliest possible week each time: whatever else leads to the end, this does.
    """
    weeks = [week]
    for _ in range(cadence.meetings - 1):
        later = range(weeks[-1] + cadence.weeks_between, len(has))
        found = next((one for one in later if has[one]), None)
        if found is None:
            return []
        weeks.append(found)
    return weeks
