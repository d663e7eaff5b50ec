"""Somebody moves to another school, and what she asked for and is still open goes with her."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from shared.access import audit
from shared.events import PersonMoved
from shared.events.vocabulary import School
from shared.messaging.append import append

_MOVE = text("""
UPDATE request_intake.person p SET school_id = s.id, room = :room, moves = moves + 1
FROM request_intake.school s
WHERE p.id = :person AND s.key = :school AND (p.school_id, p.room) IS DISTINCT FROM (s.id, :room)
RETURNING p.moves, s.id AS school_id, s.name AS school_name
""")
# Who leads one school and teaches at another does so still.
_ROLES = text("""
UPDATE access.role SET school_id = :school WHERE actor_id = :person AND role IN ('teacher', 'coach')
""")
_OPEN_REQUESTS = text("""
UPDATE request_intake.request SET school_id = :school, room = :room
WHERE teacher_id = :person AND state IN ('under_review', 'waiting', 'scheduled')
""")


def move_person(
    connection: Connection, person_id: UUID, school_key: str, room: str, now: datetime
) -> bool:
    """Let her be at this school from now on; False when she was, in this room. It is told."""
    given = {"person": person_id, "school": school_key, "room": room}
    row = connection.execute(_MOVE, given).one_or_none()
    if row is None:
        return False
    there = {"person": person_id, "school": row.school_id, "room": room}
    connection.execute(_ROLES, there)
    connection.execute(_OPEN_REQUESTS, there)
    audit.record(connection, "person.moved", person_id)
    moved = PersonMoved(
        version=row.moves,
        person_id=person_id,
        moved_at=now,
        school=School(id=row.school_id, name=row.school_name),
        room=room,
    )
    append(connection, [moved], now)
    return True
