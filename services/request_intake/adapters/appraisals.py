"""Who appraises whom, in PostgreSQL, each word audited; and finding the two by name or address."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from sqlalchemy import Connection, text

from services.request_intake.domain.appraisal import Appraisal, KnownPerson
from shared.access import audit

_PERSON: LiteralString = """
SELECT p.id, p.name, p.email, coalesce(s.name, '') AS school,
    ARRAY(SELECT role FROM access.role WHERE actor_id = p.id) AS roles
FROM request_intake.person p LEFT JOIN request_intake.school s ON s.id = p.school_id
"""
_PEOPLE = text(f"{_PERSON} WHERE p.id = ANY (CAST(:ids AS uuid[]))")
_OF_ADDRESS = text("SELECT id FROM access.actor WHERE email = lower(:email)")
# Every word of it, in any order. A whole address is hers alone, whatever other names hold it.
_FIND = text(f"""
WITH open AS (
    {_PERSON} JOIN access.actor a ON a.id = p.id AND a.disabled_at IS NULL
    WHERE EXISTS (SELECT FROM access.role WHERE actor_id = p.id AND role = :role)
)
SELECT * FROM open
WHERE email = lower(:typed) OR NOT EXISTS (SELECT FROM open WHERE email = lower(:typed))
    AND NOT EXISTS (
        SELECT FROM unnest(string_to_array(lower(:typed), ' ')) AS word
        WHERE strpos(lower(name) || ' ' || email, word) = 0
    )
ORDER BY name, id LIMIT :most
""")
_BEGIN = text("""
INSERT INTO request_intake.appraisal AS kept (coach_id, teacher_id, version, stands, kept_by, kept_at)
VALUES (:coach, :teacher, 1, true, :by, :now)
ON CONFLICT (coach_id, teacher_id) DO UPDATE SET version = kept.version + 1, stands = true,
    kept_by = excluded.kept_by, kept_at = excluded.kept_at
WHERE NOT kept.stands
RETURNING version
""")
_END = text("""
UPDATE request_intake.appraisal SET version = version + 1, stands = false, kept_by = :by, kept_at = :now
WHERE coach_id = :coach AND teacher_id = :teacher AND stands
RETURNING version
""")
_KEPT: LiteralString = """
SELECT kept.coach_id, kept.teacher_id, kept.version, kept.stands, kept.kept_at,
    coalesce(who.name, '') AS by
FROM request_intake.appraisal kept
JOIN request_intake.person coach ON coach.id = kept.coach_id
JOIN request_intake.person teacher ON teacher.id = kept.teacher_id
LEFT JOIN request_intake.person who ON who.id::text = kept.kept_by
"""
_STANDING = text(
    f"{_KEPT} WHERE kept.stands ORDER BY coach.name, coach.id, teacher.name, teacher.id"
)
_ONE = text(f"{_KEPT} WHERE kept.coach_id = :coach AND kept.teacher_id = :teacher")


class SqlAppraisals:
    """Implements ports.Appraisals on one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def people(self, ids: Sequence[UUID]) -> Mapping[UUID, KnownPerson]:
        rows = self._connection.execute(_PEOPLE, {"ids": list(ids)}).mappings()
        return {row["id"]: _person(row) for row in rows}

    def keep(
        self, coach_id: UUID, teacher_id: UUID, *, stands: bool, by: str, now: datetime
    ) -> int | None:
        given = {"coach": coach_id, "teacher": teacher_id, "by": by, "now": now}
        version: int | None = self._connection.scalar(_BEGIN if stands else _END, given)
        if version is not None:
            audit.record(
                self._connection, "appraisal.kept", teacher_id, coach=coach_id, stands=stands
            )
        return version

    def one(self, coach_id: UUID, teacher_id: UUID) -> Appraisal | None:
        found = self._read(_ONE, {"coach": coach_id, "teacher": teacher_id})
        return found[0] if found else None

    def standing(self) -> Sequence[Appraisal]:
        """All that stand, by the names of coach and teacher."""
        return self._read(_STANDING, {})

    def find(self, typed: str, role: str, most: int) -> Sequence[KnownPerson]:
        """Who may sign in with this role and is called so, or has this address."""
        given = {"typed": " ".join(typed.split()), "role": role, "most": most}
        return [_person(row) for row in self._connection.execute(_FIND, given).mappings()]

    def of_address(self, email: str) -> UUID | None:
        """Who has this address."""
        found: UUID | None = self._connection.scalar(_OF_ADDRESS, {"email": email})
        return found

    def _read(self, query: Any, given: dict[str, Any]) -> list[Appraisal]:
        rows = self._connection.execute(query, given).mappings().all()
        people = self.people([row[name] for row in rows for name in ("coach_id", "teacher_id")])
        return [
            Appraisal(
                coach=people[row["coach_id"]],
                teacher=people[row["teacher_id"]],
                version=row["version"],
                stands=row["stands"],
                by=row["by"],
                kept_at=row["kept_at"],
            )
            for row in rows
        ]


def _person(row: Mapping[Any, Any]) -> KnownPerson:
    return KnownPerson(
        id=row["id"],
        name=row["name"],
        email=row["email"],
        school=row["school"],
        roles=frozenset(row["roles"]),
    )
