"""A cycle: several meetings with one goal and one coach. What it still owes, and how far it is. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.scheduler.domain.cadence import week_of
from services.scheduler.domain.local_week import SLOT, Horizon
from services.scheduler.domain.request import Request
from shared.events.vocabulary import FormerSeries, Person, Place


class CycleState(StrEnum):
    """Held: offered as a whole. Open, paused, ended: as its people know it."""

    HELD = "held"
    OPEN = "open"
    PAUSED = "paused"
    ENDED = "ended"


class Stage(StrEnum):
    """How far a cycle is, as its people read it."""

    AGREEING = "agreeing"
    UNDER_WAY = "under_way"
    LOOKING_BACK = "looking_back"
    PAUSED = "paused"
    ENDED = "ended"


HELD, SCHEDULED, COMPLETED, MISSED = "held", "scheduled", "completed", "missed"
# What counts towards the number that was planned: a missed meeting is owed anew.
_COUNTED = (HELD, SCHEDULED, COMPLETED)


@dataclass(frozen=True, kw_only=True)
class CycleSession:
    """One meeting of a cycle, not cancelled. `offer_id` and `held_until` while it is held."""

    id: UUID
    number: int
    coach: Person
    coach_type: str
    series_id: UUID
    place: Place
    starts_at: datetime
    ends_at: datetime
    state: str
    sequence: int
    offer_id: UUID | None = None
    held_until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Cycle:
    """A cycle with its meetings, in the order of their beginning."""

    request: Request
    coach: Person
    coach_type: str
    place: Place
    state: CycleState
    planned: int
    weeks_between: int
    series_id: UUID
    anchor_at: datetime
    sequence: int
    sessions: tuple[CycleSession, ...]
    former: FormerSeries | None = None

    @property
    def meetings(self) -> tuple[CycleSession, ...]:
        """Those that are told: scheduled, completed or missed."""
        return tuple(one for one in self.sessions if one.state != HELD)

    @property
    def held(self) -> tuple[CycleSession, ...]:
        """Those that wait for a yes."""
        return tuple(one for one in self.sessions if one.state == HELD)

    @property
    def is_in_calendars(self) -> bool:
        """Whether its present series has a meeting that was told; else it was taken out, or never was in."""
        return any(one.series_id == self.series_id for one in self.meetings)

    @property
    def completed(self) -> int:
        """How many meetings took place."""
        return sum(one.state == COMPLETED for one in self.sessions)

    @property
    def owed(self) -> int:
        """How many of those that were planned have no time yet."""
        if self.state is CycleState.ENDED:
            return 0
        return max(self.planned - sum(one.state in _COUNTED for one in self.sessions), 0)

    @property
    def next_number(self) -> int:
        """The number of a meeting to be added."""
        return max((one.number for one in self.sessions), default=0) + 1

    def to_come(self, now: datetime) -> tuple[CycleSession, ...]:
        """The scheduled meetings that have not begun."""
        return tuple(o for o in self.sessions if o.state == SCHEDULED and o.starts_at > now)

    def stage(self, *, agreed: bool) -> Stage:
        """How far it is. `agreed`: teacher and coach have ticked what each undertakes."""
        if self.state in (CycleState.PAUSED, CycleState.ENDED):
            return Stage(self.state.value)
        if self.planned - self.completed <= 1:
            return Stage.LOOKING_BACK
        return Stage.UNDER_WAY if agreed or self.completed else Stage.AGREEING

    def weeks_met(self, horizon: Horizon, but: Sequence[UUID] = ()) -> int:
        """The slots of all weeks in which it has a meeting, those `but` these."""
        taken = 0
        for one in self.sessions:
            if one.id not in but and horizon.starts_at <= one.starts_at < horizon.ends_at:
                slot = (one.starts_at - horizon.starts_at) // SLOT
                taken |= horizon.week_masks[week_of(slot, horizon)]
        return taken

    def between_neighbours(self, session_id: UUID, horizon: Horizon) -> int:
        """The slots of the weeks in which a meeting may stand without changing places with another."""
        moving = next(one for one in self.sessions if one.id == session_id)
        others = [o for o in self.sessions if o.id != session_id]
        after = max((o.starts_at for o in others if o.starts_at < moving.starts_at), default=None)
        before = min((o.starts_at for o in others if o.starts_at > moving.starts_at), default=None)
        first = _week(after, horizon) + 1 if after and after >= horizon.starts_at else 0
        end = _week(before, horizon) if before and before < horizon.ends_at else len(horizon.weeks)
        slots = 0
        for week in range(first, end):
            slots |= horizon.week_masks[week]
        return slots


def _week(at: datetime, horizon: Horizon) -> int:
    return week_of((at - horizon.starts_at) // SLOT, horizon)
