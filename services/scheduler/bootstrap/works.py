"""Makes units of work of the connection whose transaction somebody else holds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection

from services.scheduler.adapters.model_store import ModelStore
from services.scheduler.adapters.picture import Offering
from services.scheduler.adapters.unit_of_work import PostgresWork
from shared.clock import Clock
from shared.events import Event
from shared.events.outcome import Outcome
from shared.messaging.batch import Handling

E = TypeVar("E", bound=Event)


@dataclass(frozen=True, kw_only=True)
class Works:
    """One for a process."""

    models: ModelStore
    clock: Clock
    offering: Offering

    def handling(
        self, handler: Callable[[PostgresWork, Sequence[E]], Sequence[Outcome] | None]
    ) -> Handling:
        """What Drain does with one kind of event."""

        def handle(connection: Connection, events: Sequence[Event]) -> Sequence[Outcome] | None:
            work = self.at(connection)
            outcomes = handler(work, events)  # type: ignore[arg-type]  # Drain hands one kind
            work.flush()
            return outcomes

        return handle

    def at(self, connection: Connection) -> PostgresWork:
        """A unit of work of now on this connection."""
        return PostgresWork(
            connection=connection, now=self.clock(), models=self.models, offering=self.offering
        )
