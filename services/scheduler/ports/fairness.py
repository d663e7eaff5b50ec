"""What fairness is made of, as it is kept: weights, who appraises whom, and the hourly stock."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from services.scheduler.domain.fairness import CoachAtWork, Load, Stay
from services.scheduler.domain.release import LiveSession
from services.scheduler.domain.request import Request
from services.scheduler.domain.travel import Travel
from services.scheduler.domain.weights import KnownWeights, Weights
from services.scheduler.ports.sessions import TakingOff
from shared.events import AppraisalKept


class Stock(Protocol):
    """What is taken stock of each hour, and read by every plan."""

    def count_coaches(self) -> None:
        """Keep by coach type how many coaches serve each school."""
        ...

    def at_work(self) -> Sequence[CoachAtWork]:
        """Every coach, with what she did in the last fortnight."""
        ...

    def stays(self) -> Sequence[Stay]:
        """Where they were then and will be in the next fortnight, each day in its order."""
        ...

    def travel(self) -> Travel:
        """All ways between schools."""
        ...

    def keep_loads(self, loads: Mapping[UUID, Load]) -> None:
        """Keep what each did."""
        ...

    def count_waits(self) -> None:
        """Keep how long the teachers of each school wait."""
        ...

    def waiting(self) -> Sequence[Request]:
        """Everybody who waits, locked."""
        ...

    def set_turns(self, head_starts: Mapping[UUID, timedelta]) -> None:
        """Let these requests have so much of a head start."""
        ...


class KeptWeights(Protocol):
    """What candidates and turns are weighed by."""

    def known(self) -> KnownWeights | None:
        """As they stand; None while there is no division."""
        ...

    def swap(self, weights: Weights, seen: int) -> KnownWeights | None:
        """Write them if they are of the revision that was seen; as they are now, else None."""
        ...


class Appraisals(TakingOff, Protocol):
    """Who appraises whom, as intake tells of it."""

    def keep(self, told: Sequence[AppraisalKept]) -> Sequence[AppraisalKept]:
        """Remember the newest of each pair; those that were news."""
        ...

    def live_between(self, coach_id: UUID, teacher_id: UUID) -> Sequence[LiveSession]:
        """Their sessions that are to come, held ones too, locked."""
        ...
