"""What coaches ask of teachers, as rows: that a colleague goes on; and the sessions that it is about."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from services.scheduler.adapters.held_store import live_session, query_of
from services.scheduler.domain.handing_over import HandOver, Why
from services.scheduler.domain.release import LiveSession
from shared.access import audit
from shared.events.vocabulary import Person
from shared.identity import new_id

_SESSIONS = query_of("""
WHERE s.request_id = CAST(:id AS uuid) AND s.state <> 'cancelled'
    AND s.live_coach_type IS NOT NULL AND s.held_until IS NULL AND s.starts_at > :now
ORDER BY s.starts_at FOR UPDATE OF r, s
""")
_ASKED = text("""
SELECT h.id, h.request_id, h.number, h.why, h.asked_at,
    c.id AS coach_id, c.name AS coach_name, c.email AS coach_email, c.language AS coach_language,
    t.id AS to_id, t.name AS to_name, t.email AS to_email, t.language AS to_language
FROM scheduler.hand_over h
JOIN scheduler.coach c ON c.id = h.coach_id
JOIN scheduler.coach t ON t.id = h.to_coach_id
WHERE h.request_id = CAST(:id AS uuid) AND h.state = 'asked'
""")
_ASK = text("""
INSERT INTO scheduler.hand_over
    (id, request_id, number, coach_id, to_coach_id, why, state, asked_at)
SELECT :id, :request, 1 + count(*), :coach, :to, :why, 'asked', :now
FROM scheduler.hand_over WHERE request_id = :request
""")
_ANSWER = text("""
UPDATE scheduler.hand_over SET state = :state, answered_at = :now WHERE id = :id AND state = 'asked'
""")


class SqlHandOvers:
    """Implements ports.HandOvers on one open transaction."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def sessions(self, request_id: UUID) -> Sequence[LiveSession]:
        rows = self._connection.execute(_SESSIONS, {"id": request_id, "now": self._now})
        return [live_session(dict(row)) for row in rows.mappings()]

    def asked(self, request_id: UUID) -> HandOver | None:
        row = self._connection.execute(_ASKED, {"id": request_id}).mappings().one_or_none()
        if row is None:
            return None
        return HandOver(
            **{name: row[name] for name in ("id", "request_id", "number", "asked_at")},
            coach=_person(dict(row), "coach"),
            to=_person(dict(row), "to"),
            why=Why(row["why"]),
        )

    def ask(self, request_id: UUID, coach_id: UUID, to_coach_id: UUID, why: Why) -> HandOver:
        given = {
            "id": new_id(),
            "request": request_id,
            "coach": coach_id,
            "to": to_coach_id,
            "why": why.value,
            "now": self._now,
        }
        self._connection.execute(_ASK, given)
        audit.record(self._connection, "hand_over.asked", request_id)
        found = self.asked(request_id)
        if found is None:
            raise LookupError("what was asked just now is not there")
        return found

    def answer(self, hand_over: HandOver, state: str) -> None:
        given = {"id": hand_over.id, "state": state, "now": self._now}
        self._connection.execute(_ANSWER, given)
        audit.record(self._connection, f"hand_over.{state}", hand_over.request_id)


def _person(row: dict[str, Any], part: str) -> Person:
    return Person(**{name: row[f"{part}_{name}"] for name in ("id", "name", "email", "language")})
