"""Who is here: people as askers, schools, and the bearer of an API token, each in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from services.request_intake.domain.request import Asker
from shared.access.tokens import WHO_BEARS
from shared.database.statements import Statements
from shared.events.vocabulary import Person, School

_PERSON = """
    person.id, person.name, person.email, person.language, person.room, person.school_id,
    school.name AS school_name
"""
# Straight to the driver: one of them runs before or within every request. A person comes as her id
# and her role, which is NULL for her first one.
ASKER_OF_TOKEN = f"""
SELECT {_PERSON}, actor.role
FROM ({WHO_BEARS.replace(":secret_hash", "$1")}) AS actor
JOIN request_intake.person ON person.id = actor.id
LEFT JOIN request_intake.school ON school.id = person.school_id
"""
ASKER = f"""
SELECT {_PERSON}, role.role
FROM request_intake.person
JOIN access.actor ON actor.id = person.id AND actor.disabled_at IS NULL
JOIN access.role ON role.actor_id = person.id
    AND role.role = coalesce(($1::text[])[2], person.role)
LEFT JOIN request_intake.school ON school.id = person.school_id
WHERE person.id = ($1::text[])[1]::uuid
"""
# One of each school first, so that a handful shows different schools.
_PERSONAS = text(f"""
SELECT {_PERSON}, person.role
FROM request_intake.person
LEFT JOIN request_intake.school ON school.id = person.school_id
WHERE person.role = :role
ORDER BY row_number() OVER (PARTITION BY person.school_id ORDER BY person.id), person.id
LIMIT :most
""")
_VERSIONS = text("""
SELECT version, published_at, effective_from, in_force_at, coalesce(person.name, '') AS by, reason
FROM request_intake.model_version
LEFT JOIN request_intake.person ON person.id::text = published_by
ORDER BY version DESC
""")
_SCHOOLS = text("SELECT id, key, name FROM request_intake.school ORDER BY name, id")


@dataclass(frozen=True, kw_only=True)
class ListedSchool:
    """A school with the key that an ask names it by."""

    id: UUID
    key: str
    name: str


@dataclass(frozen=True, kw_only=True)
class ListedVersion:
    """A published version of the coaching model, as a list shows it. `by` is empty for Remit itself."""

    version: int
    published_at: datetime
    effective_from: date
    in_force_at: datetime
    by: str
    reason: str


def versions(connection: Connection) -> Sequence[ListedVersion]:
    """Every published version, the newest first."""
    return [ListedVersion(**row) for row in connection.execute(_VERSIONS).mappings()]


def asker_of_token(statements: Statements, secret_hash: bytes) -> Asker | None:
    """Who asks with the token of this hash; None when it is not, or no longer, good."""
    row = statements.run(ASKER_OF_TOKEN, [secret_hash])
    return None if row is None else to_asker(row)


def asker(statements: Statements, person_id: UUID, role: str | None = None) -> Asker | None:
    """The person as an asker, in this role of hers or her first one.

    None when she is unknown, has no such role, or her account is disabled.
    """
    row = statements.run(ASKER, [[str(person_id), role]])
    return None if row is None else to_asker(row)


def people(connection: Connection, role: str, most: int) -> Sequence[Asker]:
    """Some people of a role, always the same ones."""
    return [to_asker(row) for row in connection.execute(_PERSONAS, {"role": role, "most": most})]


def schools(connection: Connection) -> Sequence[ListedSchool]:
    """Every school of the division, by name."""
    rows = connection.execute(_SCHOOLS)
    return [ListedSchool(id=row.id, key=row.key, name=row.name) for row in rows]


def to_asker(row: Sequence[Any]) -> Asker:
    """The asker in a row of `ASKER`."""
    id_, name, email, language, room, school_id, school_name, role = row
    person = Person(id=id_, name=name, email=email, language=language)
    school = School(id=school_id, name=school_name) if school_id else None
    return Asker(person=person, role=role, school=school, room=room)
