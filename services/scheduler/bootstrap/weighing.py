"""What weighs how much, who appraises whom, and the hourly stock: what Drain and an admin's page do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Engine

from services.scheduler.adapters.appraisals import SqlAppraisals
from services.scheduler.adapters.kept_weights import SqlKeptWeights
from services.scheduler.adapters.picture import zone_if_known
from services.scheduler.adapters.stock import SqlStock
from services.scheduler.adapters.unit_of_work import PostgresWork
from services.scheduler.bootstrap.works import Works
from services.scheduler.domain.holding import Holding
from services.scheduler.domain.weights import KnownWeights
from services.scheduler.handlers.appraising import follow_appraisals
from services.scheduler.handlers.stocktaking import take_stock
from services.scheduler.handlers.weighing import WeightsChanged, WeightsRefused, change_weights
from shared.database.transaction import transaction
from shared.events import AppraisalKept


@dataclass(frozen=True, kw_only=True)
class Weighing:
    """Every method is one unit of work, or part of Drain's."""

    engine: Engine
    works: Works
    holding: Holding

    def kept(self) -> KnownWeights | None:
        """The weights as they stand; None while there is no division."""
        with self.engine.connect() as connection:
            return SqlKeptWeights(connection).known()

    def change(
        self, by: UUID, given: Mapping[str, float], *, seen: int
    ) -> KnownWeights | WeightsChanged | WeightsRefused | None:
        """Weigh by exactly these; None while there is no division."""
        with transaction(self.engine, str(by)) as connection:
            return change_weights(SqlKeptWeights(connection), given, seen=seen)

    def hear(self, work: PostgresWork, events: Sequence[AppraisalKept]) -> None:
        """Coaches appraise teachers, or do so no more."""
        appraisals = SqlAppraisals(work.connection, work.now)
        follow_appraisals(work, appraisals, events, holding=self.holding)

    def take_stock(self, connection: Connection, _now: datetime) -> None:
        """What the timer does."""
        if zone_if_known(connection) is None:
            return  # no model was published yet: there is nothing to count
        work = self.works.at(connection)
        take_stock(work, SqlStock(connection, work.now))
