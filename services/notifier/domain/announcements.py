"""Who is told what: each event's notices, and which waiting notices a new one makes pointless."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal
from uuid import UUID

from shared.events import (
    CycleScheduled,
    Event,
    HandOverAsked,
    HandOverDeclined,
    OwnCopySent,
    RequestDeclined,
    RequestUnderReview,
    RequestWaiting,
    ReviewOverdue,
    SessionCancelled,
    SessionHandedOver,
    SessionOffered,
    SessionReleased,
    SessionScheduled,
    SignInCodeAsked,
)
from shared.events.vocabulary import Person

Part = Literal["teacher", "coach", "admin", "person"]
TakenOff = SessionCancelled | SessionReleased | SessionHandedOver
OfSession = SessionScheduled | TakenOff
OfRequest = SessionOffered | RequestWaiting | RequestDeclined | RequestUnderReview
News = OfSession | CycleScheduled | OfRequest
OfHandOver = HandOverAsked | HandOverDeclined
ToldPlainly = OfHandOver | ReviewOverdue | SignInCodeAsked | OwnCopySent
Told = News | ToldPlainly


class Kind(StrEnum):
    """What a notice says."""

    INVITATION = "invitation"
    UPDATE = "update"
    CANCELLATION = "cancellation"
    RELEASE = "release"
    OFFER = "offer"
    WAITING = "waiting"
    DECLINE = "decline"
    REVIEW = "review"
    OVERDUE = "overdue"
    SIGN_IN = "sign_in"
    COPY = "copy"
    HAND_OVER = "hand_over"
    STAYS = "stays"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What an event is to its readers, and who they are."""

    kind: Kind
    readers: tuple[Part, ...]


RULES: Mapping[type[Event], Rule] = {
    SessionScheduled: Rule(kind=Kind.INVITATION, readers=("teacher", "coach")),
    SessionCancelled: Rule(kind=Kind.CANCELLATION, readers=("teacher", "coach")),
    SessionReleased: Rule(kind=Kind.RELEASE, readers=("teacher", "coach")),
    SessionHandedOver: Rule(kind=Kind.CANCELLATION, readers=("coach",)),
    SessionOffered: Rule(kind=Kind.OFFER, readers=("teacher",)),
    CycleScheduled: Rule(kind=Kind.INVITATION, readers=("teacher", "coach")),
    RequestWaiting: Rule(kind=Kind.WAITING, readers=("teacher",)),
    RequestDeclined: Rule(kind=Kind.DECLINE, readers=("teacher",)),
    RequestUnderReview: Rule(kind=Kind.REVIEW, readers=("teacher",)),
    ReviewOverdue: Rule(kind=Kind.OVERDUE, readers=("admin",)),
    SignInCodeAsked: Rule(kind=Kind.SIGN_IN, readers=("person",)),
    HandOverAsked: Rule(kind=Kind.HAND_OVER, readers=("teacher",)),
    HandOverDeclined: Rule(kind=Kind.STAYS, readers=("coach",)),
    OwnCopySent: Rule(kind=Kind.COPY, readers=("person",)),
}

_OF_A_SESSION = frozenset({Kind.INVITATION, Kind.UPDATE})
_NOT_YET = frozenset({Kind.WAITING, Kind.REVIEW, Kind.OFFER})

# A notice not yet sent is not worth sending once one of these is told to the same reader.
OVERTAKES: Mapping[Kind, frozenset[Kind]] = {
    Kind.INVITATION: _OF_A_SESSION | _NOT_YET | {Kind.CANCELLATION},
    Kind.UPDATE: _OF_A_SESSION | _NOT_YET | {Kind.CANCELLATION},
    Kind.CANCELLATION: _OF_A_SESSION | {Kind.OFFER},
    Kind.RELEASE: _OF_A_SESSION | {Kind.OFFER},
    Kind.OFFER: _NOT_YET,
    Kind.WAITING: _NOT_YET,
    Kind.DECLINE: frozenset({Kind.REVIEW}),
    Kind.REVIEW: frozenset(),
    Kind.OVERDUE: frozenset(),
    Kind.SIGN_IN: frozenset(),
    Kind.COPY: frozenset(),
    Kind.HAND_OVER: frozenset(),
    Kind.STAYS: frozenset(),
}


@dataclass(frozen=True, kw_only=True)
class Announcement:
    """One thing to tell one person. The session is None for what is about the request alone.

    Of a cycle it is the series that stands in the calendars, its present one or its former coach's.
    """

    kind: Kind
    part: Part
    reader: Person
    event: Told
    session_id: UUID | None

    @property
    def request_id(self) -> UUID:
        """The request that it is about; else the attempt to sign in, or the copy."""
        event = self.event
        if isinstance(event, SignInCodeAsked | OwnCopySent):
            return event.aggregate_id
        return event.request_id

    @property
    def owner_id(self) -> UUID:
        """Whose notice it is beside its reader's: the teacher's who asked; others are their own."""
        event = self.event
        if isinstance(event, ReviewOverdue | SignInCodeAsked | OwnCopySent):
            return self.reader.id
        return event.teacher.id


def readers_of(event: Told, part: Part) -> tuple[Person, ...]:
    """The people who have this part in the event."""
    if isinstance(event, ReviewOverdue):
        return event.admins
    if isinstance(event, SignInCodeAsked | OwnCopySent):
        return (event.person,)
    if part == "teacher":
        return (event.teacher,)
    if isinstance(event, OfSession | CycleScheduled | OfHandOver):
        return (event.coach,)
    raise ValueError(f"{event.name} has no coach")


def announcements_of(event: Told, *, late: bool = False) -> tuple[Announcement, ...]:
    """Who is told of this event, by the table. `late`: there is newer news of its request already.

    Of a cycle see `cycles.announcements_of_cycle`.
    """
    rule = RULES[type(event)]
    return tuple(
        Announcement(
            kind=_kind(rule, event, part, late=late),
            part=part,
            reader=reader,
            event=event,
            session_id=getattr(event, "session_id", None),
        )
        for part in rule.readers
        for reader in readers_of(event, part)
    )


def _kind(rule: Rule, event: Told, part: Part, *, late: bool) -> Kind:
    """A session that people may have in their calendars already is updated, not invited to.

    A time that fell away is cancelled for its coach; its teacher is asked about another, unless she
    has answered since.
    """
    if isinstance(event, SessionReleased) and (late or part == "coach"):
        return Kind.CANCELLATION
    if isinstance(event, SessionScheduled) and event.sequence > 0:
        return Kind.UPDATE
    return rule.kind
