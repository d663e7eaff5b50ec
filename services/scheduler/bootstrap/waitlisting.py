"""What Drain does with the waitlist: whoever waits is asked when a time is free or a week is opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from services.scheduler.adapters.unit_of_work import PostgresWork
from services.scheduler.bootstrap.works import Works
from services.scheduler.domain.holding import Holding
from services.scheduler.handlers.waitlist import extend_horizon, rematch_waiting
from shared.events import TimeFreed
from shared.events.outcome import Outcome


@dataclass(frozen=True, kw_only=True)
class Waitlisting:
    """`most` are tried at once."""

    works: Works
    holding: Holding
    most: int

    def hear(self, work: PostgresWork, events: Sequence[TimeFreed]) -> list[Outcome]:
        """Coaches have time again."""
        return rematch_waiting(work, events, most=self.most, holding=self.holding)

    def extend(self, connection: Connection, _now: datetime) -> None:
        """What the timer does."""
        work = self.works.at(connection)
        extend_horizon(work, most=self.most, holding=self.holding)
        work.flush()
