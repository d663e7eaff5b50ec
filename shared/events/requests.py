"""What request_intake tells: of requests and of the coaching model."""

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar
from uuid import UUID

from shared.events.declaration import Event
from shared.events.vocabulary import (
    CoachTypeTerms,
    Combination,
    Duties,
    Instant,
    ModeTerms,
    Person,
    Redirect,
    School,
    SchoolWindow,
    TopicTerms,
    Window,
)


@dataclass(frozen=True, kw_only=True)
class ModelPublished(Event):
    """A coaching model version is in force; its combinations are all that may be booked under it."""

    name: ClassVar[str] = "model.published"
    source: ClassVar[str] = "request_intake"
    aggregate_field: ClassVar[str] = "model_id"

    model_id: UUID
    model_version: int
    effective_from: date
    division_name: str
    zone: str
    support_modes: tuple[ModeTerms, ...]
    coach_types: tuple[CoachTypeTerms, ...]
    topics: tuple[TopicTerms, ...]
    combinations: tuple[Combination, ...]
    duties: Duties = field(default_factory=Duties)


@dataclass(frozen=True, kw_only=True)
class SchoolKept(Event):
    """A school of the division is new, or is called otherwise from now on."""

    name: ClassVar[str] = "school.kept"
    source: ClassVar[str] = "request_intake"
    aggregate_field: ClassVar[str] = "school_id"

    school_id: UUID
    key: str
    school_name: str


@dataclass(frozen=True, kw_only=True)
class OwnCopySent(Event):
    """Somebody is to be sent her own copy of the coaching model in force: a link to it."""

    name: ClassVar[str] = "model.copy_sent"
    source: ClassVar[str] = "request_intake"
    aggregate_field: ClassVar[str] = "copy_id"

    copy_id: UUID
    model_version: int
    division_name: str
    person: Person


@dataclass(frozen=True, kw_only=True)
class RequestSubmitted(Event):
    """A teacher asked, and it is in remit: find her a coach and a time.

    `coach_types` are the accepted ones, first choice first. Without `windows` and `school_windows` any
    time will do. `meeting` is in_person, online or either. `room` is hers, empty when she gave none.
    `meetings` over 1 ask for a cycle. It helps until the end of `needed_by`.
    """

    name: ClassVar[str] = "request.submitted"
    source: ClassVar[str] = "request_intake"
    aggregate_field: ClassVar[str] = "request_id"

    request_id: UUID
    submitted_at: Instant
    model_version: int
    teacher: Person
    school: School
    room: str
    topic: str
    support_mode: str
    coach_types: tuple[str, ...]
    meeting: str
    windows: tuple[Window, ...]
    school_windows: tuple[SchoolWindow, ...] = ()
    meetings: int = 1
    needed_by: date | None = None


@dataclass(frozen=True, kw_only=True)
class RequestDeclined(Event):
    """The ask is out of remit; the redirect says kindly where it goes."""

    name: ClassVar[str] = "request.declined"
    source: ClassVar[str] = "request_intake"
    aggregate_field: ClassVar[str] = "request_id"

    request_id: UUID
    declined_at: Instant
    teacher: Person
    topic_title: str
    clause: str
    redirect: Redirect


@dataclass(frozen=True, kw_only=True)
class RequestUnderReview(Event):
    """The ask is unclear: a person will read it, and its teacher is told so."""

    name: ClassVar[str] = "request.under_review"
    source: ClassVar[str] = "request_intake"
    aggregate_field: ClassVar[str] = "request_id"

    request_id: UUID
    submitted_at: Instant
    teacher: Person


@dataclass(frozen=True, kw_only=True)
class ReviewOverdue(Event):
    """A request has been under review for longer than it should: every admin is told, once."""

    name: ClassVar[str] = "review.overdue"
    source: ClassVar[str] = "request_intake"
    aggregate_field: ClassVar[str] = "request_id"

    request_id: UUID
    under_review_since: Instant
    admins: tuple[Person, ...]


@dataclass(frozen=True, kw_only=True)
class SignInCodeAsked(Event):
    """Somebody with an account wants to sign in: she is sent the code of this attempt.

    The code itself is never here: who may write the letter works it out from the attempt.
    """

    name: ClassVar[str] = "sign_in.code_asked"
    source: ClassVar[str] = "request_intake"
    aggregate_field: ClassVar[str] = "attempt_id"

    attempt_id: UUID
    asked_at: Instant
    person: Person


@dataclass(frozen=True, kw_only=True)
class RequestCancelled(Event):
    """The teacher no longer needs it; what was booked for it is to be freed."""

    name: ClassVar[str] = "request.cancelled"
    source: ClassVar[str] = "request_intake"
    aggregate_field: ClassVar[str] = "request_id"

    request_id: UUID
    cancelled_at: Instant


@dataclass(frozen=True, kw_only=True)
class ReplayChunkReady(Event):
    """Some past asks are to be judged by the draft of the coaching model."""

    name: ClassVar[str] = "replay.chunk_ready"
    source: ClassVar[str] = "request_intake"
    aggregate_field: ClassVar[str] = "chunk_id"

    chunk_id: UUID
