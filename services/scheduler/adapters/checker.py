"""Compare what coaches' days, weeks and cycles hold with what hours and sessions say; repair if asked.

Triggers keep the counters and only they do, so a difference means that rows were written around
them (a restore without triggers, a hand in the database) or that a rule here is wrong.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from services.scheduler.adapters import calendar_store, hours_store
from services.scheduler.adapters.hours_store import OpenWeek
from services.scheduler.adapters.picture import zone_of
from services.scheduler.domain.local_week import local_week

_DAYS = text("""
SELECT coalesce(k.coach_id, t.coach_id) AS coach_id, coalesce(k.day, t.day) AS day,
    coalesce(k.sessions, 0) AS kept_sessions, coalesce(t.sessions, 0) AS true_sessions,
    coalesce(k.minutes, 0) AS kept_minutes, coalesce(t.minutes, 0) AS true_minutes
FROM scheduler.coach_day k
FULL JOIN scheduler.true_days(CAST(:coaches AS uuid[]), '-infinity', 'infinity') t
    ON t.coach_id = k.coach_id AND t.day = k.day
WHERE (coalesce(k.sessions, 0), coalesce(k.minutes, 0))
    IS DISTINCT FROM (coalesce(t.sessions, 0)::smallint, coalesce(t.minutes, 0)::smallint)
ORDER BY 1, 2
""")
_WEEKS = text("""
SELECT coalesce(k.coach_id, t.coach_id) AS coach_id, coalesce(k.week, t.week) AS day,
    coalesce(k.minutes, 0) AS kept_minutes, coalesce(t.minutes, 0) AS true_minutes,
    coalesce(k.sessions, 0) AS kept_sessions, coalesce(t.sessions, 0) AS true_sessions,
    coalesce(k.unprotected, 0) AS kept_unprotected, coalesce(t.unprotected, 0) AS true_unprotected,
    coalesce(k.busy, B'0'::bit(2028)) <> coalesce(t.busy, B'0'::bit(2028)) AS busy_differs
FROM scheduler.coach_week k
FULL JOIN scheduler.true_weeks(CAST(:coaches AS uuid[]), '-infinity', 'infinity') t
    ON t.coach_id = k.coach_id AND t.week = k.week
WHERE (coalesce(k.minutes, 0), coalesce(k.sessions, 0), coalesce(k.unprotected, 0),
        coalesce(k.busy, B'0'::bit(2028)))
    IS DISTINCT FROM
    (coalesce(t.minutes, 0), coalesce(t.sessions, 0)::smallint, coalesce(t.unprotected, 0),
        coalesce(t.busy, B'0'::bit(2028)))
ORDER BY 1, 2
""")
_OPENED = text("""
SELECT coach_id, week, CAST(open AS text) AS open, CAST(protected AS text) AS protected
FROM scheduler.coach_week WHERE open IS NOT NULL
""")
_PLACES = text("""
SELECT coach_id, week, school_id, CAST(slots AS text) AS slots FROM scheduler.coach_week_at
""")
_CYCLES = text("""
SELECT c.id AS coach_id, current_date AS day, coalesce(y.cycles, 0) AS kept, t.cycles, y.ceiling,
    greatest(c.cycles_at_once, t.cycles) AS right_ceiling
FROM scheduler.coach c
LEFT JOIN scheduler.coach_cycles y ON y.coach_id = c.id
CROSS JOIN LATERAL (
    SELECT count(*) AS cycles FROM scheduler.cycle WHERE coach_id = c.id AND state <> 'ended') t
WHERE coalesce(y.cycles, 0) <> t.cycles
    OR y.ceiling <> greatest(c.cycles_at_once, t.cycles)
ORDER BY c.id
""")
_CEILINGS = text("""
SELECT k.coach_id, k.day, k.ceiling, greatest(c.sessions_per_day, k.sessions) AS right_ceiling
FROM scheduler.coach_day k JOIN scheduler.coach c ON c.id = k.coach_id
WHERE k.ceiling <> greatest(c.sessions_per_day, k.sessions)
UNION ALL
SELECT k.coach_id, k.week, k.ceiling, greatest(w.cap, k.minutes)
FROM scheduler.coach_week k CROSS JOIN LATERAL scheduler.week_caps(k.coach_id, k.week) w
WHERE k.ceiling <> greatest(w.cap, k.minutes)
UNION ALL
SELECT k.coach_id, k.week, k.unprotected_ceiling, greatest(w.unprotected_cap, k.unprotected)
FROM scheduler.coach_week k CROSS JOIN LATERAL scheduler.week_caps(k.coach_id, k.week) w
WHERE k.unprotected_ceiling <> greatest(w.unprotected_cap, k.unprotected)
ORDER BY 1, 2
""")
_SPAN = text("""
SELECT least(min(k.week)::timestamptz, (SELECT min(starts_at) FROM scheduler.session)) AS since,
    greatest(max(k.week)::timestamptz, (SELECT max(upper(during)) FROM scheduler.session)) AS until
