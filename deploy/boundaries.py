"""Prove every session against the model version that it was made under.

What a version allows is worked out from its published document, independently of the scheduler's own
table and of the foreign keys over it: so a hand in the database, a lost constraint and a wrong rule
all show.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from services.request_intake.adapters import boundaries as published
from services.scheduler.adapters import boundaries as booked
from services.scheduler.adapters.boundaries import MadeSession
from shared.database.engine import make_engine
from shared.database.transaction import transaction
from shared.events.vocabulary import Combination

_MOST_NAMED = 10
Allowed = Mapping[int, AbstractSet[Combination]]


@dataclass
class Proof:
    """How many sessions were looked at, of how many versions, and what is outside, a line each."""

    sessions: int = 0
    versions: int = 0
    outside: int = 0
    named: list[str] = field(default_factory=list)

    def add(self, fault: str) -> None:
        """Count a fault; the first ten are named."""
        self.outside += 1
        if len(self.named) < _MOST_NAMED:
            self.named.append(fault)


def prove(database_url: str) -> Proof:
    """Look at every session there is; each service's rows are read in its own role."""
    proof = Proof()
    intake = make_engine(database_url, role="remit_request_intake", pool_size=1)
    scheduler = make_engine(database_url, role="remit_scheduler", pool_size=1)
    try:
        # The scheduler's first: a version that is published meanwhile is then no fault.
        with transaction(scheduler, "system:scheduler") as connection:
            known, unsealed = booked.combinations(connection), booked.unsealed(connection)
            with transaction(intake, "system:request_intake") as other:
                allowed = published.combinations(other)
            proof.versions = len(allowed)
            for fault in (*_of_versions(allowed, known), *_of_unsealed(unsealed)):
                proof.add(fault)
            for session in booked.sessions(connection):
                proof.sessions += 1
                for fault in _of_session(session, allowed):
                    proof.add(f"session {session.id}: {fault}")
    finally:
        intake.dispose()
        scheduler.dispose()
    return proof


def _of_versions(allowed: Allowed, known: Allowed) -> Iterator[str]:
    for version in sorted(known):
        if more := len(known[version] - allowed.get(version, set())):
            yield f"version {version}: the scheduler allows {more} that its document does not"
        if less := len(allowed.get(version, set()) - known[version]):
            yield f"version {version}: the scheduler lacks {less} that its document allows"


def _of_unsealed(versions: list[int]) -> Iterator[str]:
    for version in versions:
        yield f"version {version}: is not sealed and could still be added to"


def _of_session(session: MadeSession, allowed: Allowed) -> Iterator[str]:
    if session.model_version not in allowed:
        yield f"its model version {session.model_version} was never published"
    elif session.combination not in allowed[session.model_version]:
        yield f"is outside of version {session.model_version}"
    if not session.as_asked:
        yield "is not what its request asked"
    if not session.offered:
        yield "is to come, and its coach does not offer it"
