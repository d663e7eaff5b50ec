"""Compare what coach_day and coach_week hold with what hours and sessions say; repair if asked.

Triggers keep the counters and only they do, so a difference means that rows were written around
them (a restore without triggers, a hand in the database) or that a rule here is wrong.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from services.scheduler.adapters import calendar_store, hours_store
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
    coalesce(k.busy, B'0'::bit(2028)) <> coalesce(t.busy, B'0'::bit(2028)) AS busy_differs
FROM scheduler.coach_week k
FULL JOIN scheduler.true_weeks(CAST(:coaches AS uuid[]), '-infinity', 'infinity') t
    ON t.coach_id = k.coach_id AND t.week = k.week
WHERE (coalesce(k.minutes, 0), coalesce(k.sessions, 0), coalesce(k.busy, B'0'::bit(2028)))
    IS DISTINCT FROM
    (coalesce(t.minutes, 0), coalesce(t.sessions, 0)::smallint, coalesce(t.busy, B'0'::bit(2028)))
ORDER BY 1, 2
""")
_OPENED = text("""
SELECT coach_id, week, CAST(open AS text) AS open FROM scheduler.coach_week WHERE open IS NOT NULL
""")
_CEILINGS = text("""
SELECT k.coach_id, k.day, k.ceiling, greatest(c.sessions_per_day, k.sessions) AS right_ceiling
FROM scheduler.coach_day k JOIN scheduler.coach c ON c.id = k.coach_id
WHERE k.ceiling <> greatest(c.sessions_per_day, k.sessions)
UNION ALL
SELECT k.coach_id, k.week, k.ceiling, greatest(c.weekly_minutes, k.minutes)
FROM scheduler.coach_week k JOIN scheduler.coach c ON c.id = k.coach_id
WHERE k.ceiling <> greatest(c.weekly_minutes, k.minutes)
ORDER BY 1, 2
""")
_SPAN = text("""
SELECT least(min(k.week)::timestamptz, (SELECT min(starts_at) FROM scheduler.session)) AS since,
    greatest(max(k.week)::timestamptz, (SELECT max(upper(during)) FROM scheduler.session)) AS until
FROM (SELECT week FROM scheduler.coach_week UNION ALL SELECT day FROM scheduler.coach_day) k
""")
_RECOUNT = text("SELECT scheduler.recount(CAST(:coaches AS uuid[]), :since, :until, true)")


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
    found = [*_counted(connection), *_ceilings(connection), *_opened(connection)]
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
    zone = zone_of(connection)
    mondays = {row.week for row in connection.execute(_OPENED)}
    weeks = [local_week(monday, zone) for monday in sorted(mondays)]
    hours_store.store(connection, list(hours_store.open_weeks(connection, coaches, weeks, zone)))


def _counted(connection: Connection) -> Iterator[Difference]:
    given = {"coaches": hours_store.everybody(connection)}
    for name, query in (("day", _DAYS), ("week", _WEEKS)):
        for row in connection.execute(query, given).mappings():
            for unit in ("sessions", "minutes"):
                kept, true = row[f"kept_{unit}"], row[f"true_{unit}"]
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
    kept = {(row.coach_id, row.week): row.open for row in connection.execute(_OPENED)}
    coaches = {coach_id for coach_id, _ in kept}
    weeks = [local_week(monday, zone) for monday in sorted({monday for _, monday in kept})]
    for entry in hours_store.open_weeks(connection, coaches, weeks, zone):
        stored = kept.get((entry.coach_id, entry.week.monday))
        if stored is not None and stored != entry.bits:
            slots = sum(a != b for a, b in zip(stored, entry.bits, strict=True))
            what = f"{slots} open slots of the week are not those of the weekly hours"
            yield Difference(coach_id=entry.coach_id, day=entry.week.monday, what=what)
