"""API tokens: shown once, stored as a hash, bound to one actor in one role, refused when disabled."""

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from shared.access import audit
from shared.access.actors import Actor
from shared.database.statements import Statements, numbered
from shared.identity import new_id

PREFIX = "remit_"

# One statement, so that a disabled account or a revoked token is out at its very next request.
WHO_BEARS = """
SELECT actor.id, token.role, role.school_id
FROM access.token
JOIN access.actor ON actor.id = token.actor_id AND actor.disabled_at IS NULL
JOIN access.role ON role.actor_id = token.actor_id AND role.role = token.role
WHERE token.secret_hash = :secret_hash AND token.revoked_at IS NULL AND token.expires_at > now()
"""
_WHO_BEARS = text(WHO_BEARS)
_WHO_BEARS_NUMBERED = numbered(WHO_BEARS, "secret_hash")


def hash_of(token: str) -> bytes:
    """What is stored of a token. The secret has 256 random bits, so one fast hash is enough."""
    return hashlib.sha256(token.encode()).digest()


def actor_of(connection: Connection, token: str) -> Actor | None:
    """Who bears this token, or None when it is unknown, revoked, expired or its actor disabled."""
    row = connection.execute(_WHO_BEARS, {"secret_hash": hash_of(token)}).one_or_none()
    return None if row is None else Actor(id=row.id, role=row.role, school_id=row.school_id)


def actor_by(statements: Statements, token: str) -> Actor | None:
    """The same by a statement straight to the driver."""
    row = statements.run(_WHO_BEARS_NUMBERED, [hash_of(token)])
    return None if row is None else Actor(id=row[0], role=row[1], school_id=row[2])


def issue(
    connection: Connection, *, actor_id: UUID, role: str, expires_at: datetime, label: str = ""
) -> str:
    """Store a new token for an actor in one of her roles; its text is returned here and never again."""
    token, token_id = PREFIX + secrets.token_urlsafe(32), new_id()
    connection.execute(
        text(
            "INSERT INTO access.token (id, secret_hash, actor_id, role, label, expires_at)"
            " VALUES (:id, :secret_hash, :actor_id, :role, :label, :expires_at)"
        ),
        {
            "id": token_id,
            "secret_hash": hash_of(token),
            "actor_id": actor_id,
            "role": role,
            "label": label,
            "expires_at": expires_at,
        },
    )
    audit.record(connection, "token.issued", token_id, actor_id=actor_id, role=role)
    return token


def revoke(connection: Connection, token_id: UUID, now: datetime) -> bool:
    """End a token at once; False when there is no such living token."""
    result = connection.execute(
        text("UPDATE access.token SET revoked_at = :now WHERE id = :id AND revoked_at IS NULL"),
        {"id": token_id, "now": now},
    )
    if result.rowcount == 1:
        audit.record(connection, "token.revoked", token_id)
    return result.rowcount == 1
