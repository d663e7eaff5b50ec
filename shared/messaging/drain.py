"""Handle what is due for one service, in batches, until nothing is due or the time is up.

One batch of one kind is one transaction: its claims marked done, the new state and the events that
follow, all or nothing. What fails in company is tried alone; only five failures alone set it aside.
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from sqlalchemy import Connection, Engine

from shared.clock import Clock, utc_now
from shared.database.transaction import transaction
from shared.events import Event
from shared.identity import new_id
from shared.messaging import claims as claiming
from shared.messaging.batch import Batch, DrainReport, Handling
from shared.messaging.claims import Claim
from shared.messaging.lease import LeaseKeeper
from shared.messaging.retention import forget_settled
from shared.messaging.timers import Timers, TimerWork

log = logging.getLogger(__name__)


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
                batch = Batch(self, lease, by, report, alone=alone)
                for of_one_version in _by_version(claimed):
                    batch.handle(of_one_version)
        return len(claimed)

    def _renew(self, lease: UUID) -> None:
        with transaction(self.engine, self.actor) as connection:
            claiming.renew(connection, lease)


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
