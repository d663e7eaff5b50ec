"""Weeks in which a coach does less than her cap: a lighter one, and her first ones. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

_STEP = 5  # minutes
_A_WEEK = timedelta(days=7)


class CapWhy(StrEnum):
    """Why a week holds less."""

    LIGHTER = "lighter"
    RAMP_UP = "ramp_up"


@dataclass(frozen=True, kw_only=True)
class WeekCap:
    """At most so many minutes in the week that begins on this Monday."""

    week: date
    why: CapWhy
    minutes: int


@dataclass(frozen=True, kw_only=True)
class GrantedUse:
    """Protected minutes of one week that other help may use: who says so, and why."""

    id: UUID
    week: date
    minutes: int
    granted_by: UUID
    reason: str
    by_name: str = ""


@dataclass(frozen=True, kw_only=True)
class WeekAhead:
    """What a week of hers holds: its cap, what is booked, and what of the cap is protected.

    `less` are the caps by which it holds less than usual; `cap` is the lowest of all.
    """

    week: date
    cap: int
    booked: int
    protected: int
    less: Mapping[CapWhy, int]


def lighter(week: WeekAhead) -> WeekCap:
    """Half of what that week holds while it is not lighter. What is booked stays, also beyond it."""
    return WeekCap(week=week.week, why=CapWhy.LIGHTER, minutes=_stepped(week.cap / 2))


def ramp_up(first_week: date, cap: int, weeks: int) -> tuple[WeekCap, ...]:
    """Her first weeks, each with more of her cap than the one before."""
    return tuple(
        WeekCap(
            week=first_week + n * _A_WEEK,
            why=CapWhy.RAMP_UP,
            minutes=_stepped(cap * (n + 1) / (weeks + 1)),
        )
        for n in range(weeks)
    )


class GrantWrong(StrEnum):
    """What can be wrong with a grant."""

    NO_WEEK = "no_week"
    MINUTES = "minutes"
    NOTHING_KEPT = "nothing_kept"
    REASON = "reason"


SHORTEST_REASON, LONGEST_REASON = 3, 300
GRANT_SAID: Mapping[GrantWrong, tuple[str, str, str]] = {
    GrantWrong.NO_WEEK: (
        "week",
        "is no week ahead",
        "a day of this week or of one that is offered",
    ),
    GrantWrong.MINUTES: (
        "minutes",
        "can not be granted",
        "5 minutes to all that is protected then",
    ),
    GrantWrong.NOTHING_KEPT: ("week", "has no protected time left", "a week that has some"),
    GrantWrong.REASON: (
        "reason",
        "is too short or too long",
        f"{SHORTEST_REASON} to {LONGEST_REASON} characters",
    ),
}


def grant_fault(grant: GrantedUse, week: WeekAhead | None) -> GrantWrong | None:
    """What is wrong with granting this, or None. Without a `week`, its week is none ahead."""
    if week is None:
        return GrantWrong.NO_WEEK
    if week.protected <= 0:
        return GrantWrong.NOTHING_KEPT
    if not _STEP <= grant.minutes <= week.protected:
        return GrantWrong.MINUTES
    if not SHORTEST_REASON <= len(grant.reason.strip()) <= LONGEST_REASON:
        return GrantWrong.REASON
    return None


def _stepped(minutes: float) -> int:
    return int(minutes // _STEP) * _STEP
