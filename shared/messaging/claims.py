"""Claiming deliveries: by state, with a lease on the database's clock, never by a last id.

A company is up to 200 unsuspected deliveries of one kind. A delivery whose lease ran out (its
worker died) or that failed in company is claimed alone, and its attempt is committed before the
work, so that even a segfault counts.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

LEASE_SECONDS = 20
MOST_ATTEMPTS = 5

# A dead letter holds back its own aggregate, and nothing else.
_NOT_HELD_BACK = """NOT EXISTS (SELECT FROM bus.delivery dead WHERE dead.state = 'dead'
    AND dead.subscriber = d.subscriber AND dead.aggregate_id = d.aggregate_id)"""
_OPEN = f"""d.subscriber = :subscriber AND d.state IN ('due', 'parked')
    AND d.due_at <= now() AND {_NOT_HELD_BACK}"""
_FRESH = "d.lease_id IS NULL AND NOT d.suspect"
_ALONE = "(d.lease_until < now() OR (d.suspect AND d.lease_id IS NULL))"
_TAKE = f"""
UPDATE bus.delivery d SET lease_id = :lease, lease_until = clock_timestamp() + interval '{LEASE_SECONDS} s'"""
_RETURNING = """
FROM picked JOIN bus.event e ON e.id = picked.event_id
WHERE d.event_id = picked.event_id AND d.subscriber = :subscriber
RETURNING d.event_id, d.name, e.schema_version, e.body, d.attempts, d.parked_times"""

_CLAIM_COMPANY = text(f"""
WITH head AS (
    SELECT d.name FROM bus.delivery d WHERE {_OPEN} AND {_FRESH} ORDER BY d.due_at LIMIT 1
), picked AS (
    SELECT d.event_id FROM bus.delivery d JOIN head ON head.name = d.name
    WHERE {_OPEN} AND {_FRESH} ORDER BY d.due_at LIMIT :most FOR UPDATE OF d SKIP LOCKED
){_TAKE}{_RETURNING}""")

_CLAIM_ALONE = text(f"""
WITH picked AS (
    SELECT d.event_id FROM bus.delivery d WHERE {_OPEN} AND {_ALONE}
    ORDER BY d.due_at LIMIT 1 FOR UPDATE OF d SKIP LOCKED
){_TAKE}, suspect = true, attempts = d.attempts + 1{_RETURNING}""")

_RENEW = text(
    f"UPDATE bus.delivery SET lease_until = clock_timestamp() + interval '{LEASE_SECONDS} s'"
    " WHERE lease_id = :lease AND state IN ('due', 'parked')"
)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One delivery in hand."""

    event_id: UUID
    name: str
    schema_version: int
    body: dict[str, Any]
    attempts: int
    parked_times: int


def claim_company(connection: Connection, subscriber: str, lease: UUID, most: int) -> list[Claim]:
    """Up to `most` fresh deliveries of the kind that is due longest, oldest first."""
    params = {"subscriber": subscriber, "lease": lease, "most": most}
    rows = connection.execute(_CLAIM_COMPANY, params).mappings()
    # Ids are time-ordered, so this is the order of arrival, as near as any order is promised.
    return sorted((Claim(**row) for row in rows), key=lambda claim: claim.event_id)


def claim_alone(connection: Connection, subscriber: str, lease: UUID) -> list[Claim]:
    """The one delivery that must be tried by itself, its attempt counted; or none."""
    rows = connection.execute(_CLAIM_ALONE, {"subscriber": subscriber, "lease": lease}).mappings()
    return [Claim(**row) for row in rows]


def renew(connection: Connection, lease: UUID) -> None:
    """Keep what is in hand: the work still lives."""
    connection.execute(_RENEW, {"lease": lease})
