"""The unit of work on PostgreSQL: the stores, on the one connection whose transaction Drain holds."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from services.scheduler.adapters import (
    hours_store,
    picture,
    request_store,
    session_store,
)
from services.scheduler.adapters.checker import repair
from services.scheduler.adapters.cycle_store import SqlCycles
from services.scheduler.adapters.model_store import ModelStore
from services.scheduler.adapters.picture import Offering
from services.scheduler.adapters.stock import read_turns
from services.scheduler.domain.booking import Booking, CancelledSession, Waiting
from services.scheduler.domain.fairness import Turns
from services.scheduler.domain.local_week import Horizon
from services.scheduler.domain.model import ModelTerms
from services.scheduler.domain.planning import Picture
from services.scheduler.domain.request import Request, RequestState
from services.scheduler.domain.weights import Weights
from shared.events import Event, ModelPublished
from shared.messaging.append import append

log = logging.getLogger(__name__)


@dataclass
class PostgresWork:
    """Implements ports.Work. Never commits; `flush` appends what was announced."""

    connection: Connection
    now: datetime
    models: ModelStore
    offering: Offering
    _announced: list[Event] = field(default_factory=list)
    _weights: Weights = field(default_factory=Weights)

    @property
    def zone(self) -> str:
        return picture.zone_of(self.connection).key

    def terms(self, versions: Collection[int]) -> Mapping[int, ModelTerms]:
        return self.models.terms(self.connection, versions)

    def record_model(self, event: ModelPublished) -> None:
        if self.models.record(self.connection, event, self.now):
            log.info("local_days.rewritten", extra={"model_version": event.model_version})
            repair(self.connection)
        self.extend_horizon()

    def turns(self) -> Turns:
        return read_turns(self.connection, self.now)

    def standing(self, request_ids: Collection[UUID]) -> Mapping[UUID, RequestState]:
        return request_store.standing(self.connection, request_ids)

    def picture(self, requests: Sequence[Request]) -> Picture:
        try:
            read = self._read(requests)
        except picture.LocalDaysDifferError:
            log.warning("local_days.rewritten", extra={"requests": len(requests)})
            repair(self.connection)
            read = self._read(requests)
        self._weights = read.rules.weights
        return read

    def _read(self, requests: Sequence[Request]) -> Picture:
        return picture.read_picture(self.connection, requests, self.now, self.offering)

    def book(self, bookings: Sequence[Booking]) -> Collection[UUID]:
        return session_store.book(self.connection, bookings, self._weights, self.now)

    def store_waiting(self, waiting: Sequence[Waiting]) -> Collection[UUID]:
        return session_store.store_waiting(self.connection, waiting, self._weights, self.now)

    def keep_waiting(self, waiting: Sequence[Waiting]) -> None:
        session_store.keep_waiting(self.connection, waiting)

    def take_turn(self) -> None:
        picture.take_turn(self.connection)

    def waiting_for(self, coach_ids: Collection[UUID], most: int) -> Sequence[Request]:
        return request_store.waiting_for(self.connection, coach_ids, most)

    def waiting_of(self, teacher_ids: Collection[UUID], most: int) -> Sequence[Request]:
        return request_store.waiting_of(self.connection, teacher_ids, most)

    def waiting_after(
        self, last: Request | None, most: int, school_ids: Collection[UUID] | None = None
    ) -> Sequence[Request]:
        return request_store.waiting_after(self.connection, last, most, school_ids)

    def remember_cancelled(self, request_ids: Collection[UUID]) -> Collection[UUID]:
        return request_store.remember_cancelled(self.connection, request_ids)

    def cancel(self, request_ids: Collection[UUID]) -> Sequence[CancelledSession]:
        return session_store.cancel(self.connection, request_ids, self.now)

    def extend_horizon(self) -> None:
        zone = picture.zone_if_known(self.connection)
        if zone is None:
            return  # no model was published yet; the first one opens the weeks
        horizon = Horizon.of(self.now, self.offering.opened, zone)
        hours_store.open_ahead(self.connection, horizon.weeks, zone)

    def follow_labels(self, school_ids: Collection[UUID]) -> Collection[UUID]:
        zone = picture.zone_if_known(self.connection)
        if zone is None:
            return []  # no week is open yet; the first model opens them by these labels
        weeks = Horizon.of(self.now, self.offering.opened, zone).weeks
        return hours_store.open_by_labels_of(self.connection, school_ids, weeks, zone)

    @property
    def cycles(self) -> SqlCycles:
        return SqlCycles(self.connection, self.now)

    def announce(self, event: Event) -> None:
        self._announced.append(event)

    def flush(self) -> None:
        """Append what was announced to the bus, in this transaction."""
        append(self.connection, self._announced, self.now)
        self._announced.clear()
