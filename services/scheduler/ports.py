"""What the handlers need of the world, for the length of one transaction."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from services.scheduler.domain.appointment import AppointedCoach, InUse, Offerable, Offers
from services.scheduler.domain.booking import Booking, CancelledSession, Waiting
from services.scheduler.domain.closing import Declaration
from services.scheduler.domain.covering import ClassCovered
from services.scheduler.domain.model import ModelTerms
from services.scheduler.domain.planning import Picture
from services.scheduler.domain.release import LiveSession, Moved, Released
from services.scheduler.domain.request import Request, RequestState
from services.scheduler.domain.school_time import SchoolTime, Timetable
from services.scheduler.domain.schools import KnownSchool
from services.scheduler.domain.timetabling import KnownTimetable
from services.scheduler.domain.ways import KnownTravel, Table
from shared.events import Event, ModelPublished, SchoolDaysChanged, SchoolKept
from shared.events.vocabulary import Reason


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
        """Wait until nobody else plans; from now on what they stored is seen."""
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

    def announce(self, event: Event) -> None:
        """Tell the other services, in this same transaction."""
        ...


class Appointments(Protocol):
    """Coaches and what they offer."""

    def locked(self, coach_id: UUID) -> AppointedCoach | None:
        """The coach of this id, kept from changing until the transaction ends."""
        ...

    def offerable(self) -> Offerable:
        """What the newest published version allows."""
        ...

    def in_use(self, coach_id: UUID) -> Sequence[InUse]:
        """Her offers that meetings to come need."""
        ...

    def replace(self, coach_id: UUID, offers: Offers) -> None:
        """Let her offer exactly these."""
        ...


class Schools(Protocol):
    """The division's schools, as intake tells of them."""

    def keep(self, told: Sequence[SchoolKept]) -> None:
        """Remember the newest of each."""
        ...


class SchoolYears(Protocol):
    """Schools' own time."""

    def school(self, school_id: UUID) -> KnownSchool | None:
        """The school of this id, whose year nobody else changes until the transaction ends."""
        ...

    def standing(self, school_ids: Collection[UUID]) -> Mapping[UUID, SchoolTime]:
        """The years of these as they stand, as far as they are known, kept from changing."""
        ...

    def remember(self, before: SchoolTime, version: int) -> None:
        """Keep the year that this version replaced, until what that made impossible is found."""
        ...

    def save(self, schools: Sequence[SchoolTime]) -> Sequence[SchoolTime]:
        """Write these; as they are now, each one version on, with what was declared since."""
        ...


class Timetables(Protocol):
    """When teachers teach and when they prepare."""

    def save(self, given: Mapping[tuple[UUID, UUID], Timetable]) -> Mapping[tuple[UUID, UUID], int]:
        """Write timetables, by teacher and school; the version that each has now."""
        ...

    def one(self, teacher_id: UUID, school_id: UUID) -> KnownTimetable:
        """Her timetable at this school, as far as it is known."""
        ...

    def swap(
        self, teacher_id: UUID, school_id: UUID, timetable: Timetable, seen: int
    ) -> int | None:
        """Write it if it is of the version that was seen, 0 for none; its version now, else None."""
        ...


class TravelTimes(Protocol):
    """The division's speed, and the table of minutes between schools."""

    def keys(self) -> Mapping[str, UUID]:
        """The schools by the keys that a way may name."""
        ...

    def known(self) -> KnownTravel | None:
        """What is known; None while there is no division."""
        ...

    def swap(self, kmh: int, table: Table, seen: int) -> int | None:
        """Write all of it if it is of the version that was seen; its version now, else None."""
        ...


@dataclass(frozen=True, kw_only=True)
class HeldTime:
    """A time that is held for a teacher until she answers."""

    session: LiveSession
    held_until: datetime
    reasons: tuple[Reason, ...]


class TakingOff(Protocol):
    """Takes sessions off that can not take place."""

    def release(self, released: Sequence[Released]) -> Mapping[UUID, LiveSession]:
        """Take these off and set their requests at the waitlist's head; as they are now, by id."""
        ...


class Closures(TakingOff, Protocol):
    """Schools' days as they change on short notice, and the sessions that this touches."""

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

    def one(self, session_id: UUID) -> HeldTime | None:
        """The held time, its request locked; None when it is held no more."""
        ...

    def was_for(self, teacher_id: UUID, session_id: UUID) -> bool:
        """Whether there is such a session of this teacher, in any state."""
        ...

    def ended(self, most: int) -> Sequence[HeldTime]:
        """Those whose time to answer is over, locked."""
        ...

    def take(self, held: HeldTime) -> None:
        """It is scheduled now."""
        ...

    def turn_down(self, held: Sequence[HeldTime]) -> None:
        """These are let go; their requests wait on, each a version further."""
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


class Meetings(Protocol):
    """Scheduled sessions, one at a time."""

    def one(self, session_id: UUID) -> LiveSession | None:
        """The scheduled session that has not begun, its request locked; None when there is none."""
        ...

    def move(
        self, session: LiveSession, starts_at: datetime, ends_at: datetime
    ) -> LiveSession | None:
        """Let it stand there, one sequence further; as it is now, None when something overtook it."""
        ...
