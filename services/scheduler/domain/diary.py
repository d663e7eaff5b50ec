"""What is known of the people of a plan while it is made: a coach's diary, a teacher's time.

Mutable on purpose: each booking of a plan is written in at once, so that the next sees it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from services.scheduler.domain.local_week import Horizon
from shared.events.vocabulary import Person


@dataclass(frozen=True, kw_only=True)
class Coach:
    """A coach as far as matching needs her. `offers` are (coach type, support mode) pairs."""

    person: Person
    online_address: str
    sessions_per_day: int
    weekly_minutes: int
    offers: frozenset[tuple[str, str]]
    school_ids: frozenset[UUID]


@dataclass
class Diary:
    """A coach's time over the horizon: `free` slots, and what each day and week holds so far.

    `ceilings` name only the days that differ from her cap.
    """

    coach: Coach
    horizon: Horizon
    free: int
    sessions: dict[int, int] = field(default_factory=dict)
    day_ceilings: Mapping[int, int] = field(default_factory=dict)
    minutes: list[int] = field(default_factory=list)
    week_ceilings: list[int] = field(default_factory=list)
    _full_days: int = 0

    def __post_init__(self) -> None:
        weeks = len(self.horizon.weeks)
        self.minutes = self.minutes or [0] * weeks
        self.week_ceilings = self.week_ceilings or [self.coach.weekly_minutes] * weeks
        days = range(len(self.horizon.days)) if self.coach.sessions_per_day <= 0 else self.sessions
        for day in days:
            self._note_full(day)

    @property
    def minutes_this_fortnight(self) -> int:
        """How much is booked in this week and the next."""
        return sum(self.minutes[:2])

    def room_on(self, day: int) -> float:
        """The share of her day's sessions that is still free, 0 to 1."""
        ceiling = self._ceiling(day)
        return 1 - self.sessions.get(day, 0) / ceiling if ceiling > 0 else 0.0

    def available(self, minutes: int) -> int:
        """The free slots on days and in weeks that have room for one more session of that length."""
        slots = self.free & ~self._full_days
        for week, booked in enumerate(self.minutes):
            if booked + minutes > self.week_ceilings[week]:
                slots &= ~self.horizon.week_masks[week]
        return slots

    def book(self, slot: int, length: int, minutes: int) -> None:
        """Write in a session."""
        self.take(self.horizon.mask(slot, slot + length))
        day = self.horizon.day_of_slot[slot]
        self.sessions[day] = self.sessions.get(day, 0) + 1
        self.minutes[day // 7] += minutes
        self._note_full(day)

    def take(self, slots: int) -> None:
        """These slots are no longer free."""
        self.free &= ~slots

    def _ceiling(self, day: int) -> int:
        return self.day_ceilings.get(day, self.coach.sessions_per_day)

    def _note_full(self, day: int) -> None:
        if self.sessions.get(day, 0) >= self._ceiling(day):
            self._full_days |= self.horizon.day_masks[day]


@dataclass
class TeacherTime:
    """What is known of a teacher: the slots of her own sessions, and the coaches she has met."""

    busy: int = 0
    met: frozenset[UUID] = frozenset()
