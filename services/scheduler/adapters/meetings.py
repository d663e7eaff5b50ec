"""Scheduled sessions, one at a time: read under their request's lock, moved if nobody was faster."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from services.scheduler.adapters.held_store import live_session, query_of
from services.scheduler.domain.release import LiveSession
from shared.access import audit

_ONE = query_of("""
WHERE s.id = CAST(:id AS uuid) AND s.live_coach_type IS NOT NULL AND s.held_until IS NULL
    AND s.starts_at > :now FOR UPDATE OF r, s
""")
_MOVE = text("""
UPDATE scheduler.session SET during = tstzrange(:starts_at, :ends_at), sequence = sequence + 1
WHERE id = :id AND live_coach_type IS NOT NULL AND held_until IS NULL AND sequence = :sequence
RETURNING sequence
""")
_NEXT_VERSION = text("""
UPDATE scheduler.request SET version = version + 1 WHERE id = :id RETURNING version
""")


class SqlMeetings:
    """Implements ports.Meetings on one open transaction."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def one(self, session_id: UUID) -> LiveSession | None:
        given = {"id": session_id, "now": self._now}
        row = self._connection.execute(_ONE, given).mappings().one_or_none()
        return None if row is None else live_session(dict(row))

    def move(
        self, session: LiveSession, starts_at: datetime, ends_at: datetime
    ) -> LiveSession | None:
        given = {
            "id": session.id,
            "sequence": session.sequence,
            "starts_at": starts_at,
            "ends_at": ends_at,
        }
        savepoint = self._connection.begin_nested()
        try:
            sequence = self._connection.scalar(_MOVE, given)
        except IntegrityError:  # an exclusion, or a ceiling: somebody was there in between
            savepoint.rollback()
            return None
        if sequence is None:
            savepoint.rollback()
            return None
        savepoint.commit()
        version = self._connection.scalar(_NEXT_VERSION, {"id": session.request.id})
        audit.record(self._connection, "session.moved", session.id, sequence=sequence)
        return replace(
            session,
            sequence=sequence,
            starts_at=starts_at,
            ends_at=ends_at,
            request=replace(session.request, version=int(version or 0)),
        )
