"""Fairness: who comes first of those who wait, and how much each coach has done. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

from services.scheduler.domain.request import Request
from services.scheduler.domain.travel import Travel
from services.scheduler.domain.weights import Weights

# An ask is urgent from so many days before the day by which it is needed.
_URGENT_DAYS = 14
# Of a school with few asks little is known: its wait counts as if so many others had waited the mean.
_AS_THE_MEAN = 5
# The window that a coach's load is reckoned over: two weeks that are over, and the two that are booked.
OVER, BOOKED = timedelta(days=14), timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class SchoolWait:
    """How many asks a school's teachers sent of late, and how many days they waited in the mean."""

    asks: int
    days: float


@dataclass(frozen=True, kw_only=True)
class Turns:
    """Who comes first. `waits` are by school, `mean` is that of the whole division, in days."""

    weights: Weights
    today: date
    waits: Mapping[UUID, SchoolWait] = field(default_factory=dict)
    mean: float = 0.0

    def head_start(self, request: Request) -> timedelta:
        """How much longer than it does it counts as waiting, in whole hours.

        The nearer the day by which it is needed, and the longer its school's teachers wait.
        """
        days = self.weights.urgency * self._urgency(request)
        days += self.weights.school * self._longer(request.school.id)
        return timedelta(hours=round(24 * days))

    def _urgency(self, request: Request) -> float:
        """From 0, a fortnight before the day, to 1, on it and after."""
        if request.needed_by is None:
            return 0.0
        left = (request.needed_by - self.today).days
        return min(max(1 - left / _URGENT_DAYS, 0.0), 1.0)

    def _longer(self, school_id: UUID) -> float:
        wait = self.waits.get(school_id)
        if wait is None:
            return 0.0
        known = wait.asks / (wait.asks + _AS_THE_MEAN)
        return max(wait.days - self.mean, 0.0) * known


@dataclass(frozen=True, kw_only=True)
class Stay:
    """A meeting at a school, on a local day; those of a day are in their order."""

    coach_id: UUID
    day: date
    school_id: UUID


@dataclass(frozen=True, kw_only=True)
class Load:
    """What a coach did in the last fortnight, in minutes, and her ways of then and of the next one."""

    minutes: int
    travel: int


@dataclass(frozen=True, kw_only=True)
class CoachAtWork:
    """`minutes` of the last fortnight, and for what share of it she was not a coach yet."""

    id: UUID
    minutes: int
    joined_after: float = 0.0
    home_base: UUID | None = None


def loads(
    coaches: Iterable[CoachAtWork], stays: Iterable[Stay], travel: Travel
) -> Mapping[UUID, Load]:
    """Each coach's load. Who joined meanwhile starts at the mean of those who were there."""
    everybody = list(coaches)
    bases = {coach.id: coach.home_base for coach in everybody}
    ways = _ways(stays, bases, travel)
    there = [coach.minutes for coach in everybody if not coach.joined_after]
    mean = sum(there) / len(there) if there else 0.0
    return {
        coach.id: Load(
            minutes=coach.minutes + round(mean * coach.joined_after),
            travel=round(ways.get(coach.id, 0.0)),
        )
        for coach in everybody
    }


def _ways(
    stays: Iterable[Stay], bases: Mapping[UUID, UUID | None], travel: Travel
) -> Mapping[UUID, float]:
    """The minutes between schools, by coach, from her base in the morning and back to it."""
    days: dict[tuple[UUID, date], list[UUID]] = defaultdict(list)
    for stay in stays:
        days[stay.coach_id, stay.day].append(stay.school_id)
    found: dict[UUID, float] = defaultdict(float)
    for (coach_id, _), schools in days.items():
        base = bases.get(coach_id)
        stops = [base, *schools, base] if base is not None else schools
        ways = [(start, end) for start, end in pairwise(stops) if start != end]
        found[coach_id] += sum(travel.minutes(start, end) for start, end in ways)
    return found
