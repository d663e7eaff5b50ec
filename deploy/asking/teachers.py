"""Who asks: a teacher of the division, a different one each time, with a token of a few minutes.

Reads and writes under intake's own role, as `remit token` does.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from uuid import UUID

from sqlalchemy import Connection, text

from shared.access import tokens
from shared.clock import utc_now
from shared.database.engine import make_engine
from shared.database.transaction import transaction

_TOKEN_LIVES = timedelta(minutes=15)
_LEAST_ALIKE = 0.7

_PEOPLE = """
SELECT person.id, person.name, person.role, coalesce(school.name, '') AS school
FROM request_intake.person
JOIN access.actor ON actor.id = person.id AND actor.disabled_at IS NULL
LEFT JOIN request_intake.school ON school.id = person.school_id
"""
# Whoever asked longest ago, or never. The order among those is fixed, and mixes the schools.
_NEXT = text(f"""{_PEOPLE}
LEFT JOIN LATERAL (
    SELECT submitted_at FROM request_intake.request
    WHERE teacher_id = person.id ORDER BY submitted_at DESC LIMIT 1
) last ON true
WHERE person.role = 'teacher' AND (:school = '' OR school.key = :school)
ORDER BY last.submitted_at NULLS FIRST, md5(person.id::text)
LIMIT 1
""")
_OF_ADDRESS = text(f"{_PEOPLE} WHERE person.email = lower(:email)")
_ADDRESSES = text("SELECT email FROM request_intake.person ORDER BY email")


class NobodyAsks(Exception):  # noqa: N818  -- reads as what it says
    """There is no such teacher. The text is a sentence for the person who asked."""


@dataclass(frozen=True, kw_only=True)
class Teacher:
    """Who asks."""

    id: UUID
    name: str
    role: str
    school: str


@contextmanager
def intake_connection(database_url: str) -> Iterator[Connection]:
    """One transaction as intake itself."""
    engine = make_engine(database_url, role="remit_request_intake", kind="web", pool_size=1)
    try:
        with transaction(engine, "system:request_intake") as connection:
            yield connection
    finally:
        engine.dispose()


def next_teacher(connection: Connection, school: str = "") -> Teacher:
    """The teacher whose turn it is, of this school (by key) or of any."""
    row = connection.execute(_NEXT, {"school": school}).one_or_none()
    if row is None:
        raise NobodyAsks("Nobody teaches here yet. Load the demo division: remit demo")
    return Teacher(**row._mapping)  # noqa: SLF001  -- SQLAlchemy's documented name


def teacher_of(connection: Connection, email: str) -> Teacher:
    """The person of this address; NobodyAsks with near ones otherwise."""
    row = connection.execute(_OF_ADDRESS, {"email": email}).one_or_none()
    if row is not None:
        return Teacher(**row._mapping)  # noqa: SLF001
    known = list(connection.scalars(_ADDRESSES))
    close = get_close_matches(email.lower(), known, n=4, cutoff=_LEAST_ALIKE)
    hint = f" Near it: {', '.join(close)}" if close else ""
    raise NobodyAsks(f"Nobody here has the address {email!r}.{hint}")


def token_for(connection: Connection, teacher: Teacher) -> str:
    """A token in her own role, good for a quarter of an hour."""
    return tokens.issue(
        connection,
        actor_id=teacher.id,
        role=teacher.role,
        expires_at=utc_now() + _TOKEN_LIVES,
        label="remit ask",
    )
