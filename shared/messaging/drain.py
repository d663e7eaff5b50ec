"""Handle what is due for one service, in batches, until nothing is due or the time is up.

One batch of one kind is one transaction: its claims marked done, the new state and the events that
follow, all or nothing. What fails in company is tried alone; only five failures alone set it aside.
"""

import logging
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from shared.clock import Clock, utc_now
from shared.database.transaction import transaction
from shared.events import Event
from shared.events.outcome import Outcome
from shared.identity import new_id
from shared.messaging import claims as claiming
from shared.messaging.blame import place, reason
from shared.messaging.claims import MOST_ATTEMPTS, Claim
from shared.messaging.envelope import UnknownEventError, unseal
from shared.messaging.lease import LeaseKeeper
from shared.messaging.retention import forget_settled
from shared.messaging.settling import LeaseLostError, Settling
from shared.messaging.timers import Timers, TimerWork

log = logging.getLogger(__name__)

Handling = Callable[[Connection, Sequence[Event]], Sequence[Outcome] | None]

# Deadlock and serialization failure (PostgreSQL, appendix A): nothing was wrong with the work.
_TRY_AGAIN = frozenset({"40P01", "40001"})
# Somebody held a lock for longer than we wait: no failure of the work, and no sooner done alone.
_LOCKED_OUT = "55P03"


class WorkerDiedError(Exception):
    """The last attempt never came to an end: whoever made it was killed by it, or at it."""


@dataclass(frozen=True, kw_only=True)
class DrainSettings:
    """How long and how much. Seconds; `linger` is how long an idle drain looks for more.

    `apart` is how long one round takes up what was interrupted, or single deliveries, before the next
    fresh company: a killed worker leaves up to `most` of them, and they must not wait behind a stampede.
    `together` is how long it takes up full fresh companies before it looks again: in a backlog a look
    costs as much as half a company.
    """

    most: int = 200
    longest: float = 2.0
    apart: float = 1.0
    together: float = 0.1
    linger: float = 0.1
    look_again: float = 0.005


@dataclass(frozen=True)
class Chore:
    """Work of a service that is no delivery.

    `run(deadline)` handles what is due until the monotonic deadline, and returns how much that was.
    """

    name: str
    run: Callable[[float], int]


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


@dataclass(kw_only=True)
class Drain:
    """A service's drain. Safe to run in any number of threads, processes and machines at once.

    `singly` are kinds whose every delivery is long work: each is claimed by itself, so that several
    workers share them, and the progress of one is kept when the next fails.
    """

    engine: Engine
    subscriber: str
    actor: str
    handlings: Mapping[type[Event], Handling]
    chores: Sequence[Chore] = ()
    timers: Mapping[str, TimerWork] = field(default_factory=dict)
    singly: Sequence[type[Event]] = ()
    settings: DrainSettings = field(default_factory=DrainSettings)
    clock: Clock = utc_now

    def run(self, by: str = "celery") -> DrainReport:
        """Handle what is due; `by` (celery or ringer) is kept with each settled delivery."""
        report = DrainReport()
        work = {"forget_settled": forget_settled, **self.timers}
        Timers(self.engine, self.subscriber, self.actor, work, self.clock).run_due()
        # One connection for all looks and claims, each statement a transaction by itself: an idle
        # look is then one round trip, in place of the eight of two transactions.
        with self.engine.connect() as connection:
            desk = connection.execution_options(isolation_level="AUTOCOMMIT")
            self._work(desk, report, by)
        return report

    def _work(self, desk: Connection, report: DrainReport, by: str) -> None:
        now = time.monotonic()
        deadline, last_busy = now + self.settings.longest, now
        while now < deadline and now < last_busy + self.settings.linger:
            before = report.busy
            self._round(desk, report, by, deadline)
            now = time.monotonic()
            if report.busy > before:
                last_busy = now
            else:
                time.sleep(self.settings.look_again)

    def _round(self, desk: Connection, report: DrainReport, by: str, deadline: float) -> None:
        look = claiming.look(desk, self.subscriber)
        take = partial(self._take, report, by)
        settings, singly = self.settings, [kind.name for kind in self.singly]
        if look.interrupted:
            eighth = max(1, settings.most // 8)
            interrupted = partial(
                claiming.claim_interrupted, desk, self.subscriber, most=eighth, singly=singly
            )
            _repeat(partial(take, interrupted), deadline, settings.apart, while_at_least=1)
        if look.fresh:
            fresh = partial(
                claiming.claim_fresh, desk, self.subscriber, most=settings.most, singly=singly
            )
            full = settings.most
            _repeat(partial(take, fresh), deadline, settings.together, while_at_least=full)
        if look.alone:
            alone = partial(claiming.claim_alone, desk, self.subscriber)
            _repeat(partial(take, alone, alone=True), deadline, settings.apart, while_at_least=1)
        for chore in self.chores:
            report.chores += chore.run(deadline)

    def _take(
        self,
        report: DrainReport,
        by: str,
        claim: Callable[..., list[Claim]],
        *,
        alone: bool = False,
    ) -> int:
        """Claim and handle one company, or one delivery alone; how many it was."""
        lease = new_id()
        claimed = claim(lease=lease)
        if claimed:
            with LeaseKeeper(lambda: self._renew(lease)):
                batch = _Batch(self, lease, by, report, alone=alone)
                for of_one_version in _by_version(claimed):
                    batch.handle(of_one_version)
        return len(claimed)

    def _renew(self, lease: UUID) -> None:
        with transaction(self.engine, self.actor) as connection:
            claiming.renew(connection, lease)


class _Batch:
    """The deliveries of one lease, through to their settling."""

    def __init__(
        self, drain: Drain, lease: UUID, by: str, report: DrainReport, *, alone: bool
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


def _repeat(
    take: Callable[[], int], deadline: float, seconds: float, *, while_at_least: int
) -> None:
    """Take once, and on while there is as much as that, but no longer than the others may wait."""
    enough = min(deadline, time.monotonic() + seconds)
    while take() >= while_at_least and time.monotonic() < enough:
        pass


def _by_version(claimed: Sequence[Claim]) -> list[list[Claim]]:
    """One kind may come in several schema versions; each has a reader of its own, or none yet."""
    versions = sorted({claim.schema_version for claim in claimed})
    return [[claim for claim in claimed if claim.schema_version == version] for version in versions]


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
