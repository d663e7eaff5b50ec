"""One coach's time as rows: exceptions for classes that she covers, her last day, and what stood in it."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, text

from services.scheduler.adapters import hours_store
from services.scheduler.adapters.held_store import SqlTakingOff, live_session, query_of
from services.scheduler.adapters.picture import zone_of
from services.scheduler.domain.covering import ClassCovered
from services.scheduler.domain.local_week import Horizon
from services.scheduler.domain.release import LiveSession
from shared.access import audit
from shared.identity import new_id

_HERS = query_of("""
WHERE s.coach_id = CAST(:coach AS uuid) AND s.live_coach_type IS NOT NULL
    AND s.starts_at > CAST(:since AS timestamptz) - interval '8 hours'
    AND s.starts_at < coalesce(CAST(:until AS timestamptz), 'infinity')
    AND upper(s.during) > :since
ORDER BY r.id FOR UPDATE OF r
""")
_OF_REQUEST = query_of("""
WHERE s.coach_id = CAST(:coach AS uuid) AND s.request_id = CAST(:request AS uuid)
ORDER BY s.starts_at
""")
_EXCEPT = text("""
INSERT INTO scheduler.hours_exception (id, coach_id, day, kind, starts, ends)
SELECT :id, c.id, :day, 'off', :starts, :ends FROM scheduler.coach c WHERE c.id = :coach
RETURNING id
""")
_LOG = text("""
INSERT INTO scheduler.log_entry (id, coach_id, kind, during, recorded_at, exception_id)
VALUES (:id, :coach, 'class_covered', tstzrange(:since, :until), :now, :exception)
""")
_FORGET = text("""
WITH gone AS (
    DELETE FROM scheduler.log_entry WHERE id = :id AND coach_id = :coach RETURNING *
), open AS (
    DELETE FROM scheduler.hours_exception e USING gone WHERE e.id = gone.exception_id
)
SELECT id, coach_id, lower(during) AS starts_at, upper(during) AS ends_at, recorded_at FROM gone
""")
_COVERS = text("""
SELECT 1 FROM scheduler.log_entry WHERE coach_id = :coach AND kind = 'class_covered'
    AND during && tstzrange(:since, :until) LIMIT 1
""")
_LEAVE = text("UPDATE scheduler.coach SET last_day = :last_day WHERE id = :coach RETURNING id")
_COVERED = text("""
SELECT id, coach_id, lower(during) AS starts_at, upper(during) AS ends_at, recorded_at
FROM scheduler.log_entry WHERE coach_id = :coach AND kind = 'class_covered'
ORDER BY recorded_at DESC LIMIT 200
""")


class SqlCoachTime(SqlTakingOff):
    """Implements ports.CoachTime on one open transaction."""

    def __init__(self, connection: Connection, now: datetime, weeks: int) -> None:
        super().__init__(connection)
        self._now = now
        self._weeks = weeks

    def live(
        self, coach_id: UUID, since: datetime, until: datetime | None
    ) -> Sequence[LiveSession]:
        given = {"coach": coach_id, "since": since, "until": until}
        found = [live_session(dict(r)) for r in self._connection.execute(_HERS, given).mappings()]
        return [session for session in found if session.ends_at > self._now]

    def covers(self, coach_id: UUID, since: datetime, until: datetime) -> bool:
        given = {"coach": coach_id, "since": since, "until": until}
        return self._connection.scalar(_COVERS, given) is not None

    def cover(self, entry: ClassCovered) -> bool:
        zone = zone_of(self._connection)
        begins, ends = entry.starts_at.astimezone(zone), entry.ends_at.astimezone(zone)
        exception = new_id()
        off = {
            "id": exception,
            "coach": entry.coach_id,
            "day": begins.date(),
            "starts": begins.time(),
            "ends": ends.time(),
        }
        if self._connection.scalar(_EXCEPT, off) is None:
            return False
        self._connection.execute(
            _LOG,
            {
                "id": entry.id,
                "coach": entry.coach_id,
                "since": entry.starts_at,
                "until": entry.ends_at,
                "now": entry.recorded_at,
                "exception": exception,
            },
        )
        audit.record(self._connection, "coach.covers", entry.coach_id, minutes=entry.minutes)
        self._open_anew(entry.coach_id)
        return True

    def give_back(self, coach_id: UUID, entry_id: UUID) -> ClassCovered | None:
        given = {"id": entry_id, "coach": coach_id}
        row = self._connection.execute(_FORGET, given).mappings().one_or_none()
        if row is None:
            return None
        audit.record(self._connection, "coach.covers_not", coach_id)
        self._open_anew(coach_id)
        return ClassCovered(**row)

    def leave(self, coach_id: UUID, last_day: date | None) -> bool:
        given = {"coach": coach_id, "last_day": last_day}
        if self._connection.scalar(_LEAVE, given) is None:
            return False
        audit.record(self._connection, "coach.leaves", coach_id, last_day=str(last_day))
        self._open_anew(coach_id)
        return True

    def _open_anew(self, coach_id: UUID) -> None:
        zone = zone_of(self._connection)
        weeks = Horizon.of(self._now, self._weeks, zone).weeks
        hours_store.open_anew(self._connection, [coach_id], weeks, zone)


def of_request(
    connection: Connection, coach_id: UUID, request_id: UUID
) -> list[tuple[LiveSession, str]]:
    """What she has or had with this request's teacher, each with its state; nothing is locked."""
    given = {"coach": coach_id, "request": request_id}
    rows = connection.execute(_OF_REQUEST, given).mappings()
    return [(live_session(dict(row)), row["session_state"]) for row in rows]


def covered(connection: Connection, coach_id: UUID) -> list[ClassCovered]:
    """The classes that she covered, newest first."""
    rows = connection.execute(_COVERED, {"coach": coach_id}).mappings()
    return [ClassCovered(**row) for row in rows]
