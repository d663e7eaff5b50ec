"""Declared closures as rows, each change audited."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from services.scheduler.domain.closing import Declaration
from shared.access import audit

_CLOSE = text("""
INSERT INTO scheduler.closure AS kept (school_id, day, kind, shifts, declaration_id)
SELECT t.school_id, :day, 'closed', t.shifts, :id FROM scheduler.school_time t
WHERE t.school_id = ANY (CAST(:schools AS uuid[])) ORDER BY t.school_id
ON CONFLICT (school_id, day) DO UPDATE SET kind = excluded.kind, shifts = excluded.shifts,
    declaration_id = excluded.declaration_id, withdrawn_at = NULL
WHERE kept.withdrawn_at IS NOT NULL
RETURNING school_id
""")
# A school's row first: who changes its year holds that, and then writes closures.
_KEEP_STILL = text("""
SELECT FROM scheduler.school_time WHERE school_id = ANY (CAST(:schools AS uuid[]))
    OR school_id IN (SELECT school_id FROM scheduler.closure WHERE declaration_id = :id)
ORDER BY school_id FOR NO KEY UPDATE
""")
_NEW_VERSION = text("""
UPDATE scheduler.school_time SET version = version + 1
WHERE school_id = ANY (CAST(:schools AS uuid[])) RETURNING school_id, version
""")
_DECLARE = text("""
INSERT INTO scheduler.declaration (id, day, declared_at, declared_by, reason, schools)
VALUES (:id, :day, :declared_at, :declared_by, :reason, :schools)
""")
_WITHDRAW = text("""
UPDATE scheduler.declaration SET withdrawn_at = :now, schools_done = 0
WHERE id = :id AND withdrawn_at IS NULL RETURNING id
""")
_OPEN = text("""
UPDATE scheduler.closure SET withdrawn_at = :now
WHERE declaration_id = :id AND withdrawn_at IS NULL RETURNING school_id
""")
_NEWEST = text("SELECT * FROM scheduler.declaration ORDER BY declared_at DESC LIMIT 50")
_ONE = text("SELECT * FROM scheduler.declaration WHERE id = :id")


class SqlDeclarations:
    """Implements ports.Declarations on one open transaction."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def declare(self, declaration: Declaration, school_ids: Collection[UUID]) -> Mapping[UUID, int]:
        given = {"day": declaration.day, "id": declaration.id, "schools": list(school_ids)}
        self._connection.execute(_KEEP_STILL, given)
        closed = list(self._connection.scalars(_CLOSE, given))
        if not closed:
            return {}
        self._connection.execute(
            _DECLARE,
            {
                "id": declaration.id,
                "day": declaration.day,
                "declared_at": declaration.declared_at,
                "declared_by": declaration.declared_by,
                "reason": declaration.reason,
                "schools": len(closed),
            },
        )
        audit.record(self._connection, "schools.closed", declaration.id, schools=len(closed))
        return self._versions(closed)

    def withdraw(self, declaration_id: UUID) -> Mapping[UUID, int] | None:
        given = {"id": declaration_id, "now": self._now}
        self._connection.execute(_KEEP_STILL, {"id": declaration_id, "schools": []})
        if self._connection.scalar(_WITHDRAW, given) is None:
            return None
        opened = list(self._connection.scalars(_OPEN, given))
        audit.record(self._connection, "schools.opened", declaration_id, schools=len(opened))
        return self._versions(opened)

    def _versions(self, school_ids: list[UUID]) -> dict[UUID, int]:
        rows = self._connection.execute(_NEW_VERSION, {"schools": sorted(school_ids)})
        return {row.school_id: row.version for row in rows}


def one(connection: Connection, declaration_id: UUID) -> Declaration | None:
    """The declaration of this id."""
    row = connection.execute(_ONE, {"id": declaration_id}).mappings().one_or_none()
    return None if row is None else _declaration(dict(row))


def newest(connection: Connection) -> list[Declaration]:
    """The newest declarations, newest first."""
    return [_declaration(dict(row)) for row in connection.execute(_NEWEST).mappings()]


def _declaration(row: dict[str, Any]) -> Declaration:
    return Declaration(**row)
