"""What request_intake tells of people."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from shared.events.declaration import Event
from shared.events.vocabulary import Instant, School


@dataclass(frozen=True, kw_only=True)
class PersonMoved(Event):
    """Somebody is at another school now; what she waits for, and what was booked, goes with her.

    `version` counts her moves.
    """

    name: ClassVar[str] = "person.moved"
    source: ClassVar[str] = "request_intake"
    aggregate_field: ClassVar[str] = "person_id"

    person_id: UUID
    moved_at: Instant
    school: School
    room: str


@dataclass(frozen=True, kw_only=True)
class AppraisalKept(Event):
    """A coach appraises a teacher, or (`stands` is false) does so no more.

    Nobody is coached by who appraises her. `version` counts what was said of the two.
    """

    name: ClassVar[str] = "appraisal.kept"
    source: ClassVar[str] = "request_intake"
    aggregate_field: ClassVar[str] = "teacher_id"

    teacher_id: UUID
    coach_id: UUID
    stands: bool
