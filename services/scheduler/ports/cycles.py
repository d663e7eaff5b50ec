"""Cycles, each read and written whole, its request locked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.scheduler.domain.booking import Planned
from services.scheduler.domain.candidate import Candidate
from services.scheduler.domain.cycle import Cycle, CycleSession, CycleState
from services.scheduler.domain.weights import Weights
from shared.events.vocabulary import Person, Place, Reason


@dataclass(frozen=True, kw_only=True)
class Addition:
    """Meetings to be added to a cycle with one coach; held for its teacher until then, or booked."""

    coach: Person
    coach_type: str
    place: Place
    meetings: Sequence[Planned]
    reasons: Sequence[Reason]
    candidates: Sequence[Candidate]
    weights: Weights
    held_until: datetime | None = None


class Cycles(Protocol):
    """Cycles as rows. What is changed here is told by whoever changes it."""

    def standing(self, request_ids: Collection[UUID]) -> Mapping[UUID, Cycle]:
        """The cycles of these requests, each locked until the end; others are missing."""
        ...

    def owing(self, coach_ids: Collection[UUID] | None, most: int) -> Sequence[UUID]:
        """The requests of open cycles that lack a time and have none held; of these coaches, or of all."""
        ...

    def take_off(self, sessions: Sequence[CycleSession], *, turned_down: bool = False) -> None:
        """Cancel these meetings."""
        ...

    def add(self, cycle: Cycle, addition: Addition) -> bool:
        """Insert all these meetings, explained; False, and nothing stored, when one can not be."""
        ...

    def take(self, offer_id: UUID) -> None:
        """What this offer holds is scheduled now."""
        ...

    def change(self, request_id: UUID, *, state: CycleState, planned: int) -> None:
        """From now on it stands so."""
        ...

    def hand_over(self, cycle: Cycle, to: CycleSession, series_id: UUID) -> bool:
        """Give it to the coach of this meeting, which begins another series; False when she is full."""
        ...

    def begin_series(self, request_id: UUID, series_id: UUID, anchor_at: datetime) -> None:
        """What is to come stands in another series: the one before was taken out of calendars whole."""
        ...

    def forget(self, request_id: UUID) -> None:
        """It was offered and is not wanted: there is no such cycle."""
        ...

    def next_version(self, request_id: UUID, *, in_calendars: bool) -> Cycle:
        """It changed: one version on, and one sequence where calendars see it. As it is now."""
        ...
