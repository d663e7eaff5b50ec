"""Teachers' timetables as rows: "label/period" pairs of her school."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

import orjson
from sqlalchemy import Connection, text

from services.scheduler.domain.school_time import Timetable
from services.scheduler.domain.timetabling import KnownTimetable
from shared.access import audit

_OF = text("""
SELECT teacher_id, school_id, teaches, prepares FROM scheduler.timetable
WHERE teacher_id = ANY (CAST(:teachers AS uuid[]))
""")
_SAVE = text("""
INSERT INTO scheduler.timetable AS kept (teacher_id, school_id, teaches, prepares)
SELECT teacher_id, school_id, teaches, prepares FROM jsonb_to_recordset(CAST(:rows AS jsonb))
    AS t (teacher_id uuid, school_id uuid, teaches text[], prepares text[])
ORDER BY 1, 2
ON CONFLICT (teacher_id, school_id) DO UPDATE SET version = kept.version + 1,
    teaches = excluded.teaches, prepares = excluded.prepares
RETURNING teacher_id, school_id, version
""")
_ONE = text("""
SELECT version, teaches, prepares FROM scheduler.timetable
WHERE teacher_id = :teacher_id AND school_id = :school_id
""")
_FIRST = text("""
INSERT INTO scheduler.timetable (teacher_id, school_id, teaches, prepares)
VALUES (:teacher_id, :school_id, :teaches, :prepares)
ON CONFLICT (teacher_id, school_id) DO NOTHING RETURNING version
""")
_NEXT = text("""
UPDATE scheduler.timetable SET version = version + 1, teaches = :teaches, prepares = :prepares
WHERE teacher_id = :teacher_id AND school_id = :school_id AND version = :seen RETURNING version
""")
_SCHOOL_OF = text("""
SELECT school_id FROM access.role WHERE actor_id = :teacher_id AND role = 'teacher'
""")


def of(connection: Connection, teacher_ids: Collection[UUID]) -> dict[tuple[UUID, UUID], Timetable]:
    """The timetables of these teachers, by teacher and school."""
    return {
        (row.teacher_id, row.school_id): Timetable(
            teaches=_pairs(row.teaches), prepares=_pairs(row.prepares)
        )
        for row in connection.execute(_OF, {"teachers": list(teacher_ids)})
    }


def school_of(connection: Connection, teacher_id: UUID) -> tuple[UUID | None] | None:
    """A teacher's school, if she has one; None when nobody of this id teaches."""
    row = connection.execute(_SCHOOL_OF, {"teacher_id": teacher_id}).one_or_none()
    return None if row is None else (row.school_id,)


def one(connection: Connection, teacher_id: UUID, school_id: UUID) -> KnownTimetable:
    """Her timetable at this school, as far as it is known."""
    given = {"teacher_id": teacher_id, "school_id": school_id}
    row = connection.execute(_ONE, given).one_or_none()
    if row is None:
        return KnownTimetable()
    timetable = Timetable(teaches=_pairs(row.teaches), prepares=_pairs(row.prepares))
    return KnownTimetable(timetable=timetable, version=row.version)


class SqlTimetables:
    """Implements ports.Timetables on one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(self, given: Mapping[tuple[UUID, UUID], Timetable]) -> Mapping[tuple[UUID, UUID], int]:
        rows = [
            {"teacher_id": teacher_id, "school_id": school_id, **_row(timetable)}
            for (teacher_id, school_id), timetable in given.items()
        ]
        saved = self._connection.execute(_SAVE, {"rows": orjson.dumps(rows).decode()})
        return {(row.teacher_id, row.school_id): row.version for row in saved}

    def one(self, teacher_id: UUID, school_id: UUID) -> KnownTimetable:
        return one(self._connection, teacher_id, school_id)

    def swap(
        self, teacher_id: UUID, school_id: UUID, timetable: Timetable, seen: int
    ) -> int | None:
        given = {"teacher_id": teacher_id, "school_id": school_id, **_row(timetable)}
        if seen:
            version = self._connection.scalar(_NEXT, given | {"seen": seen})
        else:
            version = self._connection.scalar(_FIRST, given)
        if version is None:
            return None
        audit.record(
            self._connection, "timetable.kept", teacher_id, school_id=school_id, version=version
        )
        return int(version)


def _row(timetable: Timetable) -> dict[str, list[str]]:
    return {
        "teaches": _written(timetable.teaches),
        "prepares": _written(timetable.prepares),
    }


def _pairs(stored: Sequence[str]) -> frozenset[tuple[str, str]]:
    return frozenset((label, period) for label, _, period in (one.partition("/") for one in stored))


def _written(pairs: frozenset[tuple[str, str]]) -> list[str]:
    return [f"{label}/{period}" for label, period in sorted(pairs)]
