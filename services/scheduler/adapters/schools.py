"""The division's schools as rows: the newest that was told of each."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, text

from services.scheduler.domain.schools import KnownSchool
from shared.events import SchoolKept

_KEEP = text("""
INSERT INTO scheduler.school AS kept (id, key, name, version)
VALUES (:id, :key, :name, :version)
ON CONFLICT (id) DO UPDATE SET key = excluded.key, name = excluded.name, version = excluded.version
WHERE kept.version < excluded.version
""")
_EVERY = text("SELECT id, key, name FROM scheduler.school ORDER BY name, id")
_ONE = text("SELECT id, key, name FROM scheduler.school WHERE id = :id")


class SqlSchools:
    """Implements ports.Schools on one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, told: Sequence[SchoolKept]) -> None:
        rows = [
            {
                "id": event.school_id,
                "key": event.key,
                "name": event.school_name,
                "version": event.version,
            }
            for event in sorted(told, key=lambda event: (event.school_id, event.version))
        ]
        self._connection.execute(_KEEP, rows)


def one(connection: Connection, school_id: UUID) -> KnownSchool | None:
    """The school of this id."""
    row = connection.execute(_ONE, {"id": school_id}).mappings().one_or_none()
    return None if row is None else KnownSchool(**row)


def every(connection: Connection) -> list[KnownSchool]:
    """The schools of the division, by name."""
    return [KnownSchool(**row) for row in connection.execute(_EVERY).mappings()]
