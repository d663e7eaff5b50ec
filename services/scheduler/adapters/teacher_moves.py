"""Teachers who moved to another school, as rows: what they wait for, and where they meet from now on."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from services.scheduler.adapters.held_store import (
    SqlHeldTimes,
    SqlTakingOff,
    live_session,
    query_of,
)
from services.scheduler.adapters.request_store import to_request
from services.scheduler.domain.release import LiveSession
from services.scheduler.domain.request import Request
from services.scheduler.ports import HeldTime
from shared.access import audit
from shared.events import PersonMoved

_REMEMBER = text("""
INSERT INTO scheduler.teacher_move AS kept (teacher_id, version) VALUES (:teacher, :version)
ON CONFLICT (teacher_id) DO UPDATE SET version = excluded.version
WHERE kept.version < excluded.version
RETURNING teacher_id
""")
_LIVE = query_of("""
WHERE s.teacher_id = CAST(:teacher AS uuid) AND s.live_coach_type IS NOT NULL
    AND s.held_until IS NULL AND s.starts_at > :now
ORDER BY r.id, s.starts_at FOR UPDATE OF r, s
""")
# What she was offered, if anything: whether it is held still is looked at when it is read.
_OFFERED = text("""
SELECT DISTINCT s.offer_id FROM scheduler.session s
WHERE s.teacher_id = CAST(:teacher AS uuid) AND s.live_coach_type IS NOT NULL
    AND s.starts_at > :now
ORDER BY s.offer_id
""")
_FOLLOW = text("""
UPDATE scheduler.request SET school_id = :school, school_name = :name, room = :room
WHERE teacher_id = :teacher AND state IN ('waiting', 'scheduled')
""")
_WAITING = text("""
SELECT r.* FROM scheduler.request r
WHERE r.teacher_id = :teacher AND r.state = 'waiting'
ORDER BY NOT r.ahead, r.turn_at, r.id FOR UPDATE
""")
_STAY = text("""
WITH stood AS (
    UPDATE scheduler.session SET school_id = :school, coach_type = :coach_type,
        place_kind = :place_kind, place_address = :place_address, sequence = sequence + 1
    WHERE id = :id RETURNING request_id, sequence
), cycle AS (
    UPDATE scheduler.cycle SET place_kind = :place_kind, place_address = :place_address
    WHERE request_id IN (SELECT request_id FROM stood)
)
UPDATE scheduler.request r SET version = version + 1 FROM stood
WHERE r.id = stood.request_id RETURNING r.version, stood.sequence
""")


class SqlTeacherMoves(SqlTakingOff):
    """Implements ports.TeacherMoves on one open transaction."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        super().__init__(connection)
        self._now = now

    def newest(self, moves: Sequence[PersonMoved]) -> Sequence[PersonMoved]:
        found = {}
        for move in sorted(moves, key=lambda move: move.version):
            given = {"teacher": move.person_id, "version": move.version}
            if self._connection.scalar(_REMEMBER, given) is not None:
                found[move.person_id] = move
        return list(found.values())

    def live(self, teacher_id: UUID) -> Sequence[LiveSession]:
        given = {"teacher": teacher_id, "now": self._now}
        return [
            live_session(dict(row)) for row in self._connection.execute(_LIVE, given).mappings()
        ]

    def offers(self, teacher_id: UUID) -> Sequence[HeldTime]:
        held = SqlHeldTimes(self._connection, self._now)
        ids = self._connection.scalars(_OFFERED, {"teacher": teacher_id, "now": self._now}).all()
        return [found for id_ in ids if id_ and (found := held.one(id_)) is not None]

    def follow(self, move: PersonMoved) -> None:
        given = {"school": move.school.id, "name": move.school.name, "room": move.room}
        self._connection.execute(_FOLLOW, {"teacher": move.person_id, **given})
        audit.record(self._connection, "teacher.moved", move.person_id)

    def waiting(self, teacher_id: UUID) -> Sequence[Request]:
        rows = self._connection.execute(_WAITING, {"teacher": teacher_id}).mappings()
        return [to_request(dict(row)) for row in rows]

    def stay(self, session: LiveSession) -> LiveSession:
        given = {
            "id": session.id,
            "school": session.request.school.id,
            "coach_type": session.coach_type,
            "place_kind": session.place.kind,
            "place_address": session.place.address,
        }
        row = self._connection.execute(_STAY, given).one()
        request = replace(session.request, version=row.version)
        return replace(session, request=request, sequence=row.sequence)
