"""A request as the scheduler was told of it, and how it stands."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID

from shared.events.vocabulary import Person, School, Window


class RequestState(Enum):
    """How a request stands with the scheduler."""

    WAITING = "waiting"
    SCHEDULED = "scheduled"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a teacher needs. `coach_types` are the accepted ones, first choice first.

    Without `windows` any time will do. `version` counts what the scheduler has said of it so far.
    """

    id: UUID
    waiting_since: datetime
    model_version: int
    teacher: Person
    school: School
    room: str
    topic: str
    support_mode: str
    coach_types: tuple[str, ...]
    meeting: str
    windows: tuple[Window, ...]
    version: int = 0

    @property
    def turn(self) -> tuple[datetime, UUID]:
        """Its place in the order of fairness: who has waited longest comes first."""
        return self.waiting_since, self.id
