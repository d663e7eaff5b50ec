"""What each of the three sides undertakes for a cycle, and who has ticked what. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from shared.events.vocabulary import Duties

LEADERSHIP, COACHES, COACHEES = "leadership", "coaches", "coachees"


@dataclass(frozen=True, kw_only=True)
class Tick:
    """Somebody undertook a duty."""

    by: UUID
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """The duties of a cycle's sides, with their ticks; those of leadership are its school's."""

    duties: Duties
    ticks: Mapping[str, Mapping[str, Tick]] = field(default_factory=dict)

    def of(self, side: str) -> list[tuple[str, Tick | None]]:
        """Each duty of a side, in the model's order, with its tick if it has one."""
        ticked = self.ticks.get(side, {})
        duties: tuple[str, ...] = getattr(self.duties, side)
        return [(duty, ticked.get(duty)) for duty in duties]

    @property
    def agreed(self) -> bool:
        """Whether teacher and coach have ticked all that they undertake."""
        return all(tick for side in (COACHES, COACHEES) for _, tick in self.of(side))

    def known(self, side: str, duties: frozenset[str]) -> frozenset[str]:
        """Those that the model names for this side."""
        named: tuple[str, ...] = getattr(self.duties, side)
        return duties & frozenset(named)
