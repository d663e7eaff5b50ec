"""Several meetings as one entry of a calendar that recurs each week (RFC 5545, 3.8.4.4 and 3.8.5).

A week in which nobody meets is taken out; a meeting at another hour than usual is an exception of its
week. The entry is told whole each time, so that a calendar which missed one telling is right again
after the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

_WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """One of the meetings."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class Exceptional:
    """A meeting that stands at another time than its week's usual one."""

    recurs_at: datetime
    meeting: Meeting


@dataclass(frozen=True, kw_only=True)
class Recurrence:
    """When it usually is: so many weeks from `starts_at`, but for those taken out and exceptions."""

    starts_at: datetime
    ends_at: datetime
    weeks: int
    taken_out: tuple[datetime, ...]
    exceptions: tuple[Exceptional, ...]


def recurrence(anchor_at: datetime, meetings: Sequence[Meeting], zone: tzinfo) -> Recurrence:
    """How these meetings, at least one and at most one a week, recur by the wall time of the anchor."""
    anchor = anchor_at.astimezone(zone)
    by_week = {_week(one.starts_at, anchor, zone): one for one in meetings}
    first, last = min(by_week), max(by_week)
    usual = {week: _usual(anchor, week) for week in range(first, last + 1)}
    length = min(one.ends_at - one.starts_at for one in meetings)
    return Recurrence(
        starts_at=usual[first],
        ends_at=usual[first] + length,
        weeks=last - first + 1,
        taken_out=tuple(usual[week] for week in usual if week not in by_week),
        exceptions=tuple(
            Exceptional(recurs_at=usual[week], meeting=one)
            for week, one in sorted(by_week.items())
            if one.starts_at != usual[week] or one.ends_at - one.starts_at != length
        ),
    )


def _week(at: datetime, anchor: datetime, zone: tzinfo) -> int:
    """How many local weeks after the anchor's it lies."""
    monday = anchor.date() - timedelta(days=anchor.weekday())
    return (at.astimezone(zone).date() - monday).days // 7


def _usual(anchor: datetime, week: int) -> datetime:
    """The instant of the anchor's weekday and wall time so many weeks later."""
    return (anchor + week * _WEEK).astimezone(UTC)
