"""Say when a coach is free on a day. Nothing is written, and nobody waits for it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from services.scheduler.domain.free_times import (
    DayNotOffered,
    FreeTimes,
    WantedTime,
    horizon_around,
    starts_on,
)
from services.scheduler.ports import Diaries


def free_times(
    diaries: Diaries, wanted: WantedTime, *, now: datetime, weeks: int, notice: timedelta
) -> FreeTimes | DayNotOffered | None:
    """The starts at which what is wanted fits her; None when there is no such coach."""
    zone = diaries.zone()
    if zone is None:
        return None  # no model was published yet: nobody can be booked
    horizon = horizon_around(wanted.day, now, weeks, ZoneInfo(zone))
    if isinstance(horizon, DayNotOffered):
        return horizon
    diary = diaries.one(wanted.coach_id, horizon)
    if diary is None:
        return None
    starts = starts_on(diary, wanted, now + notice)
    return FreeTimes(**vars(wanted), zone=zone, starts=starts)
