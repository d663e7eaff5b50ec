"""Pulses in PostgreSQL: who has answered, and numbers by school and by statement; no answer of anybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, text

from services.request_intake.domain.pulse import FEWEST_SHOWN, Answered, Pulse, SchoolScore, shown
from shared.access import audit

_COLUMNS = "id, name, model_version, opened_at, closes_on, closed_at"
_OPEN = text(f"SELECT {_COLUMNS} FROM request_intake.pulse WHERE closed_at IS NULL")
_PAST = text(
    f"SELECT {_COLUMNS} FROM request_intake.pulse ORDER BY opened_at DESC, id DESC LIMIT :most"
)
_BEGIN = text("""
INSERT INTO request_intake.pulse (id, name, model_version, opened_by, opened_at, closes_on)
VALUES (:id, :name, :model_version, :by, :opened_at, :closes_on)
ON CONFLICT DO NOTHING RETURNING id
""")
_EXISTS = text("SELECT EXISTS (SELECT FROM request_intake.pulse WHERE id = :id)")
_CLOSE = text(
    "UPDATE request_intake.pulse SET closed_at = :now WHERE id = :id AND closed_at IS NULL"
)
_HAS_ANSWERED = text(
    "SELECT EXISTS (SELECT FROM request_intake.pulse_answered"
    " WHERE pulse_id = :pulse AND person_id = :person)"
)
_ANSWERED = text(
    "INSERT INTO request_intake.pulse_answered (pulse_id, person_id) VALUES (:pulse, :person)"
    " ON CONFLICT DO NOTHING RETURNING person_id"
)
_OF_SCHOOL = text("""
INSERT INTO request_intake.pulse_school AS p (pulse_id, school_id, people, asked, "right")
VALUES (:pulse, :school, 1, :asked, :right)
ON CONFLICT (pulse_id, school_id) DO UPDATE SET people = p.people + 1,
    asked = p.asked + excluded.asked, "right" = p."right" + excluded."right"
""")
_OF_STATEMENT = text("""
INSERT INTO request_intake.pulse_statement AS p (pulse_id, statement, is_coaching, asked, "right")
VALUES (:pulse, :statement, :is_coaching, 1, :right)
ON CONFLICT (pulse_id, statement) DO UPDATE SET asked = p.asked + 1,
    "right" = p."right" + excluded."right"
""")
_SCHOOLS = text("""
SELECT school.name AS school, people, asked, "right"
FROM request_intake.pulse_school JOIN request_intake.school ON school.id = school_id
WHERE pulse_id = :pulse
""")
_LEAST_KNOWN = text("""
SELECT statement, is_coaching, asked, "right" FROM request_intake.pulse_statement
WHERE pulse_id = :pulse AND asked >= :fewest
ORDER BY "right"::float / asked, asked DESC, statement LIMIT :most
""")
_MOST_STATEMENTS = 10


@dataclass(frozen=True, kw_only=True)
class Known:
    """How well a statement is known: right answers of all."""

    statement: str
    is_coaching: bool
    asked: int
    right: int


@dataclass(frozen=True, kw_only=True)
class Results:
    """A pulse so far. `share` of all answers is None while too few people answered."""

    pulse: Pulse
    people: int
    share: float | None
    schools: Sequence[SchoolScore]
    least_known: Sequence[Known]


def current(connection: Connection) -> Pulse | None:
    """The pulse that is open."""
    row = connection.execute(_OPEN).mappings().one_or_none()
    return None if row is None else _to_pulse(row)


def begin(connection: Connection, pulse: Pulse, by: UUID) -> bool:
    """Open it; False when one is open already."""
    values = {**vars(pulse), "by": by}
    begun = connection.execute(_BEGIN, values).one_or_none() is not None
    if begun:
        audit.record(connection, "pulse.opened", pulse.id, model_version=pulse.model_version)
    return begun


def exists(connection: Connection, pulse_id: UUID) -> bool:
    """Whether there is or was such a pulse."""
    return bool(connection.scalar(_EXISTS, {"id": pulse_id}))


def close(connection: Connection, pulse_id: UUID, now: datetime) -> None:
    """Close it; harmless when it is closed."""
    if connection.execute(_CLOSE, {"id": pulse_id, "now": now}).rowcount:
        audit.record(connection, "pulse.closed", pulse_id)


def has_answered(connection: Connection, pulse_id: UUID, person: UUID) -> bool:
    """Whether she answered it."""
    return bool(connection.scalar(_HAS_ANSWERED, {"pulse": pulse_id, "person": person}))


def answer(
    connection: Connection,
    pulse_id: UUID,
    person: UUID,
    school: UUID | None,
    answers: Sequence[Answered],
) -> bool:
    """Add her answers to the numbers; False when she answered before, and nothing is added."""
    who = {"pulse": pulse_id, "person": person}
    if connection.execute(_ANSWERED, who).one_or_none() is None:
        return False
    right = sum(one.is_right for one in answers)
    if school is not None:
        numbers = {"pulse": pulse_id, "school": school, "asked": len(answers), "right": right}
        connection.execute(_OF_SCHOOL, numbers)
    # In one order, so that two who answer at once do not wait for each other crosswise.
    for one in sorted(answers, key=lambda one: one.statement.text):
        values = {
            "pulse": pulse_id,
            "statement": one.statement.text,
            "is_coaching": one.statement.is_coaching,
            "right": int(one.is_right),
        }
        connection.execute(_OF_STATEMENT, values)
    return True


def results(connection: Connection, most: int) -> Sequence[Results]:
    """The newest pulses and what they found."""
    rows = connection.execute(_PAST, {"most": most}).mappings().all()
    return [_results(connection, _to_pulse(row)) for row in rows]


def _results(connection: Connection, pulse: Pulse) -> Results:
    which = {"pulse": pulse.id}
    schools = [SchoolScore(**row) for row in connection.execute(_SCHOOLS, which).mappings()]
    limits = {"fewest": FEWEST_SHOWN, "most": _MOST_STATEMENTS}
    known = connection.execute(_LEAST_KNOWN, {**which, **limits}).mappings()
    people, asked = (sum(getattr(one, name) for one in schools) for name in ("people", "asked"))
    return Results(
        pulse=pulse,
        people=people,
        share=sum(one.right for one in schools) / asked if people >= FEWEST_SHOWN else None,
        schools=shown(schools),
        least_known=[Known(**row) for row in known],
    )


def _to_pulse(row: RowMapping | dict[str, Any]) -> Pulse:
    return Pulse(**row)
