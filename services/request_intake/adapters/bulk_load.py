"""Bring in schools and people by the thousand, with COPY: a demo division, later a roster.

Idempotent by id: whoever is here already is brought up to date. The caller owns the transaction.
A school that is new or renamed is told to the other services.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from psycopg import sql
from sqlalchemy import Connection

from shared.events import SchoolKept
from shared.messaging.append import append


@dataclass(frozen=True, kw_only=True)
class SchoolRow:
    id: UUID
    key: str
    name: str


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    """`role` is teacher, coach, leader or admin; people of the division's office have no school."""

    id: UUID
    name: str
    email: str
    role: str
    school_id: UUID | None
    room: str = ""
    language: str = "en"


@dataclass(frozen=True, kw_only=True)
class _Target:
    table: str
    columns: tuple[str, ...]
    conflict: LiteralString


_TWIN = sql.SQL(
    "CREATE TEMPORARY TABLE incoming ON COMMIT DROP AS SELECT {columns} FROM {table} WITH NO DATA"
)
_FILL = sql.SQL("COPY incoming ({columns}) FROM STDIN")
_MERGE = sql.SQL(
    "INSERT INTO {table} ({columns}) SELECT {columns} FROM incoming ON CONFLICT {conflict}"
)

_SCHOOL = _Target(
    table="request_intake.school",
    columns=("id", "key", "name"),
    conflict="""(id) DO UPDATE SET key = excluded.key, name = excluded.name,
            version = school.version + 1
        WHERE (school.key, school.name) IS DISTINCT FROM (excluded.key, excluded.name)
        RETURNING id, key, name, version""",
)
_PERSON = _Target(
    table="request_intake.person",
    columns=("id", "name", "email", "language", "role", "school_id", "room"),
    conflict="""(id) DO UPDATE SET name = excluded.name, email = excluded.email,
        language = excluded.language, role = excluded.role, school_id = excluded.school_id,
        room = excluded.room""",
)
_ACTOR = _Target(
    table="access.actor",
    columns=("id", "name", "email"),
    conflict="(id) DO UPDATE SET name = excluded.name, email = excluded.email",
)
_ROLE = _Target(
    table="access.role",
    columns=("actor_id", "role", "school_id"),
    conflict="(actor_id, role) DO UPDATE SET school_id = excluded.school_id",
)


def load_schools(connection: Connection, rows: Sequence[SchoolRow], now: datetime) -> int:
    """Add or renew these schools; answers how many there were."""
    changed = _copy(connection, _SCHOOL, ((row.id, row.key, row.name) for row in rows))
    told = [
        SchoolKept(version=version, school_id=id_, key=key, school_name=name)
        for id_, key, name, version in changed
    ]
    append(connection, told, now)
    return len(rows)


def load_people(connection: Connection, rows: Sequence[PersonRow]) -> int:
    """Add or renew these people, with their account and its role; answers how many there were."""
    _copy(
        connection,
        _PERSON,
        ((r.id, r.name, r.email.lower(), r.language, r.role, r.school_id, r.room) for r in rows),
    )
    _copy(connection, _ACTOR, ((row.id, row.name, row.email.lower()) for row in rows))
    _copy(connection, _ROLE, ((row.id, row.role, row.school_id) for row in rows))
    return len(rows)


def _copy(
    connection: Connection, target: _Target, rows: Iterable[tuple[Any, ...]]
) -> list[tuple[Any, ...]]:
    """COPY into a temporary twin, then merge: COPY itself knows no ON CONFLICT.

    The rows that the target returns of what it added or changed.
    """
    names = {
        "table": sql.Identifier(*target.table.split(".")),
        "columns": sql.SQL(", ").join(map(sql.Identifier, target.columns)),
        "conflict": sql.SQL(target.conflict),
    }
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor:
        cursor.execute(_TWIN.format(**names))
        with cursor.copy(_FILL.format(**names)) as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(_MERGE.format(**names))
        merged = cursor.fetchall() if cursor.description else []
        cursor.execute("DROP TABLE incoming")
    return list(merged)
