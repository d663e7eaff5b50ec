"""A zone's clock changes as iCalendar tells them (RFC 5545, 3.6.5), drawn from the zone database.

A calendar that does not know the zone's name computes local times from these rules alone, so they
must hold on both sides of both changes.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_YEARS_COMPARED = 6
_LONG_AGO = datetime(1970, 1, 1)  # noqa: DTZ001  -- wall time, as VTIMEZONE wants it


@dataclass(frozen=True, kw_only=True)
class Change:
    """One clock change: the wall time it happens at (as the clock said before), and what it does."""

    at: datetime
    before: timedelta
    after: timedelta
    summer: bool
    name: str


@lru_cache(maxsize=64)
def zone_lines(zone: str, year: int) -> tuple[str, ...]:
    """The VTIMEZONE lines that are right for any instant of `year`."""
    changes = [
        change for y in range(year - 1, year + _YEARS_COMPARED) for change in _changes(zone, y)
    ]
    body = _yearly(changes, year) or _one_by_one(zone, year)
    return ("BEGIN:VTIMEZONE", f"TZID:{zone}", *body, "END:VTIMEZONE")


def _changes(zone: str, year: int) -> list[Change]:
    """The changes of one year, found by halving the days on which the offset differs."""
    found = []
    day = datetime(year, 1, 1, tzinfo=UTC)
    while day.year == year:
        tomorrow = day + timedelta(days=1)
        if _offset(zone, day) != _offset(zone, tomorrow):
            found.append(_change(zone, day, tomorrow))
        day = tomorrow
    return found


def _change(zone: str, low: datetime, high: datetime) -> Change:
    before = _offset(zone, low)
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) // 2
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    instant = high.replace(microsecond=0)
    local = instant.astimezone(ZoneInfo(zone))
    return Change(
        at=(instant + before).replace(tzinfo=None),
        before=before,
        after=_offset(zone, instant),
        summer=bool(local.dst()),
        name=local.tzname() or zone,
    )


def _offset(zone: str, instant: datetime) -> timedelta:
    offset = instant.astimezone(ZoneInfo(zone)).utcoffset()
    return offset if offset is not None else timedelta(0)


def _yearly(changes: list[Change], year: int) -> list[str]:
    """Two yearly rules, when the zone keeps such: nothing otherwise."""
    lines: list[str] = []
    for kind in (False, True):
        same = [change for change in changes if change.summer is kind]
        day = _day_rule(same)
        if len(same) != _YEARS_COMPARED + 1 or day is None:
            return []
        first = next(change for change in same if change.at.year == year - 1)
        rule = f"RRULE:FREQ=YEARLY;BYMONTH={first.at.month};BYDAY={day}"
        lines += _component(first, rule)
    return lines


def _day_rule(changes: list[Change]) -> str | None:
    """`2SU` or `-1SU`, if all of these changes fall on such a day of the same month at one time."""
    if len({(c.at.month, c.at.weekday(), c.at.time(), c.before, c.after) for c in changes}) != 1:
        return None
    day = _DAYS[changes[0].at.weekday()]
    nths = {(change.at.day - 1) // 7 + 1 for change in changes}
    if len(nths) == 1:
        return f"{nths.pop()}{day}"
    if all(
        change.at.day > monthrange(change.at.year, change.at.month)[1] - 7 for change in changes
    ):
        return f"-1{day}"
    return None


def _one_by_one(zone: str, year: int) -> list[str]:
    """Each change around `year` by itself, after the offset that held before the first of them."""
    nearby = [change for y in (year - 1, year, year + 1) for change in _changes(zone, y)]
    start = datetime(year - 1, 1, 1, tzinfo=UTC)
    offset = nearby[0].before if nearby else _offset(zone, start)
    name = start.astimezone(ZoneInfo(zone)).tzname() or zone
    always = Change(at=_LONG_AGO, before=offset, after=offset, summer=False, name=name)
    return [line for change in (always, *nearby) for line in _component(change)]


def _component(change: Change, rule: str | None = None) -> list[str]:
    kind = "DAYLIGHT" if change.summer else "STANDARD"
    return [
        f"BEGIN:{kind}",
        f"DTSTART:{change.at:%Y%m%dT%H%M%S}",
        *([rule] if rule else []),
        f"TZOFFSETFROM:{_signed(change.before)}",
        f"TZOFFSETTO:{_signed(change.after)}",
        f"TZNAME:{change.name}",
        f"END:{kind}",
    ]


def _signed(offset: timedelta) -> str:
    seconds = int(offset.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("+", seconds)
    text = f"{sign}{seconds // 3600:02}{seconds % 3600 // 60:02}"
    return text + (f"{seconds % 60:02}" if seconds % 60 else "")
