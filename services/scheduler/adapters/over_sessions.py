"""Sessions whose time has come, as rows: what is still open, and how each is closed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from services.scheduler.adapters.held_store import live_session, query_of
from services.scheduler.domain.completing import Closing
from services.scheduler.domain.release import LiveSession
from shared.access import audit

_ONE = query_of("""
WHERE s.id = CAST(:id AS uuid) AND s.live_coach_type IS NOT NULL AND s.held_until IS NULL
    AND s.starts_at <= :now FOR UPDATE OF r, s
""")
_CLOSED_BEFORE = text("""
SELECT request_id FROM scheduler.session
WHERE id = :id AND state IN ('completed', 'missed') AND :person IN (coach_id, teacher_id)
""")
# By coach and start, as everywhere: nothing looks for sessions by time alone.
_OF_COACHES = """
JOIN unnest(CAST(:coaches AS uuid[])) AS p (id) ON s.coach_id = p.id
WHERE s.live_coach_type IS NOT NULL AND s.held_until IS NULL AND s.starts_at > :since
    AND s.starts_at < CAST(:until AS timestamptz) AND upper(s.during) <= :until
ORDER BY s.starts_at LIMIT :most
"""
_LEFT_OPEN = query_of(_OF_COACHES)
_COACHES = text("SELECT id FROM scheduler.coach ORDER BY id")
_LOCK = text("""
SELECT r.id FROM scheduler.request r WHERE r.id = ANY (CAST(:ids AS uuid[])) ORDER BY r.id FOR UPDATE
""")
_COMPLETE = text("""
UPDATE scheduler.session SET state = 'completed', kind_of_work = :kind, turned_out = :turned_out,
    closed_at = :now, closed_by = CAST(:by AS uuid)
WHERE id = ANY (CAST(:ids AS uuid[])) AND live_coach_type IS NOT NULL AND held_until IS NULL
""")
_FINISH = text("""
UPDATE scheduler.request SET state = 'completed', version = version + 1 WHERE id = :id
RETURNING version
""")
_MISS = text("""
UPDATE scheduler.session SET state = 'missed', closed_at = :now, closed_by = :by
WHERE id = :id AND live_coach_type IS NOT NULL AND held_until IS NULL
""")
_WAITS = text("""
UPDATE scheduler.request SET state = 'waiting', ahead = true, missed = missed + 1,
    version = version + 1
WHERE id = :id RETURNING version, missed
""")
# How far back a session may lie and still be closed by hand.
_FARTHEST = timedelta(days=60)


class SqlOverSessions:
    """Implements ports.OverSessions on one open transaction."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def one(self, session_id: UUID) -> LiveSession | None:
        given = {"id": session_id, "now": self._now}
        row = self._connection.execute(_ONE, given).mappings().one_or_none()
        return None if row is None else live_session(dict(row))

    def closed_before(self, session_id: UUID, person_id: UUID) -> UUID | None:
        given = {"id": session_id, "person": person_id}
        found: UUID | None = self._connection.scalar(_CLOSED_BEFORE, given)
        return found

    def left_open(self, before: datetime, most: int) -> Sequence[LiveSession]:
        coaches = list(self._connection.scalars(_COACHES))
        found = self._open(coaches, before, most)
        self._connection.execute(_LOCK, {"ids": [session.request.id for session in found]})
        return self._open(coaches, before, most)

    def of_coach(self, coach_id: UUID, most: int) -> Sequence[LiveSession]:
        """What this coach has not closed yet, oldest first; nothing is locked."""
        return self._open([coach_id], self._now, most)

    def complete(
        self, sessions: Sequence[LiveSession], closing: Closing | None, *, by: UUID | None
    ) -> None:
        if not sessions:
            return
        given = {
            "ids": sorted(session.id for session in sessions),
            "kind": closing.kind.value if closing else None,
            "turned_out": closing.turned_out if closing else None,
            "now": self._now,
            "by": by,
        }
        self._connection.execute(_COMPLETE, given)

    def finish(self, request_id: UUID) -> int:
        return int(self._connection.scalar(_FINISH, {"id": request_id}) or 0)

    def miss(self, session: LiveSession, *, by: UUID, waits: bool) -> LiveSession:
        self._connection.execute(_MISS, {"id": session.id, "now": self._now, "by": by})
        audit.record(self._connection, "session.missed", session.id)
        if not waits:
            return session
        row = self._connection.execute(_WAITS, {"id": session.request.id}).one()
        request = replace(session.request, version=row.version, missed=row.missed, ahead=True)
        return replace(session, request=request)

    def _open(self, coaches: Sequence[UUID], before: datetime, most: int) -> list[LiveSession]:
        given = {
            "coaches": list(coaches),
            "since": before - _FARTHEST,
            "until": before,
            "most": most,
        }
        rows = self._connection.execute(_LEFT_OPEN, given).mappings()
        return [live_session(dict(row)) for row in rows]
