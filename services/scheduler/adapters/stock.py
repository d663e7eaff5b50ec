"""The hourly stock as rows: how rare coaches are, what each did, how long schools wait, who comes when."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import Connection, text

from services.scheduler.adapters.picture import zone_of
from services.scheduler.adapters.request_store import to_request
from services.scheduler.adapters.travel_times import SqlTravelTimes
from services.scheduler.domain.fairness import (
    BOOKED,
    OVER,
    CoachAtWork,
    Load,
    SchoolWait,
    Stay,
    Turns,
)
from services.scheduler.domain.local_week import local_week, monday_of
from services.scheduler.domain.request import Request
from services.scheduler.domain.travel import NO_TRAVEL, Spot, Travel
from services.scheduler.domain.weights import Weights

_WAITS_OVER = timedelta(weeks=8)

_COUNT_AT_SCHOOLS = text("""
WITH counted AS MATERIALIZED (
    SELECT s.school_id, o.coach_type, count(DISTINCT s.coach_id) AS coaches
    FROM scheduler.coach_school s JOIN scheduler.coach_offer o ON o.coach_id = s.coach_id
    GROUP BY s.school_id, o.coach_type
), gone AS (
    DELETE FROM scheduler.school_stock k WHERE NOT EXISTS (
        SELECT FROM counted c WHERE (c.school_id, c.coach_type) = (k.school_id, k.coach_type))
)
INSERT INTO scheduler.school_stock AS kept (school_id, coach_type, coaches)
SELECT school_id, coach_type, coaches FROM counted ORDER BY school_id, coach_type
ON CONFLICT (school_id, coach_type) DO UPDATE SET coaches = excluded.coaches
WHERE kept.coaches <> excluded.coaches
""")
_COUNT_FOR_COACHES = text("""
WITH counted AS MATERIALIZED (
    SELECT s.coach_id, k.coach_type, min(k.coaches) AS fewest
    FROM scheduler.coach_school s JOIN scheduler.school_stock k ON k.school_id = s.school_id
    WHERE EXISTS (SELECT FROM scheduler.coach_offer o
        WHERE o.coach_id = s.coach_id AND o.coach_type = k.coach_type)
    GROUP BY s.coach_id, k.coach_type
), gone AS (
    DELETE FROM scheduler.coach_stock k WHERE NOT EXISTS (
        SELECT FROM counted c WHERE (c.coach_id, c.coach_type) = (k.coach_id, k.coach_type))
)
INSERT INTO scheduler.coach_stock AS kept (coach_id, coach_type, fewest)
SELECT coach_id, coach_type, fewest FROM counted ORDER BY coach_id, coach_type
ON CONFLICT (coach_id, coach_type) DO UPDATE SET fewest = excluded.fewest
WHERE kept.fewest <> excluded.fewest
""")
_AT_WORK = text("""
SELECT c.id, c.home_base, c.joined_on, coalesce(s.minutes, 0) AS minutes FROM scheduler.coach c
LEFT JOIN LATERAL (
    SELECT sum(extract(epoch FROM upper(during) - starts_at))::integer / 60 AS minutes
    FROM scheduler.session WHERE coach_id = c.id AND state <> 'cancelled'
        AND starts_at >= :since AND starts_at < :until) s ON true
WHERE c.last_day IS NULL OR c.last_day >= :today
""")
_STAYS = text("""
SELECT s.coach_id, CAST(s.starts_at AT TIME ZONE :zone AS date) AS day, s.school_id
FROM scheduler.coach c CROSS JOIN LATERAL (
    SELECT coach_id, starts_at, school_id FROM scheduler.session
    WHERE coach_id = c.id AND state <> 'cancelled' AND place_kind = 'room'
        AND starts_at >= :since AND starts_at < :until
    ORDER BY starts_at) s
WHERE c.last_day IS NULL OR c.last_day >= :today
""")
_SPOTS = text("""
SELECT school_id, latitude, longitude FROM scheduler.school_time WHERE latitude IS NOT NULL
""")
_KEEP_LOADS = text("""
INSERT INTO scheduler.coach_load AS kept (coach_id, minutes, travel)
SELECT coach_id, minutes, travel FROM jsonb_to_recordset(CAST(:rows AS jsonb))
    AS t (coach_id uuid, minutes integer, travel integer)
