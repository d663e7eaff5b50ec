"""What the scheduler tells: of sessions, of requests that wait, of time that is free again."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from shared.events.declaration import Event
from shared.events.vocabulary import Instant, OfferedTime, Person, Place, Reason, School


@dataclass(frozen=True, kw_only=True)
class SessionScheduled(Event):
    """A coach and a time were found and are booked.

    `version` counts what the scheduler has said of this request; `sequence` is the session's own,
    as iCalendar counts it (RFC 5545, 3.8.7.4). `meetings_planned` over 1 means that this is the
    first of several.
    """

    name: ClassVar[str] = "session.scheduled"
    source: ClassVar[str] = "scheduler"
    aggregate_field: ClassVar[str] = "request_id"

    request_id: UUID
    session_id: UUID
    sequence: int
    scheduled_at: Instant
    coach: Person
    teacher: Person
    school: School
    place: Place
    starts_at: Instant
    ends_at: Instant
    zone: str
    coach_type_name: str
    topic_title: str
    support_mode: str
    mode_name: str
    meetings_planned: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, kw_only=True)
class RequestWaiting(Event):
    """In remit, but no time fits yet; `reasons` count what stood in the way."""

    name: ClassVar[str] = "request.waiting"
    source: ClassVar[str] = "scheduler"
    aggregate_field: ClassVar[str] = "request_id"

    request_id: UUID
    waiting_since: Instant
    teacher: Person
    topic_title: str
    mode_name: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, kw_only=True)
class SessionCancelled(Event):
    """A session that people were told of is off. `cancelled_by` is teacher, coach or division."""

    name: ClassVar[str] = "session.cancelled"
    source: ClassVar[str] = "scheduler"
    aggregate_field: ClassVar[str] = "request_id"

    request_id: UUID
    session_id: UUID
    sequence: int
    cancelled_at: Instant
    cancelled_by: str
    coach: Person
    teacher: Person
    school: School
    place: Place
    starts_at: Instant
    ends_at: Instant
    zone: str
    topic_title: str
    mode_name: str


@dataclass(frozen=True, kw_only=True)
class SessionCompleted(Event):
    """They met, and the request is done. `mode_name` is the support mode as it turned out."""

    name: ClassVar[str] = "session.completed"
    source: ClassVar[str] = "scheduler"
    aggregate_field: ClassVar[str] = "request_id"

    request_id: UUID
    session_id: UUID
    completed_at: Instant
    coach: Person
    place: Place
    starts_at: Instant
    ends_at: Instant
    zone: str
    coach_type_name: str
    mode_name: str


@dataclass(frozen=True, kw_only=True)
class SessionReleased(Event):
    """A told time can not be kept, through no choice of its people; another may be held for her.

    `because` is a stable code: school_closed, day_moved, cover, coach_left, coach_away,
    teacher_moved or appraised. Without `offer` the request waits, at the head.
    """

    name: ClassVar[str] = "session.released"
    source: ClassVar[str] = "scheduler"
    aggregate_field: ClassVar[str] = "request_id"

    request_id: UUID
    session_id: UUID
    sequence: int
    released_at: Instant
    because: str
    coach: Person
    teacher: Person
    school: School
    place: Place
    starts_at: Instant
    ends_at: Instant
    zone: str
    topic_title: str
    mode_name: str
    offer: OfferedTime | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, kw_only=True)
class SessionHandedOver(Event):
    """A session is another coach's now. `coach` had it: for her alone it is off, as she knew it."""

    name: ClassVar[str] = "session.handed_over"
    source: ClassVar[str] = "scheduler"
    aggregate_field: ClassVar[str] = "request_id"

    request_id: UUID
    session_id: UUID
    sequence: int
    handed_over_at: Instant
    coach: Person
    to: Person
    teacher: Person
    school: School
    place: Place
    starts_at: Instant
    ends_at: Instant
    zone: str
    topic_title: str
    mode_name: str


@dataclass(frozen=True, kw_only=True)
class SessionOffered(Event):
    """A time is held for a teacher who waits; it is hers with one yes."""

    name: ClassVar[str] = "session.offered"
    source: ClassVar[str] = "scheduler"
    aggregate_field: ClassVar[str] = "request_id"

    request_id: UUID
    offered_at: Instant
    teacher: Person
    school: School
    zone: str
    topic_title: str
    mode_name: str
    offer: OfferedTime
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, kw_only=True)
class SchoolDaysChanged(Event):
    """A school's days changed: what can no longer take place is to be found.

    With a `declaration_id` on short notice, for one day; without it, for its school year was changed.
    """

    name: ClassVar[str] = "school.days_changed"
    source: ClassVar[str] = "scheduler"
    aggregate_field: ClassVar[str] = "school_id"

    declaration_id: UUID | None
    school_id: UUID


@dataclass(frozen=True, kw_only=True)
class TimeFreed(Event):
    """A coach has time again: whoever waits and could use it is matched anew."""

    name: ClassVar[str] = "time.freed"
    source: ClassVar[str] = "scheduler"
    aggregate_field: ClassVar[str] = "coach_id"

    coach_id: UUID
    starts_at: Instant
    ends_at: Instant
