"""What every handler needs: one unit of work, for the length of one transaction."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.scheduler.domain.booking import Booking, CancelledSession, Waiting
from services.scheduler.domain.fairness import Turns
from services.scheduler.domain.model import ModelTerms
from services.scheduler.domain.planning import Picture
from services.scheduler.domain.request import Request, RequestState
from services.scheduler.ports.cycles import Cycles
from shared.events import Event, ModelPublished


class PlanOutdatedError(Exception):
    """Somebody else booked or cancelled since the picture was taken: plan anew, from a fresh one."""


class Work(Protocol):
    """One unit of work: the scheduler's store and its announcements, committed by the caller."""

    @property
    def now(self) -> datetime:
        """The instant of this unit of work."""
        ...

    @property
    def zone(self) -> str:
        """The division's IANA time zone."""
        ...

    def terms(self, versions: Collection[int]) -> Mapping[int, ModelTerms]:
        """The sealed model versions among `versions`; an unknown one is missing."""
        ...

    def record_model(self, event: ModelPublished) -> None:
        """Store a version and seal it, unless it is known; expand hours anew if the zone changed."""
        ...

    def turns(self) -> Turns:
        """Who comes first of those who wait, by what was taken stock of last."""
        ...

    def standing(self, request_ids: Collection[UUID]) -> Mapping[UUID, RequestState]:
        """How the known ones among `request_ids` stand; each is locked until the end."""
        ...

    def picture(self, requests: Sequence[Request]) -> Picture:
        """Everybody's time who could matter for these requests."""
        ...

    def book(self, bookings: Sequence[Booking]) -> Collection[UUID]:
        """Insert the sessions that nothing stands against, in one statement.

        The ids of the requests that are booked now. Raises PlanOutdatedError, with nothing
        stored, when a ceiling or a cancellation has overtaken the plan.
        """
        ...

    def store_waiting(self, waiting: Sequence[Waiting]) -> Collection[UUID]:
        """Put requests on the waitlist; the ids of those that nothing has overtaken."""
        ...

    def keep_waiting(self, waiting: Sequence[Waiting]) -> None:
        """Note the newest reasons of requests that wait already."""
        ...

    def take_turn(self) -> None:
        """Wait until nobody else plans; from now on what they stored is seen.

        Before any row is locked: who has the turn may wait for that row, and would be waited for.
        """
        ...

    def waiting_for(self, coach_ids: Collection[UUID], most: int) -> Sequence[Request]:
        """The oldest waiting requests that one of these coaches could take, locked."""
        ...

    def waiting_of(self, teacher_ids: Collection[UUID], most: int) -> Sequence[Request]:
        """The oldest waiting requests of these teachers, locked."""
        ...

    def waiting_after(
        self, last: Request | None, most: int, school_ids: Collection[UUID] | None = None
    ) -> Sequence[Request]:
        """The next who wait, everywhere or at these schools, in the order of fairness, locked."""
        ...

    def remember_cancelled(self, request_ids: Collection[UUID]) -> Collection[UUID]:
        """Keep cancellations of requests that are not known yet; the ids that were kept."""
        ...

    def cancel(self, request_ids: Collection[UUID]) -> Sequence[CancelledSession]:
        """Cancel known requests and take off their sessions that have not ended."""
        ...

    def extend_horizon(self) -> None:
        """Expand the weekly hours of all coaches as far ahead as times are offered."""
        ...

    def follow_labels(self, school_ids: Collection[UUID]) -> Collection[UUID]:
        """Expand anew the hours that go by the days of these schools; whose they are."""
        ...

    @property
    def cycles(self) -> Cycles:
        """Cycles, in this same transaction."""
        ...

    def announce(self, event: Event) -> None:
        """Tell the other services, in this same transaction."""
        ...
