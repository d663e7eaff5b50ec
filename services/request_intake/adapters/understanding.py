"""Who has her copy of the model, and what was news to how many, in PostgreSQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from shared.access import audit
from shared.events.vocabulary import Person

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
SELECT count(*) AS teachers, count(had.person_id) AS reached,
    count(*) FILTER (WHERE had.mailed) AS mailed,
    EXISTS (SELECT FROM request_intake.copy_round WHERE model_version = :version) AS sent
FROM request_intake.person
JOIN access.actor ON actor.id = person.id AND actor.disabled_at IS NULL
LEFT JOIN (SELECT person_id, bool_or(way = 'mail') AS mailed FROM request_intake.own_copy
    WHERE model_version = :version GROUP BY person_id) AS had ON had.person_id = person.id
WHERE person.role = 'teacher'
""")


# Who is to have a copy by mail and has none: everybody, once an admin has sent this version; and who
# never had one, once any was sent, for she is new here.
_SEND = text("""
WITH due AS (
    SELECT person.id, person.name, person.email, person.language FROM request_intake.person
    JOIN access.actor ON actor.id = person.id AND actor.disabled_at IS NULL
    WHERE person.role = 'teacher' AND EXISTS (SELECT FROM request_intake.copy_round)
        AND NOT EXISTS (SELECT FROM request_intake.own_copy WHERE person_id = person.id AND way = 'mail'
            AND (model_version = :version OR NOT EXISTS
                (SELECT FROM request_intake.copy_round WHERE model_version = :version)))
    ORDER BY person.id LIMIT :most
), noted AS (
    INSERT INTO request_intake.own_copy (person_id, model_version, way)
    SELECT id, :version, 'mail' FROM due ON CONFLICT DO NOTHING RETURNING person_id
)
SELECT due.* FROM due JOIN noted ON noted.person_id = due.id
""")
_BEGIN = text(
    "INSERT INTO request_intake.copy_round (model_version, begun_by, begun_at)"
    " VALUES (:version, :by, :now) ON CONFLICT DO NOTHING RETURNING model_version"
)


@dataclass(frozen=True, kw_only=True)
class Reached:
    """How many of the division's teachers have their copy of a version, and how many by mail.

    `sent`: an admin has begun to send it to everybody.
    """

    teachers: int
    reached: int
    mailed: int
    sent: bool


def has_copy(connection: Connection, person: UUID, version: int) -> bool:
    """Whether she has her copy of this version, on a page or as a document."""
    return bool(connection.scalar(_HAS, {"person": person, "version": version}))


def note_copy(connection: Connection, person: UUID, version: int, way: str) -> None:
    """Remember that she got it; the first time counts. `way` is page, pdf or mail."""
    connection.execute(_HAD, {"person": person, "version": version, "way": way})


def begin_sending(connection: Connection, version: int, by: UUID, now: datetime) -> None:
    """Send everybody her copy of this version from now on; harmless when it was begun."""
    values = {"version": version, "by": by, "now": now}
    if connection.execute(_BEGIN, values).one_or_none() is not None:
        audit.record(connection, "model.copies_sent", str(version))


def copies_to_send(connection: Connection, version: int, most: int) -> Sequence[Person]:
    """Some of those who are to be sent theirs; each is noted, so that she is not found again."""
    rows = connection.execute(_SEND, {"version": version, "most": most}).mappings()
    return [Person(**row) for row in rows]


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
