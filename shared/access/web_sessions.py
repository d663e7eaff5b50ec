"""Web sessions: a browser's secret, stored as a hash, bound to one actor in one role.

One person with two roles has a session for each that she chose; they never merge. Idle and absolute
limits follow OWASP's Session Management Cheat Sheet. The table stands in `access`, for every service.
"""

import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from shared.access.actors import Actor
from shared.access.tokens import hash_of
from shared.identity import new_id

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=14)

# One statement: a disabled account, a role taken back or an ended session is out at its next request.
# That it was seen is written once a minute at most, so that a page is a read.
_WHO_SITS = text("""
WITH sitting AS (
    SELECT session.id, session.actor_id, session.role, session.seen_at, role.school_id
    FROM access.session
    JOIN access.actor ON actor.id = session.actor_id AND actor.disabled_at IS NULL
    JOIN access.role ON role.actor_id = session.actor_id AND role.role = session.role
    WHERE session.secret_hash = :secret_hash AND session.ended_at IS NULL
        AND session.seen_at > now() - CAST(:idle AS interval)
        AND session.created_at > now() - CAST(:absolute AS interval)
), seen AS (
    UPDATE access.session SET seen_at = now() FROM sitting
    WHERE session.id = sitting.id AND sitting.seen_at < now() - interval '1 minute'
)
SELECT actor_id, role, school_id FROM sitting
""")
_BEGIN = text(
    "INSERT INTO access.session (id, secret_hash, actor_id, role)"
    " SELECT :id, :secret_hash, actor.id, role.role FROM access.actor"
    " JOIN access.role ON role.actor_id = actor.id"
    " WHERE actor.id = :actor_id AND role.role = :role AND actor.disabled_at IS NULL"
)
_END = text(
    "UPDATE access.session SET ended_at = now()"
    " WHERE secret_hash = :secret_hash AND ended_at IS NULL"
)
_FORGET = text(
    "DELETE FROM access.session WHERE ended_at IS NOT NULL"
    " OR seen_at < now() - CAST(:idle AS interval)"
    " OR created_at < now() - CAST(:absolute AS interval)"
)


def begin(connection: Connection, *, actor_id: UUID, role: str) -> str | None:
    """Open a session in one of her roles: its secret, known to her browser alone; None if she may not."""
    secret = secrets.token_urlsafe(32)
    values = {
        "id": new_id(),
        "secret_hash": hash_of(secret),
        "actor_id": actor_id,
        "role": role,
    }
    return secret if connection.execute(_BEGIN, values).rowcount == 1 else None


def sitting(connection: Connection, secret: str) -> Actor | None:
    """Who sits behind this secret now, in the role of the session; None when it is over."""
    values = {"secret_hash": hash_of(secret), "idle": IDLE, "absolute": ABSOLUTE}
    row = connection.execute(_WHO_SITS, values).one_or_none()
    return None if row is None else Actor(id=row.actor_id, role=row.role, school_id=row.school_id)


def end(connection: Connection, secret: str) -> None:
    """End a session at once; harmless when it is over."""
    connection.execute(_END, {"secret_hash": hash_of(secret)})


def forget_ended(connection: Connection) -> int:
    """Delete what is over; answers how many there were."""
    return connection.execute(_FORGET, {"idle": IDLE, "absolute": ABSOLUTE}).rowcount
