"""Weekly hours and exceptions, expanded into the `open` slots of each coach's weeks."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, text

from services.scheduler.domain.availability import (
    ExceptionKind,
    HoursException,
    WeeklyHours,
    as_stored,
    open_slots,
)
from services.scheduler.domain.local_week import LocalWeek

_EVERYBODY = text("SELECT id FROM scheduler.coach ORDER BY id")
_HOURS = text("""
SELECT coach_id, iso_weekday, starts, ends FROM scheduler.weekly_hours
WHERE coach_id = ANY (CAST(:coaches AS uuid[]))
""")
_EXCEPTIONS = text("""
SELECT coach_id, day, kind, starts, ends FROM scheduler.hours_exception
WHERE coach_id = ANY (CAST(:coaches AS uuid[])) AND day BETWEEN :first AND :last
""")
_LAST_DAYS = text("""
SELECT id, last_day FROM scheduler.coach
WHERE id = ANY (CAST(:coaches AS uuid[])) AND last_day IS NOT NULL
""")
_UNOPENED = text("""
SELECT c.id, w.week FROM scheduler.coach c
CROSS JOIN unnest(CAST(:weeks AS date[])) AS w (week)
LEFT JOIN scheduler.coach_week k ON k.coach_id = c.id AND k.week = w.week
WHERE k.open IS NULL ORDER BY c.id, w.week
""")
_STORE = text("""
SELECT scheduler.store_open(
    CAST(:coaches AS uuid[]), CAST(:weeks AS date[]), CAST(:opened AS text[]))
""")


@dataclass(frozen=True)
class OpenWeek:
    """What hours and exceptions say of one coach's week, as it is stored."""

    coach_id: UUID
    week: LocalWeek
    bits: str


def open_weeks(
    connection: Connection,
    coach_ids: Collection[UUID],
    weeks: Collection[LocalWeek],
    zone: ZoneInfo,
) -> Iterator[OpenWeek]:
    """Expand the hours of these coaches over these weeks."""
    if not weeks:
        return
    coaches = sorted(coach_ids)
    last = max(week.monday for week in weeks)
    hours, exceptions = defaultdict(list), defaultdict(list)
    for row in connection.execute(_HOURS, {"coaches": coaches}):
        hours[row.coach_id].append(_hours(row))
    first = min(week.monday for week in weeks)
    span = {"coaches": coaches, "first": first, "last": date.fromordinal(last.toordinal() + 6)}
    for row in connection.execute(_EXCEPTIONS, span):
        exceptions[row.coach_id].append(_exception(row))
    last_days = {row.id: row.last_day for row in connection.execute(_LAST_DAYS, span)}
    for coach_id in coaches:
        for week in weeks:
            closed = [*exceptions[coach_id], *_gone(week, last_days.get(coach_id))]
            slots = open_slots(week, zone, hours[coach_id], closed)
            yield OpenWeek(coach_id, week, as_stored(slots, week))


def _gone(week: LocalWeek, last_day: date | None) -> Iterator[HoursException]:
    """The days of the week on which she works here no more."""
    for step in range(7 if last_day else 0):
        day = week.monday + timedelta(days=step)
        if last_day and day > last_day:
            yield HoursException(day=day, kind=ExceptionKind.OFF)


def store(connection: Connection, opened: Collection[OpenWeek]) -> None:
    """Write what the hours say; what is booked in those weeks is not touched."""
    connection.execute(
        _STORE,
        {
            "coaches": [entry.coach_id for entry in opened],
            "weeks": [entry.week.monday for entry in opened],
            "opened": [entry.bits for entry in opened],
        },
    )


def open_ahead(connection: Connection, weeks: Collection[LocalWeek], zone: ZoneInfo) -> None:
    """Expand whatever among these weeks is not expanded yet, for every coach."""
    by_monday = {week.monday: week for week in weeks}
    lacking: dict[UUID, list[LocalWeek]] = defaultdict(list)
    for coach_id, monday in connection.execute(_UNOPENED, {"weeks": sorted(by_monday)}):
        lacking[coach_id].append(by_monday[monday])
    if lacking:
        wanted = {(coach_id, week.monday) for coach_id, some in lacking.items() for week in some}
        expanded = open_weeks(connection, lacking, weeks, zone)
        store(connection, [e for e in expanded if (e.coach_id, e.week.monday) in wanted])


def everybody(connection: Connection) -> list[UUID]:
    """The ids of all coaches."""
    return list(connection.scalars(_EVERYBODY))


def _hours(row: Row[tuple[object, ...]]) -> WeeklyHours:
    return WeeklyHours(iso_weekday=row.iso_weekday, starts=row.starts, ends=row.ends)


def _exception(row: Row[tuple[object, ...]]) -> HoursException:
    return HoursException(
        day=row.day, kind=ExceptionKind(row.kind), starts=row.starts, ends=row.ends
    )