ORDER BY coach_id
ON CONFLICT (coach_id) DO UPDATE SET minutes = excluded.minutes, travel = excluded.travel
WHERE (kept.minutes, kept.travel) <> (excluded.minutes, excluded.travel)
""")
# To the first meeting; who has none yet waits still.
_COUNT_WAITS = text("""
WITH counted AS MATERIALIZED (
    SELECT r.school_id, count(*) AS asks,
        avg(extract(epoch FROM coalesce(s.first, :now) - r.waiting_since) / 86400)::real AS days
    FROM scheduler.request r LEFT JOIN LATERAL (
        SELECT min(starts_at) AS first FROM scheduler.session
        WHERE request_id = r.id AND state <> 'cancelled') s ON true
    WHERE r.waiting_since >= :since AND r.teacher_id IS NOT NULL AND r.state <> 'cancelled'
    GROUP BY r.school_id
), gone AS (
    DELETE FROM scheduler.school_wait k
    WHERE NOT EXISTS (SELECT FROM counted c WHERE c.school_id = k.school_id)
)
INSERT INTO scheduler.school_wait (school_id, asks, days)
SELECT school_id, asks, greatest(days, 0) FROM counted ORDER BY school_id
ON CONFLICT (school_id) DO UPDATE SET asks = excluded.asks, days = excluded.days
""")
_WAITING = text("""
SELECT * FROM scheduler.request WHERE state = 'waiting' ORDER BY id FOR UPDATE
""")
_SET_TURNS = text("""
UPDATE scheduler.request r SET turn_at = r.waiting_since - make_interval(secs => t.seconds)
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS t (id uuid, seconds integer)
WHERE r.id = t.id AND r.turn_at <> r.waiting_since - make_interval(secs => t.seconds)
""")
_DIVISION = text("SELECT weights, zone FROM scheduler.division")
_WAITS = text("""
SELECT school_id, asks, days, sum(asks * days) OVER () / nullif(sum(asks) OVER (), 0) AS mean
FROM scheduler.school_wait
""")


def read_turns(connection: Connection, now: datetime) -> Turns:
    """Who comes first, by what was taken stock of last."""
    division = connection.execute(_DIVISION).one()
    rows = connection.execute(_WAITS).all()
    return Turns(
        weights=Weights.of(division.weights),
        today=now.astimezone(ZoneInfo(division.zone)).date(),
        waits={row.school_id: SchoolWait(asks=row.asks, days=row.days) for row in rows},
        mean=rows[0].mean if rows else 0.0,
    )


class SqlStock:
    """Implements ports.Stock on one open transaction."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now
        zone = zone_of(connection)
        self._zone, self._today = zone, now.astimezone(zone).date()
        self._week = local_week(monday_of(now, zone), zone).starts_at

    def count_coaches(self) -> None:
        self._connection.execute(_COUNT_AT_SCHOOLS)
        self._connection.execute(_COUNT_FOR_COACHES)

    def at_work(self) -> Sequence[CoachAtWork]:
        since, until = self._week - OVER, self._week
        given = {"since": since, "until": until, "today": self._today}
        begun = since.astimezone(self._zone).date()
        return [
            CoachAtWork(
                id=row.id,
                minutes=row.minutes,
                joined_after=min(max((row.joined_on - begun) / OVER, 0.0), 1.0),
                home_base=row.home_base,
            )
            for row in self._connection.execute(_AT_WORK, given)
        ]

    def stays(self) -> Sequence[Stay]:
        given = {
            "since": self._week - OVER,
            "until": self._week + BOOKED,
            "today": self._today,
            "zone": self._zone.key,
        }
        rows = self._connection.execute(_STAYS, given)
        return [Stay(coach_id=r.coach_id, day=r.day, school_id=r.school_id) for r in rows]

    def travel(self) -> Travel:
        known = SqlTravelTimes(self._connection).known()
        if known is None:
            return NO_TRAVEL
        spots = {
            row.school_id: Spot(latitude=row.latitude, longitude=row.longitude)
            for row in self._connection.execute(_SPOTS)
        }
        return Travel(spots=spots, table=known.table, kmh=known.kmh)

    def keep_loads(self, loads: Mapping[UUID, Load]) -> None:
        rows = [{"coach_id": coach_id, **vars(load)} for coach_id, load in loads.items()]
        self._connection.execute(_KEEP_LOADS, {"rows": orjson.dumps(rows).decode()})

    def count_waits(self) -> None:
        given = {"since": self._now - _WAITS_OVER, "now": self._now}
        self._connection.execute(_COUNT_WAITS, given)

    def waiting(self) -> Sequence[Request]:
        rows = self._connection.execute(_WAITING).mappings()
        return [to_request(dict(row)) for row in rows]

    def set_turns(self, head_starts: Mapping[UUID, timedelta]) -> None:
        rows = [
            {"id": id_, "seconds": int(start.total_seconds())} for id_, start in head_starts.items()
        ]
        self._connection.execute(_SET_TURNS, {"rows": orjson.dumps(rows).decode()})
