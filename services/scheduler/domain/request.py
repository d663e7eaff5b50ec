"""A request as the scheduler was told of it, and how it stands."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum
from uuid import UUID

from shared.events.vocabulary import Person, School, SchoolWindow, Window

ROOM, ONLINE = "room", "online"


class RequestState(Enum):
    """How a request stands with the scheduler."""

    WAITING = "waiting"
    SCHEDULED = "scheduled"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a teacher needs. `coach_types` are the accepted ones, first choice first.

    Without `windows` and `school_windows` any time will do. `ahead`: a time that was told to her fell
    away, so she waits at the head. `version` counts what the scheduler has said of it so far. More than
    one of `meetings` is a cycle; `of_cycle` is one meeting of such. It helps until the end of
    `needed_by`. `missed` of its sessions did not take place. It counts as waiting for a `head_start` longer
    than it does.
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
    school_windows: tuple[SchoolWindow, ...] = ()
    ahead: bool = False
    version: int = 0
    meetings: int = 1
    needed_by: date | None = None
    head_start: timedelta = timedelta(0)
    of_cycle: bool = False
    missed: int = 0

    @property
    def is_cycle(self) -> bool:
        """Whether it is for several meetings with one goal and one coach."""
        return self.meetings > 1

    @property
    def is_new_cycle(self) -> bool:
        """Whether it is for a whole cycle that is not begun."""
        return self.is_cycle and not self.of_cycle

    def for_meetings(self, count: int) -> "Request":
        """The same, for so many meetings of the cycle that it asked for."""
        return replace(self, meetings=count, of_cycle=True)

    @property
    def turn(self) -> tuple[bool, datetime, UUID]:
        """Its place in the order of fairness: who lost a told time, then who has waited longest."""
        return not self.ahead, self.turn_at, self.id

    @property
    def turn_at(self) -> datetime:
        """Since when it counts as waiting."""
        return self.waiting_since - self.head_start
