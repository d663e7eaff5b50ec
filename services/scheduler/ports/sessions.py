"""Sessions that are told, as they are taken off, held elsewhere, answered and moved."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from services.scheduler.domain.closing import Declaration
from services.scheduler.domain.completing import Closing
from services.scheduler.domain.covering import ClassCovered
from services.scheduler.domain.handing_over import HandOver, Why
from services.scheduler.domain.moving import Destination
from services.scheduler.domain.release import LiveSession, Moved, Released
from services.scheduler.domain.request import Request
from shared.events import PersonMoved, SchoolDaysChanged
from shared.events.vocabulary import Reason


@dataclass(frozen=True, kw_only=True)
class HeldTime:
    """A time that is held for a teacher until she answers; of a cycle it may be several, with one yes."""

    offer_id: UUID
    sessions: tuple[LiveSession, ...]
    held_until: datetime
    reasons: tuple[Reason, ...]

    @property
    def request(self) -> Request:
        """What it is held for."""
        return self.sessions[0].request


class TakingOff(Protocol):
    """Takes sessions off that can not take place."""

    def release(self, released: Sequence[Released]) -> Mapping[UUID, LiveSession]:
        """Take these off and set their requests at the waitlist's head; as they are now, by id."""
        ...


class Closures(TakingOff, Protocol):
    """Schools' days as they change, and the sessions that this touches."""

    def moved(self, changes: Sequence[SchoolDaysChanged]) -> Mapping[UUID, Moved]:
        """By school, its time before all of these changes and now."""
        ...

    def live(self, school_ids: Collection[UUID]) -> Sequence[LiveSession]:
        """The live sessions at these schools that have not begun, their requests locked."""
        ...

    def count(self, declaration_id: UUID, *, schools: int, released: int, held: int) -> None:
        """Add to what became of a declaration."""
        ...

    def forget_replaced(self, changes: Sequence[SchoolDaysChanged]) -> None:
        """What these changes of years made impossible is found: the years before are needed no more."""
        ...


class HeldTimes(Protocol):
    """Times that are held."""

    def one(self, offer_id: UUID) -> HeldTime | None:
        """What this offer holds, its request locked; None when it is held no more."""
        ...

    def was_for(self, teacher_id: UUID, offer_id: UUID) -> bool:
        """Whether there was such an offer to this teacher."""
        ...

    def ended(self, most: int) -> Sequence[HeldTime]:
        """Those whose time to answer is over, locked."""
        ...

    def take(self, held: HeldTime) -> None:
        """It is scheduled now, and so is its request, a version further."""
        ...

    def turn_down(self, held: HeldTime) -> None:
        """It is let go and not held for her again."""
        ...

    def to_the_head(self, held: HeldTime) -> int:
        """Its request waits at the head; the version that it has now."""
        ...


class Declarations(Protocol):
    """Closures that admins declare on short notice."""

    def declare(self, declaration: Declaration, school_ids: Collection[UUID]) -> Mapping[UUID, int]:
        """Close these schools on its day, each by its own rule of labels; their versions by school.

        A school that is closed that day already, or whose time is not known, is left out.
        """
        ...

    def withdraw(self, declaration_id: UUID) -> Mapping[UUID, int] | None:
        """Open its schools again; their versions by school, None when there is none to withdraw."""
        ...


class CoachTime(TakingOff, Protocol):
    """One coach's time as it is taken away, and the sessions that stood in it."""

    def live(
        self, coach_id: UUID, since: datetime, until: datetime | None
    ) -> Sequence[LiveSession]:
        """Her live sessions that touch this time, their requests locked."""
        ...

    def covers(self, coach_id: UUID, since: datetime, until: datetime) -> bool:
        """Whether she covers a class already in any part of this time."""
        ...

    def cover(self, entry: ClassCovered) -> bool:
        """She can not be booked then; the hours are counted. False when there is no such coach."""
        ...

    def give_back(self, coach_id: UUID, entry_id: UUID) -> ClassCovered | None:
        """She can be booked again as her hours say; what was taken back, None when it was none."""
        ...

    def leave(self, coach_id: UUID, last_day: date | None) -> bool:
        """She can not be booked behind that day; False when there is no such coach."""
        ...


class OverSessions(Protocol):
    """Scheduled sessions that have begun, and what became of them."""

    def one(self, session_id: UUID) -> LiveSession | None:
        """The session if it is scheduled and has begun, its request locked."""
        ...

    def closed_before(self, session_id: UUID, person_id: UUID) -> UUID | None:
        """The request of a session of hers that was closed already, or did not take place."""
        ...

    def left_open(self, before: datetime, most: int) -> Sequence[LiveSession]:
        """Those that were over before then and that nobody has closed, their requests locked."""
        ...

    def complete(
        self, sessions: Sequence[LiveSession], closing: Closing | None, *, by: UUID | None
    ) -> None:
        """They took place; without `closing` nobody said what they were."""
        ...

    def finish(self, request_id: UUID) -> int:
        """The request is completed; the version that it has now."""
        ...

    def miss(self, session: LiveSession, *, by: UUID, waits: bool) -> LiveSession:
        """It did not take place; if it `waits`, its request does so at the head. As it is now."""
        ...


class Meetings(Protocol):
    """Scheduled sessions, one at a time."""

    def one(self, session_id: UUID) -> LiveSession | None:
        """The scheduled session that has not begun, its request locked; None when there is none."""
        ...

    def request_of(self, teacher_id: UUID, session_id: UUID) -> UUID | None:
        """Her request that this session is or was for, whatever became of it; None when not hers."""
        ...

    def move(
        self, session: LiveSession, to: Destination, reasons: Sequence[Reason]
    ) -> LiveSession | None:
        """Let it stand there, explained, and one sequence further; as it is now.

        None when something overtook it.
        """
        ...


class HandOvers(Protocol):
    """What coaches ask of teachers: that a colleague goes on."""

    def sessions(self, request_id: UUID) -> Sequence[LiveSession]:
        """The request's scheduled sessions that have not begun, by their beginning; it is locked."""
        ...

    def asked(self, request_id: UUID) -> HandOver | None:
        """What waits for an answer."""
        ...

    def ask(self, request_id: UUID, coach_id: UUID, to_coach_id: UUID, why: Why) -> HandOver:
        """Write it down; there is none that waits for an answer."""
        ...

    def answer(self, hand_over: HandOver, state: str) -> None:
        """It is agreed, declined or withdrawn."""
        ...


class TeacherMoves(TakingOff, Protocol):
    """Teachers who moved to another school, and what they wait for or meet for."""

    def newest(self, moves: Sequence[PersonMoved]) -> Sequence[PersonMoved]:
        """Those that are news, remembered from now on."""
        ...

    def live(self, teacher_id: UUID) -> Sequence[LiveSession]:
        """Her scheduled sessions that have not begun, as they stand, their requests locked."""
        ...

    def offers(self, teacher_id: UUID) -> Sequence[HeldTime]:
        """What is held for her, locked."""
        ...

    def follow(self, move: PersonMoved) -> None:
        """Her open requests are of that school now."""
        ...

    def waiting(self, teacher_id: UUID) -> Sequence[Request]:
        """What she waits for, locked."""
        ...

    def stay(self, session: LiveSession) -> LiveSession:
        """It stands where it now says; one sequence and one version of its request further."""
        ...
