"""Say when a coach is free on a day. Nothing is written, and nobody waits for it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from services.scheduler.domain.free_times import (
    DayNotOffered,
    FreeTimes,
    WantedTime,
    horizon_around,
    near,
    starts_on,
)
from services.scheduler.ports import Diaries


def free_times(
    diaries: Diaries, wanted: WantedTime, *, now: datetime, weeks: int, notice: timedelta
) -> FreeTimes | DayNotOffered | None:
    """The starts at which what is wanted fits her; None when there is no such coach."""
    found = diaries.around(wanted.coach_id, near(wanted.day, now, weeks))
    if found is None:
        return None
    horizon = horizon_around(wanted.day, now, weeks, ZoneInfo(found.zone))
    if isinstance(horizon, DayNotOffered):
        return horizon
    starts = starts_on(found.over(horizon), wanted, now + notice)
    return FreeTimes(**vars(wanted), zone=found.zone, starts=starts)