FROM (SELECT week FROM scheduler.coach_week UNION ALL SELECT day FROM scheduler.coach_day) k
""")
_RECOUNT = text("SELECT scheduler.recount(CAST(:coaches AS uuid[]), :since, :until, true)")
_RECOUNT_CYCLES = text("""
SELECT scheduler.recount_cycles(id, true) FROM unnest(CAST(:coaches AS uuid[])) AS id
""")


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One thing that is kept otherwise than it is. `day` is the day, or the week's Monday."""

    coach_id: UUID | None
    day: date
    what: str

    def __str__(self) -> str:
        return f"{self.coach_id or 'the division'} {self.day}: {self.what}"


def differences(connection: Connection) -> list[Difference]:
    """Every difference, by coach and day."""
    found = [
        *_counted(connection),
        *_ceilings(connection),
        *_opened(connection),
        *_cycles(connection),
    ]
    found.sort(key=lambda difference: (str(difference.coach_id), difference.day))
    what = "the local day does not begin when this machine's time zone data says"
    days = calendar_store.disagreements(connection, zone_of(connection))
    return [*(Difference(coach_id=None, day=day, what=what) for day in days), *found]


def repair(connection: Connection) -> None:
    """Write the local days anew, count everything by them, and expand all hours again."""
    calendar_store.write(connection, zone_of(connection))
    coaches = hours_store.everybody(connection)
    span = connection.execute(_SPAN).one()
    if span.since is not None:
        week = timedelta(days=7)
        given = {"coaches": coaches, "since": span.since - week, "until": span.until + week}
        connection.execute(_RECOUNT, given)
    connection.execute(_RECOUNT_CYCLES, {"coaches": coaches})
    zone = zone_of(connection)
    mondays = {row.week for row in connection.execute(_OPENED)}
    weeks = [local_week(monday, zone) for monday in sorted(mondays)]
    hours_store.store(connection, list(hours_store.open_weeks(connection, coaches, weeks, zone)))


def _counted(connection: Connection) -> Iterator[Difference]:
    given = {"coaches": hours_store.everybody(connection)}
    for name, query in (("day", _DAYS), ("week", _WEEKS)):
        for row in connection.execute(query, given).mappings():
            for unit in ("sessions", "minutes", "unprotected"):
                kept, true = row.get(f"kept_{unit}"), row.get(f"true_{unit}")
                if kept != true:
                    what = f"{name} keeps {kept} {unit}, the sessions make {true}"
                    yield Difference(coach_id=row["coach_id"], day=row["day"], what=what)
            if row.get("busy_differs"):
                what = "the busy slots of the week are not those of the sessions"
                yield Difference(coach_id=row["coach_id"], day=row["day"], what=what)


def _ceilings(connection: Connection) -> Iterator[Difference]:
    for row in connection.execute(_CEILINGS):
        what = f"the ceiling is {row.ceiling} and should be {row.right_ceiling}"
        yield Difference(coach_id=row.coach_id, day=row.day, what=what)


def _opened(connection: Connection) -> Iterator[Difference]:
    zone = zone_of(connection)
    kept = {(row.coach_id, row.week): row for row in connection.execute(_OPENED)}
    places: dict[tuple[UUID, date], dict[UUID, str]] = defaultdict(dict)
    for row in connection.execute(_PLACES):
        places[row.coach_id, row.week][row.school_id] = row.slots
    coaches = {coach_id for coach_id, _ in kept}
    weeks = [local_week(monday, zone) for monday in sorted({monday for _, monday in kept})]
    for entry in hours_store.open_weeks(connection, coaches, weeks, zone):
        key = (entry.coach_id, entry.week.monday)
        if (stored := kept.get(key)) is None:
            continue
        for what in _unlike(entry, stored.open, stored.protected, places[key]):
            yield Difference(coach_id=entry.coach_id, day=entry.week.monday, what=what)


def _unlike(
    entry: OpenWeek, opened: str, protected: str | None, places: Mapping[UUID, str]
) -> Iterator[str]:
    if opened != entry.bits:
        slots = sum(a != b for a, b in zip(opened, entry.bits, strict=True))
        yield f"{slots} open slots of the week are not those of the weekly hours"
    if protected != entry.protected_bits:
        yield "the protected slots of the week are not those of the weekly hours"
    if places != entry.places:
        yield "where she is that week is not what the weekly hours say"


def _cycles(connection: Connection) -> Iterator[Difference]:
    for row in connection.execute(_CYCLES):
        what = f"keeps {row.kept} cycles, there are {row.cycles}"
        if row.kept == row.cycles:
            what = f"the ceiling of cycles is {row.ceiling} and should be {row.right_ceiling}"
        yield Difference(coach_id=row.coach_id, day=row.day, what=what)
