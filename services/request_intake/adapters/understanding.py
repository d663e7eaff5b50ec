"""Who has her copy of the model, and what was news to how many, in PostgreSQL."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, text

_HAS = text(
    "SELECT EXISTS (SELECT FROM request_intake.own_copy"
    " WHERE person_id = :person AND model_version = :version)"
)
_HAD = text(
    "INSERT INTO request_intake.own_copy (person_id, model_version, way)"
    " VALUES (:person, :version, :way) ON CONFLICT DO NOTHING"
)
_TAP = text(
    "INSERT INTO request_intake.clause_tap (person_id, model_version, coach_type, clause)"
    " VALUES (:person, :version, :coach_type, :clause) ON CONFLICT DO NOTHING"
)
_TAPPED = text(
    "SELECT clause FROM request_intake.clause_tap"
    " WHERE person_id = :person AND model_version = :version AND coach_type = :coach_type"
)
# A sentence that stands unchanged keeps its count from version to version.
_NEWS = text(
    "SELECT clause, count(DISTINCT person_id) AS people FROM request_intake.clause_tap"
    " WHERE coach_type = :coach_type GROUP BY clause"
)
_REACHED = text("""
SELECT count(*) AS teachers, count(had.person_id) AS reached
FROM request_intake.person
JOIN access.actor ON actor.id = person.id AND actor.disabled_at IS NULL
LEFT JOIN (SELECT DISTINCT person_id FROM request_intake.own_copy WHERE model_version = :version)
    AS had ON had.person_id = person.id
WHERE person.role = 'teacher'
""")


@dataclass(frozen=True, kw_only=True)
class Reached:
    """How many of the division's teachers have their copy of a version."""

    teachers: int
    reached: int


def has_copy(connection: Connection, person: UUID, version: int) -> bool:
    """Whether she has her copy of this version, on a page or as a document."""
    return bool(connection.scalar(_HAS, {"person": person, "version": version}))


def note_copy(connection: Connection, person: UUID, version: int, way: str) -> None:
    """Remember that she got it; the first time counts. `way` is page or pdf."""
    connection.execute(_HAD, {"person": person, "version": version, "way": way})


def tap(
    connection: Connection, person: UUID, *, version: int, coach_type: str, clause: str
) -> None:
    """Remember that a clause was news to her; once."""
    values = {"person": person, "version": version, "coach_type": coach_type, "clause": clause}
    connection.execute(_TAP, values)


def tapped(
    connection: Connection, person: UUID, *, version: int, coach_type: str
) -> frozenset[str]:
    """The clauses that were news to her."""
    values = {"person": person, "version": version, "coach_type": coach_type}
    return frozenset(connection.scalars(_TAPPED, values))


def news(connection: Connection, coach_type: str) -> Mapping[str, int]:
    """To how many people each clause of a coach type was news."""
    rows = connection.execute(_NEWS, {"coach_type": coach_type})
    return {row.clause: row.people for row in rows}


def reached(connection: Connection, version: int) -> Reached:
    """How many teachers have their copy of this version, of how many."""
    return Reached(**connection.execute(_REACHED, {"version": version}).mappings().one())
