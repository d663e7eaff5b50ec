"""Scheduled sessions, one at a time: read under their request's lock, moved if nobody was faster."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from services.scheduler.adapters.explanation import Decided, record
from services.scheduler.adapters.held_store import live_session, query_of
from services.scheduler.domain.moving import Destination
from services.scheduler.domain.release import LiveSession
from shared.access import audit
from shared.events.vocabulary import Reason

_ONE = query_of("""
WHERE s.id = CAST(:id AS uuid) AND s.live_coach_type IS NOT NULL AND s.held_until IS NULL
    AND s.starts_at > :now FOR UPDATE OF r, s
""")
_ASKED_FOR_BY = text("""
SELECT CASE WHEN teacher_id = :teacher THEN request_id END FROM scheduler.session
WHERE id = CAST(:id AS uuid)
""")
_MOVE = text("""
UPDATE scheduler.session SET during = tstzrange(:starts_at, :ends_at), sequence = sequence + 1,
    coach_id = :coach, coach_type = :coach_type, place_kind = :place_kind,
    place_address = :place_address
WHERE id = :id AND live_coach_type IS NOT NULL AND held_until IS NULL AND sequence = :sequence
RETURNING sequence
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

    def request_of(self, teacher_id: UUID, session_id: UUID) -> UUID | None:
        given = {"id": session_id, "teacher": teacher_id}
        found: UUID | None = self._connection.scalar(_ASKED_FOR_BY, given)
        return found

    def move(
        self, session: LiveSession, to: Destination, reasons: Sequence[Reason]
    ) -> LiveSession | None:
        savepoint = self._connection.begin_nested()
        try:
            sequence = self._connection.scalar(_MOVE, _given(session, to))
        except IntegrityError:  # an exclusion, or a ceiling: somebody was there in between
            savepoint.rollback()
            return None
        if sequence is None:
            savepoint.rollback()
            return None
        savepoint.commit()
        decided = Decided(
            request_id=session.request.id,
            session_id=session.id,
            coach_id=to.coach.id,
            reasons=reasons,
            candidates=to.match.candidates,
            weights=to.weights,
        )
        version = record(self._connection, decided, self._now)
        audit.record(self._connection, "session.moved", session.id, sequence=sequence)
        return replace(
            session,
            sequence=sequence,
            coach=to.coach,
            coach_type=to.coach_type,
            place=to.place,
            starts_at=to.starts_at,
            ends_at=to.ends_at,
            request=replace(session.request, version=version),
        )


def _given(session: LiveSession, to: Destination) -> dict[str, Any]:
    return {
        "id": session.id,
        "sequence": session.sequence,
        "starts_at": to.starts_at,
        "ends_at": to.ends_at,
        "coach": to.coach.id,
        "coach_type": to.coach_type,
        "place_kind": to.place.kind,
        "place_address": to.place.address,
    }
