"""The division's zone and its local days, as this process's time zone database knows them.

The triggers count by the days stored here. When the stored ones no longer agree with this process (a
newer edition of the database changed a law, or the division moved), they are written anew, and all
that is counted by them.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from services.scheduler.domain.local_week import instant_of, monday_of

FIRST_DAY, LAST_DAY = date(2015, 1, 1), date(2055, 12, 31)

_STORED = text("""
SELECT day, starts_at FROM scheduler.local_day WHERE day BETWEEN :first AND :last ORDER BY day
""")
_WRITE = text("""
INSERT INTO scheduler.local_day AS kept (day, starts_at)
SELECT * FROM unnest(CAST(:days AS date[]), CAST(:starts AS timestamptz[]))
ON CONFLICT (day) DO UPDATE SET starts_at = excluded.starts_at
    WHERE kept.starts_at <> excluded.starts_at
""")


def days_between(first: date, last: date, zone: ZoneInfo) -> list[tuple[date, datetime]]:
    """Each day with the instant at which it begins."""
    count = (last - first).days + 1
    days = (first + timedelta(days=n) for n in range(count))
    return [(day, instant_of(day, time(), zone)) for day in days]


def write(connection: Connection, zone: ZoneInfo) -> None:
    """Write every local day as this process knows it."""
    days = days_between(FIRST_DAY, LAST_DAY, zone)
    connection.execute(
        _WRITE, {"days": [day for day, _ in days], "starts": [instant for _, instant in days]}
    )


def disagreements(
    connection: Connection, zone: ZoneInfo, first: date = FIRST_DAY, last: date = LAST_DAY
) -> list[date]:
    """The days that begin at another instant than stored."""
    stored = {
        row.day: row.starts_at
        for row in connection.execute(_STORED, {"first": first, "last": last})
    }
    return [day for day, instant in days_between(first, last, zone) if stored.get(day) != instant]


def agrees(mondays: Sequence[tuple[date, datetime]], zone: ZoneInfo) -> bool:
    """Whether these stored Mondays begin when this process thinks that they do."""
    return all(
        instant_of(day, time(), zone) == starts_at.astimezone(UTC)
        and monday_of(starts_at, zone) == day
        for day, starts_at in mondays
    )
