"""A decision turned into what is booked: a session with its place and its explanation."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.scheduler.domain.diary import Coach
from services.scheduler.domain.matching import Candidate, Match
from services.scheduler.domain.model import ModelTerms
from services.scheduler.domain.request import ONLINE, ROOM, Request
from shared.events.vocabulary import Person, Place, Reason, School


@dataclass(frozen=True, kw_only=True)
class Booking:
    """A session to be inserted, and why. `version` is what the request's will be.

    With `held_until` it is offered: kept for the teacher until then. `instead_of` is what it replaces.
    """

    session_id: UUID
    request: Request
    coach: Coach
    coach_type: str
    place: Place
    starts_at: datetime
    ends_at: datetime
    zone: str
    reasons: tuple[Reason, ...]
    candidates: tuple[Candidate, ...]
    held_until: datetime | None = None
    instead_of: UUID | None = None

    @property
    def version(self) -> int:
        """The request's version once this is told."""
        return self.request.version + 1


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


def book(
    found: Match,
    request: Request,
    terms: ModelTerms,
    session_id: UUID,
    reasons: tuple[Reason, ...],
) -> Booking:
    """The session that a match amounts to."""
    chosen = found.chosen
    horizon = chosen.diary.horizon
    return Booking(
        session_id=session_id,
        request=request,
        coach=chosen.diary.coach,
        coach_type=chosen.coach_type,
        place=place_of(request, chosen.diary.coach, terms),
        starts_at=horizon.instant(chosen.slot),
        ends_at=horizon.instant(chosen.slot + found.length),
        zone=horizon.zone.key,
        reasons=reasons,
        candidates=found.candidates,
    )


def place_of(request: Request, coach: Coach, terms: ModelTerms) -> Place:
    """Online when asked for, where the mode allows it and she has an address; else at the school."""
    online_ok = terms.modes[request.support_mode].online_ok
    if request.meeting == ONLINE and online_ok and coach.online_address:
        return Place(kind=ONLINE, address=coach.online_address)
    return Place(kind=ROOM, address=request.room or request.school.name)
