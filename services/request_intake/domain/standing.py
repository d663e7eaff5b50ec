"""Where a request stands: its state, and what the scheduler last said of it. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.events.vocabulary import CycleMeeting, OfferedTime, Place, Reason


class State(StrEnum):
    """Where a request stands, in the words of the glossary."""

    DECLINED = "declined"
    UNDER_REVIEW = "under_review"
    WAITING = "waiting"
    SCHEDULED = "scheduled"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True)
class BookedSession:
    """The session that was booked, as its teacher is told of it."""

    session_id: UUID
    coach: str
    coach_type: str
    support_mode: str
    place: Place
    starts_at: datetime
    ends_at: datetime
    zone: str
    meetings_planned: int


@dataclass(frozen=True, kw_only=True)
class CycleStanding:
    """A cycle as its teacher is told of it: `state` is open, paused or ended; times that are offered."""

    state: str
    coach: str
    planned: int
    weeks_between: int
    meetings: tuple[CycleMeeting, ...]
    offers: tuple[OfferedTime, ...] = ()

    @property
    def completed(self) -> int:
        """How many meetings took place."""
        return sum(meeting.state == "completed" for meeting in self.meetings)

    @property
    def owed(self) -> int:
        """How many have neither a time nor an offer yet."""
        has = sum(meeting.state != "missed" for meeting in self.meetings)
        held = sum(1 + len(offer.later) for offer in self.offers)
        return 0 if self.state == "ended" else max(self.planned - has - held, 0)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What the scheduler last said: a session, an offered time, or neither yet; and why.

    Of a cycle, the session is its next meeting, and `cycle` has them all.
    """

    session: BookedSession | None
    reasons: tuple[Reason, ...]
    offer: OfferedTime | None = None
    cycle: CycleStanding | None = None


@dataclass(frozen=True, kw_only=True)
class Said:
    """One word of the scheduler about a request; `version` counts them."""

    request_id: UUID
    version: int
    at: datetime
    state: State
    standing: Standing | None
