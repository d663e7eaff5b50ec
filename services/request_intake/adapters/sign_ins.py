"""Who signs in: identities of providers linked to accounts, and attempts with a code by mail."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, text

from services.request_intake.domain.sign_in import (
    CODE_LIVES,
    MOST_FROM_A_NETWORK,
    MOST_IN_ALL,
    MOST_TO_AN_ADDRESS,
    MOST_TRIES,
    Identity,
    Refused,
)
from shared.access import audit
from shared.access.tokens import hash_of
from shared.events.vocabulary import Person

_LINKED = text("""
SELECT identity.actor_id, actor.disabled_at IS NULL AS is_open
FROM access.identity JOIN access.actor ON actor.id = identity.actor_id
WHERE identity.issuer = :issuer AND identity.subject = :subject
""")
_BY_ADDRESS = text("""
SELECT person.id, person.name, person.email, person.language
FROM access.actor JOIN request_intake.person ON person.id = actor.id
WHERE actor.email = :email AND actor.disabled_at IS NULL
    AND EXISTS (SELECT FROM access.role WHERE role.actor_id = actor.id)
""")
_LINK = text("""
INSERT INTO access.identity (issuer, subject, actor_id) VALUES (:issuer, :subject, :actor_id)
ON CONFLICT DO NOTHING RETURNING actor_id
""")
_ROLES = text("SELECT role FROM access.role WHERE actor_id = :actor_id")
_SPENT = text("DELETE FROM access.sign_in_attempt WHERE asked_at < now() - interval '1 hour'")
_ASKED = text("""
SELECT count(*) AS whole, count(*) FILTER (WHERE network_hash = :network) AS from_network,
    count(*) FILTER (WHERE address_hash = :address) AS to_address
FROM access.sign_in_attempt WHERE asked_at > now() - CAST(:lives AS interval)
""")
_BEGIN = text("""
INSERT INTO access.sign_in_attempt (id, browser_hash, address_hash, network_hash, actor_id)
VALUES (:id, :browser, :address, :network, :actor_id)
""")
_TRY = text("""
UPDATE access.sign_in_attempt SET tries = tries + 1
WHERE browser_hash = :browser AND used_at IS NULL AND tries < :most
    AND asked_at > now() - CAST(:lives AS interval)
RETURNING id, actor_id
""")
_USE = text("UPDATE access.sign_in_attempt SET used_at = now() WHERE id = :id")


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """An attempt that may still be tried. `actor_id` is None when nobody has the address."""

    id: UUID
    actor_id: UUID | None


def account_of(connection: Connection, identity: Identity) -> UUID | Refused:
    """Whose account this identity opens: the one linked to it, else the one of its address.

    Only issuer and subject say who she is; an address may change hands, so it links once, and an
    account that is linked already is never opened by another subject (OpenID Connect Core, 5.7).
    """
    who = {"issuer": identity.issuer, "subject": identity.subject}
    if linked := connection.execute(_LINKED, who).one_or_none():
        return linked.actor_id if linked.is_open else Refused("closed")
    person = person_at(connection, identity.email)
    if person is None:
        return Refused("unknown")
    if connection.execute(_LINK, {**who, "actor_id": person.id}).one_or_none() is None:
        return Refused("another")
    audit.record(connection, "identity.linked", person.id)
    return person.id


def person_at(connection: Connection, email: str) -> Person | None:
    """Who has this address and an open account with a role."""
    row = connection.execute(_BY_ADDRESS, {"email": email.strip().lower()}).one_or_none()
    if row is None:
        return None
    return Person(id=row.id, name=row.name, email=row.email, language=row.language)


def roles_of(connection: Connection, actor_id: UUID) -> frozenset[str]:
    """Every role of an account."""
    return frozenset(connection.execute(_ROLES, {"actor_id": actor_id}).scalars())


def begin_attempt(
    connection: Connection, attempt_id: UUID, *, browser: str, email: str, network: str
) -> Person | None:
    """Begin an attempt bound to this browser; who is to be sent its code, or None.

    Raises TooManyAttemptsError when a network, or everybody, asks too often. Addresses are kept as
    hashes, and for an hour.
    """
    connection.execute(_SPENT)
    address, network_hash = hash_of(email.strip().lower()), hash_of(network)
    hashes = {"address": address, "network": network_hash}
    asked = connection.execute(_ASKED, {**hashes, "lives": CODE_LIVES}).one()
    if asked.from_network >= MOST_FROM_A_NETWORK or asked.whole >= MOST_IN_ALL:
        raise TooManyAttemptsError
    person = person_at(connection, email) if asked.to_address < MOST_TO_AN_ADDRESS else None
    values = {"id": attempt_id, "browser": hash_of(browser), **hashes}
    connection.execute(_BEGIN, {**values, "actor_id": person.id if person else None})
    return person


def try_attempt(connection: Connection, browser: str) -> Attempt | None:
    """Count a try of this browser's attempt; None when it is over or was never begun."""
    values = {"browser": hash_of(browser), "most": MOST_TRIES, "lives": CODE_LIVES}
    row = connection.execute(_TRY, values).one_or_none()
    return None if row is None else Attempt(id=row.id, actor_id=row.actor_id)


def use_attempt(connection: Connection, attempt_id: UUID) -> None:
    """It was good, and is good no more."""
    connection.execute(_USE, {"id": attempt_id})


class TooManyAttemptsError(Exception):
    """Codes were asked for too often of late."""
