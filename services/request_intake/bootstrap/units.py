"""Open units of work: one transaction of one actor each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Connection, Engine

from services.request_intake.adapters.unit_of_work import SqlWork
from services.request_intake.ports import Work
from shared.clock import Clock
from shared.database.transaction import transaction

A = TypeVar("A")


@dataclass(frozen=True, kw_only=True)
class Units:
    """Where use cases get their transactions. Safe to share between threads."""

    engine: Engine
    clock: Clock

    def read(self, query: Callable[[Connection], A]) -> A:
        """What a query finds; nothing is written and no actor is needed."""
        with self.engine.connect() as connection:
            return query(connection)

    def work(self, actor: UUID | str, use: Callable[[Work], A]) -> A:
        """What `use` answers, done whole for this actor or not at all."""
        with transaction(self.engine, str(actor)) as connection:
            work = SqlWork(connection, self.clock)
            answer = use(work)
            work.flush()
            return answer
