"""Weekly hours and exceptions, expanded into slots: when a coach works, what is protected, where she is."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, text

from services.scheduler.adapters import school_time_store
from services.scheduler.domain.availability import (
    DaysOfLabel,
    ExceptionKind,
    HoursException,
    WeeklyHours,
    WorkedWeek,
    as_stored,
    worked,
)
from services.scheduler.domain.local_week import LocalWeek, local_week
from services.scheduler.domain.school_time import school_year

_EVERYBODY = text("SELECT id FROM scheduler.coach ORDER BY id")
_HOURS = text("""
SELECT coach_id, iso_weekday, label_school, label, starts, ends, protected, at_school
FROM scheduler.weekly_hours WHERE coach_id = ANY (CAST(:coaches AS uuid[])) ORDER BY id
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
# As far as they were ever opened: by an import, or while times were offered farther ahead than now.
_OPENED_FROM = text("""
SELECT DISTINCT week FROM scheduler.coach_week
WHERE coach_id = ANY (CAST(:coaches AS uuid[])) AND week >= :first AND open IS NOT NULL
""")
_BY_LABEL_OF = text("""
SELECT DISTINCT coach_id FROM scheduler.weekly_hours
WHERE label_school = ANY (CAST(:schools AS uuid[])) ORDER BY coach_id
""")
_STORE = text("""
SELECT scheduler.store_open(CAST(:coaches AS uuid[]), CAST(:weeks AS date[]),
    CAST(:opened AS text[]), CAST(:kept AS text[]))
""")
_FORGET_PLACES = text("""
DELETE FROM scheduler.coach_week_at a
USING unnest(CAST(:coaches AS uuid[]), CAST(:weeks AS date[])) AS o (coach_id, week)
WHERE a.coach_id = o.coach_id AND a.week = o.week
""")
_STORE_PLACES = text("""
INSERT INTO scheduler.coach_week_at (coach_id, week, school_id, slots)
SELECT o.coach_id, o.week, o.school_id, o.slots::bit(2028)
FROM unnest(CAST(:coaches AS uuid[]), CAST(:weeks AS date[]), CAST(:schools AS uuid[]),
    CAST(:slots AS text[])) AS o (coach_id, week, school_id, slots)
""")


@dataclass(frozen=True)
class OpenWeek:
    """What hours and exceptions say of one coach's week, and how it is stored."""

    coach_id: UUID
    week: LocalWeek
    worked: WorkedWeek

    @property
    def bits(self) -> str:
        """When she works."""
        return as_stored(self.worked.open, self.week)

    @property
    def protected_bits(self) -> str | None:
        """What of it is protected; None when nothing is."""
        return as_stored(self.worked.protected, self.week) if self.worked.protected else None

    @property
    def places(self) -> dict[UUID, str]:
        """Where she is, by school."""
        return {school: as_stored(slots, self.week) for school, slots in self.worked.at.items()}


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
    labels = _labels(connection, [one for some in hours.values() for one in some])
    for coach_id in coaches:
        for week in weeks:
            closed = [*exceptions[coach_id], *_gone(week, last_days.get(coach_id))]
            yield OpenWeek(coach_id, week, worked(week, zone, hours[coach_id], closed, labels))


def _labels(
    connection: Connection, hours: Collection[WeeklyHours]
) -> Mapping[UUID, Mapping[date, str]]:
    """By school, the label of each date, for the schools that these hours speak of."""
    schools = {one.on.school_id for one in hours if isinstance(one.on, DaysOfLabel)}
    if not schools:
        return {}
    known = school_time_store.read(connection, schools)
    return {
        id_: {day: held.label for day, held in school_year(school).items()}
        for id_, school in known.items()
    }


def _gone(week: LocalWeek, last_day: date | None) -> Iterator[HoursException]:
    """The days of the week on which she works here no more."""
    for step in range(7 if last_day else 0):
        day = week.monday + timedelta(days=step)
        if last_day and day > last_day:
            yield HoursException(day=day, kind=ExceptionKind.OFF)


def store(connection: Connection, opened: Collection[OpenWeek]) -> None:
    """Write what the hours say; what is booked in those weeks is not touched."""
    given = {
        "coaches": [entry.coach_id for entry in opened],
        "weeks": [entry.week.monday for entry in opened],
    }
    kept = [entry.protected_bits for entry in opened]
    connection.execute(_STORE, {**given, "opened": [entry.bits for entry in opened], "kept": kept})
    connection.execute(_FORGET_PLACES, given)
    places = [
        (entry.coach_id, entry.week.monday, school_id, slots)
        for entry in opened
        for school_id, slots in entry.places.items()
    ]
    if places:
        coaches, weeks, schools, slots = zip(*places, strict=True)
        connection.execute(
            _STORE_PLACES,
            {
                "coaches": list(coaches),
                "weeks": list(weeks),
                "schools": list(schools),
                "slots": list(slots),
            },
        )


def open_by_labels_of(
    connection: Connection,
    school_ids: Collection[UUID],
    weeks: Collection[LocalWeek],
    zone: ZoneInfo,
) -> list[UUID]:
    """Expand anew whose hours go by the days of these schools, which have changed; who they are."""
    coaches = list(connection.scalars(_BY_LABEL_OF, {"schools": sorted(school_ids)}))
    if coaches:
        open_anew(connection, coaches, weeks, zone)
    return coaches


def open_anew(
    connection: Connection,
    coach_ids: Collection[UUID],
    weeks: Collection[LocalWeek],
    zone: ZoneInfo,
) -> None:
    """Expand these weeks, and whatever else is expanded already from the first of them on."""
    span = {"coaches": sorted(coach_ids), "first": min(week.monday for week in weeks)}
    opened = {local_week(monday, zone) for monday in connection.scalars(_OPENED_FROM, span)}
    every = sorted({*weeks, *opened}, key=lambda week: week.monday)
    store(connection, list(open_weeks(connection, coach_ids, every, zone)))


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
    by_label = row.label is not None
    return WeeklyHours(
        on=DaysOfLabel(school_id=row.label_school, label=row.label)
        if by_label
        else row.iso_weekday,
        starts=row.starts,
        ends=row.ends,
        protected=row.protected,
        at_school=row.at_school,
    )


def _exception(row: Row[tuple[object, ...]]) -> HoursException:
    return HoursException(
        day=row.day, kind=ExceptionKind(row.kind), starts=row.starts, ends=row.ends
    )
