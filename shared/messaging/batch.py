"""The deliveries of one lease, through to their settling: done, again, parked, suspect, dead."""

import logging
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from shared.database.transaction import transaction
from shared.events import Event
from shared.events.outcome import Outcome
from shared.messaging.blame import place, reason
from shared.messaging.claims import MOST_ATTEMPTS, Claim
from shared.messaging.envelope import UnknownEventError, unseal
from shared.messaging.settling import LeaseLostError, Settling

log = logging.getLogger(__name__)

Handling = Callable[[Connection, Sequence[Event]], Sequence[Outcome] | None]

# Deadlock and serialization failure (PostgreSQL, appendix A): nothing was wrong with the work.
_TRY_AGAIN = frozenset({"40P01", "40001"})
# Somebody held a lock for longer than we wait: no failure of the work, and no sooner done alone.
_LOCKED_OUT = "55P03"


class WorkerDiedError(Exception):
    """The last attempt never came to an end: whoever made it was killed by it, or at it."""


@dataclass
class DrainReport:
    """What one drain did."""

    handled: int = 0
    again: int = 0
    parked: int = 0
    failed: int = 0
    chores: int = 0

    @property
    def busy(self) -> int:
        """How much moved: while this grows, there may be more."""
        return self.handled + self.again + self.failed + self.chores


class Handles(Protocol):
    """Whose deliveries they are, and what handles each kind."""

    engine: Engine
    subscriber: str
    actor: str
    handlings: Mapping[type[Event], Handling]


class Batch:
    """The deliveries of one lease, through to their settling."""

    def __init__(
        self, drain: Handles, lease: UUID, by: str, report: DrainReport, *, alone: bool
    ) -> None:
        self._drain = drain
        self._lease = lease
        self._by = by
        self._report = report
        self._alone = alone

    def handle(self, claimed: Sequence[Claim]) -> None:
        """Take effect whole; on failure decide what becomes of each."""
        if self._alone and claimed[0].attempts > MOST_ATTEMPTS:
            self._failed(claimed, WorkerDiedError())
            return
        try:
            self._take_effect(claimed)
        except LeaseLostError:
            self._note("delivery.lease_lost", claimed)
        except UnknownEventError:
            self._park(claimed)
        except DBAPIError as error:
            if error.connection_invalidated:
                raise  # no database, no verdict: the lease runs out and the work is taken up again
            self._refused(claimed, error)
        except Exception as error:  # noqa: BLE001  -- a handler may fail in any way; the bus must not
            self._failed(claimed, error)

    def _take_effect(self, claimed: Sequence[Claim]) -> None:
        started = time.monotonic()
        events = [unseal(claim.name, claim.schema_version, claim.data) for claim in claimed]
        with transaction(self._drain.engine, self._drain.actor) as connection:
            outcomes = self._drain.handlings[type(events[0])](connection, events)
            sorted_ = _by_outcome(claimed, outcomes)
            settling = self._settling(connection)
            settling.done(sorted_[Outcome.DONE])
            settling.again(sorted_[Outcome.AGAIN])
            settling.park(sorted_[Outcome.PARK])
        self._report.handled += len(sorted_[Outcome.DONE])
        self._report.again += len(sorted_[Outcome.AGAIN])
        self._report.parked += len(sorted_[Outcome.PARK])
        milliseconds = round((time.monotonic() - started) * 1000)
        self._note("batch.handled", claimed, milliseconds=milliseconds)

    def _park(self, claimed: Sequence[Claim]) -> None:
        with transaction(self._drain.engine, self._drain.actor) as connection:
            self._settling(connection).park(_ids(claimed))
        self._report.parked += len(claimed)
        self._note("delivery.parked_unknown", claimed)

    def _refused(self, claimed: Sequence[Claim], error: DBAPIError) -> None:
        sqlstate = getattr(error.orig, "sqlstate", None)
        if sqlstate in _TRY_AGAIN:
            self._try_again(claimed)
        elif sqlstate == _LOCKED_OUT:
            self._put_off(claimed)
            self._note("batch.locked_out", claimed, level=logging.WARNING)
        else:
            self._failed(claimed, error)

    def _try_again(self, claimed: Sequence[Claim]) -> None:
        time.sleep(random.uniform(0.001, 0.02))  # noqa: S311  -- jitter, so that two do not meet again
        if len(claimed) > 1:
            middle = len(claimed) // 2
            self.handle(claimed[:middle])
            self.handle(claimed[middle:])
            return
        self._put_off(claimed)

    def _put_off(self, claimed: Sequence[Claim]) -> None:
        with transaction(self._drain.engine, self._drain.actor) as connection:
            self._settling(connection).again(_ids(claimed))
        self._report.again += len(claimed)

    def _failed(self, claimed: Sequence[Claim], error: Exception) -> None:
        self._report.failed += len(claimed)
        dead = False
        with transaction(self._drain.engine, self._drain.actor) as connection:
            if self._alone:
                why = reason(error)
                claim = claimed[0]
                dead = self._settling(connection).failed_alone(claim.event_id, claim.attempts, why)
            else:
                self._settling(connection).suspect(_ids(claimed))
        name = "delivery.dead" if dead else "delivery.failed" if self._alone else "batch.suspect"
        level = logging.ERROR if dead else logging.WARNING
        self._note(name, claimed, level=level, error=reason(error), place=place(error))

    def _settling(self, connection: Connection) -> Settling:
        return Settling(connection, self._drain.subscriber, self._lease, self._by)

    def _note(
        self, event: str, claimed: Sequence[Claim], *, level: int = logging.INFO, **more: object
    ) -> None:
        fields = {"subscriber": self._drain.subscriber, "kind": claimed[0].name, "by": self._by}
        only = {"event_id": claimed[0].event_id} if len(claimed) == 1 else {}
        log.log(level, event, extra={**fields, "deliveries": len(claimed), **only, **more})


def _ids(claimed: Sequence[Claim]) -> list[UUID]:
    return [claim.event_id for claim in claimed]


def _by_outcome(
    claimed: Sequence[Claim], outcomes: Sequence[Outcome] | None
) -> dict[Outcome, list[UUID]]:
    sorted_: dict[Outcome, list[UUID]] = {outcome: [] for outcome in Outcome}
    if outcomes is None:
        sorted_[Outcome.DONE] = _ids(claimed)
        return sorted_
    for claim, outcome in zip(claimed, outcomes, strict=True):
        sorted_[outcome].append(claim.event_id)
    return sorted_
