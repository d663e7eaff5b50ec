"""The audit: what was done by whom, in ids alone, each entry chained to the one before by its hash.

The database numbers, dates, signs and chains an entry itself, and refuses to change one. What an owner
of the database changes behind its back is found by `first_altered`.
"""

from dataclasses import dataclass
from uuid import UUID

import orjson
from sqlalchemy import Connection, text

Fact = str | int | bool | UUID | None

_RECORD = text(
    "INSERT INTO access.audit_entry (action, subject, facts)"
    " VALUES (:action, :subject, CAST(:facts AS jsonb))"
)
_FIRST_ALTERED = text("""
SELECT number FROM (
    SELECT number, previous, hash, access.audit_hash(entry) AS right_hash,
        lag(hash, 1, ''::bytea) OVER (ORDER BY number) AS hash_before,
        lag(number, 1, 0::bigint) OVER (ORDER BY number) AS number_before
    FROM access.audit_entry AS entry
) AS chained
WHERE hash <> right_hash OR previous <> hash_before OR number <> number_before + 1
ORDER BY number LIMIT 1
""")
_HEAD = text("SELECT number, hash FROM access.audit_entry ORDER BY number DESC LIMIT 1")
_AT = text("SELECT hash FROM access.audit_entry WHERE number = :number")


@dataclass(frozen=True, kw_only=True)
class Head:
    """The newest entry. Kept elsewhere, it shows later that nothing was cut off the end."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


def record(connection: Connection, action: str, subject: UUID | str, **facts: Fact) -> None:
    """Add an entry for the transaction's actor; it is there if and only if the transaction commits."""
    values = {"action": action, "subject": str(subject), "facts": orjson.dumps(facts).decode()}
    connection.execute(_RECORD, values)


def first_altered(connection: Connection) -> int | None:
    """The number of the first entry that is not as it was written, or that follows a gap."""
    number: int | None = connection.scalar(_FIRST_ALTERED)
    return number


def head(connection: Connection) -> Head | None:
    """The newest entry; None before the first."""
    row = connection.execute(_HEAD).one_or_none()
    return None if row is None else Head(number=row.number, hash=bytes(row.hash).hex())


def holds(connection: Connection, known: Head) -> bool:
    """Whether an entry that was the newest once is still there, unchanged."""
    found: bytes | None = connection.scalar(_AT, {"number": known.number})
    return found is not None and bytes(found).hex() == known.hash
