"""Claiming deliveries: by state, with a lease on the database's clock, never by a last id.

A company is up to 200 unsuspected deliveries of one kind. Deliveries whose lease ran out (their
worker died) are claimed in company once more, among themselves and in eighths: most workers die of
something else, and a whole batch must be taken up within the promise, but another death should hold
up few. A delivery that failed in company, or whose workers died twice, is claimed alone, and its
attempt is committed before the work, so that even a segfault counts.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, TextClause, text

LEASE_SECONDS = 20
MOST_ATTEMPTS = 5

# A dead letter holds back its own aggregate, and nothing else.
_NOT_HELD_BACK = """NOT EXISTS (SELECT FROM bus.delivery dead WHERE dead.state = 'dead'
    AND dead.subscriber = d.subscriber AND dead.aggregate_id = d.aggregate_id)"""
_OPEN = f"""d.subscriber = :subscriber AND d.state IN ('due', 'parked')
    AND d.due_at <= now() AND {_NOT_HELD_BACK}"""
_FRESH = "NOT d.suspect AND d.lease_id IS NULL"
_INTERRUPTED = "NOT d.suspect AND d.lease_until < now()"
_ALONE = "d.suspect AND (d.lease_id IS NULL OR d.lease_until < now())"
_TAKE = f"""
UPDATE bus.delivery d SET lease_id = :lease, lease_until = clock_timestamp() + interval '{LEASE_SECONDS} s'"""
_RETURNING = """
FROM picked JOIN bus.event e ON e.id = picked.event_id
WHERE d.event_id = picked.event_id AND d.subscriber = :subscriber
RETURNING d.event_id, d.name, e.schema_version,
    coalesce(e.body ->> 'data', 'null') AS data, d.attempts, d.put_off_times"""

# Looked for before it is claimed: a drain looks a hundred times for each time it finds something.
_LOOK = text(f"""
SELECT EXISTS (SELECT FROM bus.delivery d WHERE {_OPEN} AND {_FRESH}),
    EXISTS (SELECT FROM bus.delivery d WHERE {_OPEN} AND {_INTERRUPTED}),
    EXISTS (SELECT FROM bus.delivery d WHERE {_OPEN} AND {_ALONE})
""")


def _in_company(which: str, suspect: str) -> TextClause:
    return text(f"""
WITH head AS MATERIALIZED (
    SELECT d.name FROM bus.delivery d WHERE {_OPEN} AND {which} ORDER BY d.due_at LIMIT 1
), picked AS (
    SELECT d.event_id FROM bus.delivery d JOIN head ON head.name = d.name
    WHERE {_OPEN} AND {which} ORDER BY d.due_at
    LIMIT (SELECT CASE WHEN name = ANY (CAST(:singly AS text[])) THEN 1 ELSE :most END FROM head)
    FOR UPDATE OF d SKIP LOCKED
){_TAKE}, suspect = {suspect}{_RETURNING}""")


_CLAIM_FRESH = _in_company(_FRESH, suspect="false")
_CLAIM_INTERRUPTED = _in_company(_INTERRUPTED, suspect="true")

_CLAIM_ALONE = text(f"""
WITH picked AS (
    SELECT d.event_id FROM bus.delivery d WHERE {_OPEN} AND {_ALONE}
    ORDER BY d.due_at LIMIT 1 FOR UPDATE OF d SKIP LOCKED
){_TAKE}, suspect = true, attempts = d.attempts + 1{_RETURNING}""")

_RENEW = text(
    f"UPDATE bus.delivery SET lease_until = clock_timestamp() + interval '{LEASE_SECONDS} s'"
    " WHERE lease_id = :lease AND state IN ('due', 'parked')"
)


class Claim(NamedTuple):
    """One delivery in hand; its fields are those that a claim returns."""

    event_id: UUID
    name: str
    schema_version: int
    data: str
    attempts: int
    put_off_times: int


class Look(NamedTuple):
    """What can be claimed now, and how."""

    fresh: bool
    interrupted: bool
    alone: bool


def look(connection: Connection, subscriber: str) -> Look:
    """Whether there is anything to claim of each sort."""
    return Look._make(connection.execute(_LOOK, {"subscriber": subscriber}).one())


def claim_fresh(
    connection: Connection, subscriber: str, lease: UUID, most: int, singly: Sequence[str] = ()
) -> list[Claim]:
    """Up to `most` fresh deliveries of the kind that is due longest, oldest first; of `singly`, one."""
    params = {"subscriber": subscriber, "lease": lease, "most": most, "singly": list(singly)}
    return _claimed(connection, _CLAIM_FRESH, params)


def claim_interrupted(
    connection: Connection, subscriber: str, lease: UUID, most: int, singly: Sequence[str] = ()
) -> list[Claim]:
    """Up to `most` deliveries of one kind whose workers died once; another death makes them suspect."""
    params = {"subscriber": subscriber, "lease": lease, "most": most, "singly": list(singly)}
    return _claimed(connection, _CLAIM_INTERRUPTED, params)


def _claimed(
    connection: Connection, statement: TextClause, params: Mapping[str, object]
) -> list[Claim]:
    rows = connection.execute(statement, params).all()
    # Ids are time-ordered, so this is the order of arrival, as near as any order is promised.
    return sorted(map(Claim._make, rows), key=lambda claim: claim.event_id.int)


def claim_alone(connection: Connection, subscriber: str, lease: UUID) -> list[Claim]:
    """The one delivery that must be tried by itself, its attempt counted; or none."""
    rows = connection.execute(_CLAIM_ALONE, {"subscriber": subscriber, "lease": lease})
    return [Claim._make(row) for row in rows]


def renew(connection: Connection, lease: UUID) -> None:
    """Keep what is in hand: the work still lives."""
    connection.execute(_RENEW, {"lease": lease})
