"""What is known of the people of a plan while it is made: a coach's diary, a teacher's time.

Mutable on purpose: each booking of a plan is written in at once, so that the next sees it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from uuid import UUID

from services.scheduler.domain.driving import Driving, Stand
from services.scheduler.domain.local_week import Horizon
from services.scheduler.domain.travel import Travel
from shared.events.vocabulary import Person


@dataclass(frozen=True, kw_only=True)
class Coach:
    """A coach as far as matching needs her. `offers` are (coach type, support mode) pairs.

    With a `home_base` her working day begins and ends there. `buffer` slots stay free around each of her
    meetings.
    """

    person: Person
    online_address: str
    sessions_per_day: int
    weekly_minutes: int
    offers: frozenset[tuple[str, str]]
    school_ids: frozenset[UUID]
    home_base: UUID | None = None
    buffer: int = 0


@dataclass(frozen=True, kw_only=True)
class Booked:
    """What a session takes of a coach: slots, minutes of her week, a place at a school, or online."""

    length: int
    minutes: int
    at: UUID | None = None
    uses_protected: bool = False


@dataclass
class Diary:
    """A coach's time over the horizon: `free` slots, and what each day and week holds so far.

    `ceilings` name only the days that differ from her cap; `cycles_free` is how many more cycles she
    may have at once. `protected` slots are for the modes that may use protected time, and of each week the
    others may use `unprotected_ceilings` minutes. `bookable` slots lie behind the notice that she needs.
    `places` say by school when she is there, and meets in person nowhere else. `busy` are the slots of her
    meetings, needed only to keep her buffer around them. `done` are the minutes of the last fortnight, and
    all ways between schools. `fewest` says by coach type how few coaches serve one of her schools. `online`
    are the slots of her meetings at no school.
    """

    coach: Coach
    horizon: Horizon
    free: int
    sessions: dict[int, int] = field(default_factory=dict)
    day_ceilings: Mapping[int, int] = field(default_factory=dict)
    minutes: list[int] = field(default_factory=list)
    week_ceilings: list[int] = field(default_factory=list)
    stands: list[Stand] = field(default_factory=list)
    cycles_free: int = 1
    protected: int = 0
    unprotected: list[int] = field(default_factory=list)
    unprotected_ceilings: list[int] = field(default_factory=list)
    bookable: int = -1
    places: Mapping[UUID, int] = field(default_factory=dict)
    busy: int = 0
    done: int = 0
    fewest: Mapping[str, int] = field(default_factory=dict)
    online: int = 0
    _full_days: int = 0
    _around: int = 0
    _out_of_reach: dict[UUID, int] = field(default_factory=dict)
    _days_at: dict[UUID, frozenset[int]] = field(default_factory=dict)
    _on_the_road: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        weeks = len(self.horizon.weeks)
        self.minutes = self.minutes or [0] * weeks
        self.week_ceilings = self.week_ceilings or [self.coach.weekly_minutes] * weeks
        self.unprotected = self.unprotected or list(self.minutes)
        self.unprotected_ceilings = self.unprotected_ceilings or list(self.week_ceilings)
        self._note_busy(0)
        every_day = range(len(self.horizon.days)) if self.coach.sessions_per_day <= 0 else ()
        for day in {*every_day, *self.sessions, *self.day_ceilings}:
            self._note_full(day)

    @property
    def load(self) -> int:
        """Minutes of four weeks: what is done, and what is booked in this week and the next."""
        return self.done + sum(self.minutes[:2])

    def room_on(self, day: int) -> float:
        """The share of her day's sessions that is still free, 0 to 1."""
        ceiling = self._ceiling(day)
        return 1 - self.sessions.get(day, 0) / ceiling if ceiling > 0 else 0.0

    def available(self, minutes: int, *, uses_protected: bool = False) -> int:
        """The free slots on days and in weeks that have room for one more session of that length."""
        # A set of slots is 500 bytes to copy, and most diaries lack most of what is taken away here.
        slots = self.free
        if self.bookable != -1:
            slots &= self.bookable
        if self._full_days:
            slots &= ~self._full_days
        if self._around:
            slots &= ~self._around
        for week, booked in enumerate(self.minutes):
            if booked + minutes > self.week_ceilings[week]:
                slots &= ~self.horizon.week_masks[week]
        return slots if uses_protected else self._not_protected(slots, minutes)

    def _not_protected(self, slots: int, minutes: int) -> int:
        if self.protected:
            slots &= ~self.protected
        if self.unprotected_ceilings == self.week_ceilings:
            return slots  # nothing is kept: her cap alone counts
        for week, booked in enumerate(self.unprotected):
            if booked + minutes > self.unprotected_ceilings[week]:
                slots &= ~self.horizon.week_masks[week]
        return slots

    def elsewhere(self, school_id: UUID) -> int:
        """The slots in which she is at another school by her own plan."""
        if not self.places:
            return 0
        there = self.places.get(school_id, 0)
        return reduce(or_, self.places.values()) & ~there

    def book(self, slot: int, booked: Booked) -> None:
        """Write in a session that begins at `slot`."""
        slots = self.horizon.mask(slot, slot + booked.length)
        self.take(slots)
        self._note_busy(slots)
        if booked.at is None:
            self.online |= slots
        else:
            self.stands.append(Stand(slot, slot + booked.length, booked.at))
        self._forget_ways()
        day = self.horizon.day_of_slot[slot]
        self.sessions[day] = self.sessions.get(day, 0) + 1
        self._count(day // 7, booked, booked.minutes)
        self._note_full(day)

    def cancel(self, slot: int, booked: Booked) -> None:
        """Take out a session that begins at `slot`."""
        slots = self.horizon.mask(slot, slot + booked.length)
        self.free |= slots
        self.busy &= ~slots
        self._note_busy(0)
        if booked.at is None:
            self.online &= ~slots
        self.stands = [s for s in self.stands if (s.first, s.school_id) != (slot, booked.at)]
        self._forget_ways()
        day = self.horizon.day_of_slot[slot]
        self.sessions[day] = max(self.sessions.get(day, 0) - 1, 0)
        self._count(day // 7, booked, -booked.minutes)
        if self.sessions[day] < self._ceiling(day):
            self._full_days &= ~self.horizon.day_masks[day]

    def _count(self, week: int, booked: Booked, minutes: int) -> None:
        self.minutes[week] = max(self.minutes[week] + minutes, 0)
        if not booked.uses_protected:
            self.unprotected[week] = max(self.unprotected[week] + minutes, 0)

    def _forget_ways(self) -> None:
        self._out_of_reach.clear()
        self._days_at.clear()
        self._on_the_road = None

    def _note_busy(self, slots: int) -> None:
        """Keep her buffer free on both sides of every meeting."""
        self.busy |= slots
        around = self.busy if self.coach.buffer else 0
        for _ in range(self.coach.buffer if around else 0):
            around |= around << 1 | around >> 1
        self._around = around & ((1 << self.horizon.slots) - 1)

    def take(self, slots: int) -> None:
        """These slots are no longer free."""
        self.free &= ~slots

    def out_of_reach(self, school_id: UUID, travel: Travel) -> int:
        """The slots in which she can not be at this school, for she is on her way there or back."""
        if school_id not in self._out_of_reach:
            self._out_of_reach[school_id] = self._on_the_way(school_id, travel)
        return self._out_of_reach[school_id]

    def is_at(self, school_id: UUID, day: int) -> bool:
        """Whether she is at this school that day already."""
        days = self._days_at.get(school_id)
        if days is None:
            found = (stand.first for stand in self.stands if stand.school_id == school_id)
            days = frozenset(self.horizon.day_of_slot[first] for first in found)
            self._days_at[school_id] = days
        return day in days

    def _on_the_way(self, school_id: UUID, travel: Travel) -> int:
        slots = 0
        ways = {  # she stands at few schools, and often
            other: (travel.slots(school_id, other), travel.slots(other, school_id))
            for other in {stand.school_id for stand in self.stands}
        }
        driving = self._driving
        for stand in self.stands:
            there, back = ways[stand.school_id]
            slots |= self.horizon.mask(driving.leaves(stand.first, there), stand.first)
            slots |= self.horizon.mask(stand.end, driving.arrives(stand.end, back))
        going = travel.slots(self.coach.home_base, school_id)
        coming = travel.slots(school_id, self.coach.home_base)
        return slots | self._at_the_ends(going, coming) if going or coming else slots

    def _at_the_ends(self, going: int, coming: int) -> int:
        """The first and last slots of each of her days, spent between her base and the school."""
        worked, slots, driving = self.free, 0, self._driving
        for stand in self.stands:
            worked |= self.horizon.mask(stand.first, stand.end)
        line = format(
            worked, f"0{self.horizon.slots}b"
        )  # searched as a text: quicker than by masks
        for day in self.horizon.day_stretches:
            first = line.find("1", day.first, day.end)
            if first >= 0:
                end = line.rfind("1", day.first, day.end) + 1
                slots |= self.horizon.mask(first, driving.arrives(first, going))
                slots |= self.horizon.mask(driving.leaves(end, coming), end)
        return slots

    def on_the_road(self, travel: Travel) -> tuple[int, int]:
        """The slots in which she drives from school to school, if at once and if at the last moment.

        An online meeting may take away the one or the other, for there she is at neither school.
        """
        if self._on_the_road is None:
            here, base = self.free | self.online, self.coach.home_base
            for stand in self.stands:
                here |= self.horizon.mask(stand.first, stand.end)
            self._on_the_road = self._driving.at_once_or_at_last(self.stands, here, base, travel)
        return self._on_the_road

    @property
    def _driving(self) -> Driving:
        return Driving(self.horizon, self.online)

    def _ceiling(self, day: int) -> int:
        return self.day_ceilings.get(day, self.coach.sessions_per_day)

    def _note_full(self, day: int) -> None:
        if self.sessions.get(day, 0) >= self._ceiling(day):
            self._full_days |= self.horizon.day_masks[day]


@dataclass
class TeacherTime:
    """What is known of a teacher: when she has sessions, whom she has met, and who appraises her."""

    busy: int = 0
    met: frozenset[UUID] = frozenset()
    appraisers: frozenset[UUID] = frozenset()
