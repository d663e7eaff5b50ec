"""What the scheduler tells of coaches who ask that a colleague goes on."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from shared.events.declaration import Event
from shared.events.vocabulary import Instant, Person, Reason


@dataclass(frozen=True, kw_only=True)
class HandOverAsked(Event):
    """A coach asks a teacher whether a colleague may go on. `version` counts such questions."""

    name: ClassVar[str] = "hand_over.asked"
    source: ClassVar[str] = "scheduler"
    aggregate_field: ClassVar[str] = "hand_over_id"

    hand_over_id: UUID
    request_id: UUID
    asked_at: Instant
    teacher: Person
    coach: Person
    to: Person
    topic_title: str
    mode_name: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, kw_only=True)
class HandOverDeclined(Event):
    """The teacher stays with the coach whom she has."""

    name: ClassVar[str] = "hand_over.declined"
    source: ClassVar[str] = "scheduler"
    aggregate_field: ClassVar[str] = "hand_over_id"

    hand_over_id: UUID
    request_id: UUID
    declined_at: Instant
    teacher: Person
    coach: Person
    to: Person
    topic_title: str
    mode_name: str
