"""When a meeting could begin with one coach on one day, whoever asks. What books says so here too.

Where the two would meet is not known yet, so the way there is not counted.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from services.scheduler.domain.availability import free_starts, slots_in
from services.scheduler.domain.diary import Diary
from services.scheduler.domain.local_week import MINUTES_A_SLOT, Horizon

# A meeting may run on into the next week, and no meeting into the one after.
_WEEKS_READ = 2


@dataclass(frozen=True, kw_only=True)
class WantedTime:
    """So many minutes with a coach, on a local day."""

    coach_id: UUID
    day: date
    minutes: int


@dataclass(frozen=True, kw_only=True)
class FreeTimes(WantedTime):
    """The starts at which it fits her; `zone` is what local days are of."""

    zone: str
    starts: tuple[datetime, ...]


@dataclass(frozen=True, kw_only=True)
class DayNotOffered:
    """Times of that day are not offered: it is over, or too far ahead. These are the days that are."""

    first: date
    last: date


def near(day: date, now: datetime, weeks: int) -> date:
    """That day, or one that is not offered either and can be reckoned with."""
    today = now.date()
    return min(max(day, today - timedelta(days=2)), today + timedelta(weeks=weeks + 1))


def horizon_around(day: date, now: datetime, weeks: int, zone: ZoneInfo) -> Horizon | DayNotOffered:
    """As much of what is offered as a meeting that begins on `day` can touch."""
    offered = Horizon.of(now, weeks, zone)
    first, last = now.astimezone(zone).date(), offered.days[-1]
    if not first <= day <= last:
        return DayNotOffered(first=first, last=last)
    left = [week for week in offered.weeks if week.monday + timedelta(days=7) > day]
    return Horizon.of(left[0].starts_at, min(len(left), _WEEKS_READ), zone)


def starts_on(diary: Diary, wanted: WantedTime, not_before: datetime) -> tuple[datetime, ...]:
    """Every start on the wanted day, in order."""
    horizon = diary.horizon
    bookable = horizon.within(not_before, horizon.ends_at)
    starts = starts_in(diary, wanted.minutes, bookable)
    starts &= horizon.day_masks[horizon.days.index(wanted.day)]
    return tuple(horizon.instant(slot) for slot in slots_in(starts, horizon))


def starts_in(diary: Diary, minutes: int, bookable: int) -> int:
    """Every start of a meeting of so many minutes among the `bookable` slots, as a set of slots."""
    length = -(-minutes // MINUTES_A_SLOT)
    return free_starts(diary.available(minutes) & bookable, length, diary.horizon)
