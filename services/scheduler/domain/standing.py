"""Which told times a change of a coach's own time would take away. Pure.

Nothing is taken by itself: they are shown, and she says whether they stay or another time is found.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from uuid import UUID

from services.scheduler.domain.local_week import Horizon
from services.scheduler.domain.release import LiveSession
from services.scheduler.domain.request import ONLINE


@dataclass(frozen=True, kw_only=True)
class Plan:
    """When she works over the horizon, where she is, and which schools she serves."""

    open: int
    at: Mapping[UUID, int] = field(default_factory=dict)
    school_ids: frozenset[UUID] = frozenset()

    def holds(self, session: LiveSession, horizon: Horizon) -> bool:
        """Whether a session fits in it."""
        slots = horizon.touching(session.starts_at, session.ends_at)
        school_id = session.request.school.id
        if slots & ~self.open or school_id not in self.school_ids:
            return False
        if session.place.kind == ONLINE or not self.at:
            return True
        elsewhere = reduce(or_, self.at.values()) & ~self.at.get(school_id, 0)
        return not slots & elsewhere


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What she says of the sessions that she was shown: their ids, and whether they are released."""

    seen: frozenset[UUID]
    release: bool

    def is_about(self, sessions: Iterable[LiveSession]) -> bool:
        """Whether these are the ones that she was shown, or some of them."""
        return {session.id for session in sessions} <= self.seen


def lost(
    sessions: Iterable[LiveSession], before: Plan, now: Plan, horizon: Horizon
) -> list[LiveSession]:
    """What fitted before the change and does not now. What stood outside before is no loss of it."""
    return [s for s in sessions if before.holds(s, horizon) and not now.holds(s, horizon)]
