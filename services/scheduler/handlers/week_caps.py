"""Weeks that hold less: a coach lightens the next, a new one begins slowly; grants of protected time."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from services.scheduler.domain.local_week import monday_of
from services.scheduler.domain.week_caps import (
    CapWhy,
    GrantedUse,
    GrantWrong,
    WeekAhead,
    WeekCap,
    grant_fault,
    lighter,
)
from services.scheduler.handlers.telling import tell_all_freed
from services.scheduler.ports import WeekCaps, Work

_A_WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class GrantRefused:
    """It can not be granted; nothing was written. `most` is how much could be."""

    wrong: GrantWrong
    most: int = 0


@dataclass(frozen=True, kw_only=True)
class GrantTaken:
    """Another grant goes by this id; nothing was written."""


def lighten_next_week(work: Work, caps: WeekCaps, coach_id: UUID) -> WeekCap | None:
    """She does less next week, and asks nobody; what is booked stays. None when she is no coach.

    A second tap changes nothing.
    """
    work.take_turn()
    if not caps.lock(coach_id):
        return None
    week = _week_ahead(work, caps, coach_id)
    if week is None:
        return None
    if CapWhy.LIGHTER in week.less:
        return WeekCap(week=week.week, why=CapWhy.LIGHTER, minutes=week.less[CapWhy.LIGHTER])
    cap = lighter(week)
    caps.keep(coach_id, [cap])
    return cap


def unlighten_next_week(work: Work, caps: WeekCaps, coach_id: UUID) -> bool:
    """Next week is as any other again, and offered to whoever waits; False when it was already."""
    work.take_turn()
    if not caps.lock(coach_id):
        return False
    return _lifted(work, caps, coach_id, CapWhy.LIGHTER, _next_monday(work))


def end_ramp_up(work: Work, caps: WeekCaps, coach_id: UUID) -> bool:
    """She is new no more: her weeks hold her cap; False when they did already."""
    work.take_turn()
    if not caps.lock(coach_id):
        return False
    return _lifted(work, caps, coach_id, CapWhy.RAMP_UP, _monday(work))


def grant_protected(
    work: Work, caps: WeekCaps, coach_id: UUID, grant: GrantedUse
) -> GrantedUse | GrantRefused | GrantTaken | None:
    """Let other help use so many protected minutes of one week; None when there is no such coach.

    Somebody is named, and says why. A second sending of the same changes nothing.
    """
    work.take_turn()
    if not caps.lock(coach_id):
        return None
    if (hers := caps.granted(coach_id, grant.id)) is not None:
        return grant if hers else GrantTaken()
    weeks = {week.week: week for week in caps.ahead(coach_id)}
    week = weeks.get(grant.week)
    if (wrong := grant_fault(grant, week)) is not None:
        return GrantRefused(wrong=wrong, most=week.protected if week else 0)
    if not caps.grant(coach_id, grant):
        return GrantTaken()  # for another coach, at the same moment
    tell_all_freed(work, coach_id)
    return grant


def _lifted(work: Work, caps: WeekCaps, coach_id: UUID, why: CapWhy, since: date) -> bool:
    lifted = caps.lift(coach_id, why, since)
    if lifted:
        tell_all_freed(work, coach_id)
    return lifted


def _week_ahead(work: Work, caps: WeekCaps, coach_id: UUID) -> WeekAhead | None:
    monday = _next_monday(work)
    return next((week for week in caps.ahead(coach_id) if week.week == monday), None)


def _monday(work: Work) -> date:
    return monday_of(work.now, ZoneInfo(work.zone))


def _next_monday(work: Work) -> date:
    return _monday(work) + _A_WEEK
