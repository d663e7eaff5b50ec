"""A decision turned into what is booked: sessions with their place and their explanation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.scheduler.domain.candidate import Candidate, Match
from services.scheduler.domain.diary import Coach
from services.scheduler.domain.model import ModelTerms
from services.scheduler.domain.request import ONLINE, ROOM, Request
from shared.events.vocabulary import Person, Place, Reason, School


@dataclass(frozen=True, kw_only=True)
class Planned:
    """One meeting to be inserted as a session; `number` counts the meetings of its request."""

    session_id: UUID
    number: int
    starts_at: datetime
    ends_at: datetime
    instead_of: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Series:
    """How several meetings stand in a calendar: as one entry that recurs from `anchor_at`, by wall time."""

    id: UUID
    anchor_at: datetime
    weeks_between: int


@dataclass(frozen=True, kw_only=True)
class Booking:
    """The meetings to be inserted, and why. `version` is what the request's will be.

    With `held_until` they are offered: kept for the teacher until then, all with one yes. Of a cycle,
    all of them are inserted or none.
    """

    request: Request
    coach: Coach
    coach_type: str
    place: Place
    meetings: tuple[Planned, ...]
    zone: str
    reasons: tuple[Reason, ...]
    candidates: tuple[Candidate, ...]
    held_until: datetime | None = None
    series: Series | None = None

    @property
    def version(self) -> int:
        """The request's version once this is told."""
        return self.request.version + 1

    @property
    def first(self) -> Planned:
        """The meeting that comes first; by its id the whole is offered."""
        return self.meetings[0]


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A request that no time was found for, and what stood in the way."""

    request: Request
    reasons: tuple[Reason, ...]
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, kw_only=True)
class CancelledSession:
    """A session that was taken off, as its people knew it. `version` is the request's, after."""

    session_id: UUID
    request_id: UUID
    version: int
    sequence: int
    coach: Person
    teacher: Person
    school: School
    place: Place
    starts_at: datetime
    ends_at: datetime
    zone: str
    topic_title: str
    mode_name: str
    of_cycle: bool = False


def book(
    found: Match,
    request: Request,
    terms: ModelTerms,
    ids: Callable[[], UUID],
    reasons: tuple[Reason, ...],
) -> Booking:
    """What a match amounts to: a session, or a cycle of them. `ids` makes new ones."""
    chosen = found.chosen
    horizon = chosen.diary.horizon
    meetings = tuple(
        Planned(
            session_id=ids(),
            number=number,
            starts_at=horizon.instant(slot),
            ends_at=horizon.instant(slot + found.length),
        )
        for number, slot in enumerate(chosen.slots, start=request.missed + 1)
    )
    return Booking(
        request=request,
        coach=chosen.diary.coach,
        coach_type=chosen.coach_type,
        place=place_of(request, chosen.diary.coach, terms),
        meetings=meetings,
        zone=horizon.zone.key,
        reasons=reasons,
        candidates=found.candidates,
        series=_series(meetings, request, terms, ids) if request.is_cycle else None,
    )


def _series(
    meetings: Sequence[Planned], request: Request, terms: ModelTerms, ids: Callable[[], UUID]
) -> Series:
    mode = terms.modes[request.support_mode]
    return Series(id=ids(), anchor_at=meetings[0].starts_at, weeks_between=mode.weeks_between)


def place_of(request: Request, coach: Coach, terms: ModelTerms) -> Place:
    """Online when asked for, where the mode allows it and she has an address; else at the school."""
    online_ok = terms.modes[request.support_mode].online_ok
    if request.meeting == ONLINE and online_ok and coach.online_address:
        return Place(kind=ONLINE, address=coach.online_address)
    return Place(kind=ROOM, address=request.room or request.school.name)
