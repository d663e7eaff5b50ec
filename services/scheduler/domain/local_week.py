"""Weeks as the division lives them, cut into five-minute slots. The only place that expands wall time.

A local week begins with its Monday's first instant and has 167, 168 or 169 hours. A set of slots is
one int; slot 0 is its most significant bit, so that the earliest slot is found by `bit_length`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

SLOT = timedelta(minutes=5)
MINUTES_A_SLOT = SLOT // timedelta(minutes=1)
SLOTS_IN_LONGEST_WEEK = 169 * 12
_OFFERED_EVERY = 3
_DAYS = 7


@dataclass(frozen=True)
class Stretch:
    """Neighbouring slots, half-open."""

    first: int
    end: int


@dataclass(frozen=True)
class LocalWeek:
    """One week: its Monday, the instant at which that begins, and how many slots it has."""

    monday: date
    starts_at: datetime
    slots: int


def monday_of(instant: datetime, zone: ZoneInfo) -> date:
    """The Monday of the local week in which the instant falls."""
    return monday_before(instant.astimezone(zone).date())


def monday_before(day: date) -> date:
    """The Monday of the week of this day, or the day itself."""
    return day - timedelta(days=day.weekday())


@lru_cache(maxsize=65_536)
def instant_of(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """The first instant at which clocks in `zone` show `wall` or more on `day`, in UTC.

    A time that a clock change leaves out becomes the change itself; of one that comes twice it is
    the first.
    """
    local = datetime.combine(day, wall, zone)
    found = local.astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return found
    found = local.replace(fold=1).astimezone(UTC)
    while found.astimezone(zone).replace(tzinfo=None) < local.replace(tzinfo=None):
        found += SLOT
    return found


@lru_cache(maxsize=4_096)
def local_week(monday: date, zone: ZoneInfo) -> LocalWeek:
    """The local week that begins on `monday`."""
    starts_at = instant_of(monday, time(), zone)
    ends_at = instant_of(monday + timedelta(days=_DAYS), time(), zone)
    return LocalWeek(monday, starts_at, (ends_at - starts_at) // SLOT)


@dataclass(frozen=True)
class Horizon:
    """Neighbouring local weeks as one line of slots: as far as times are offered."""

    weeks: tuple[LocalWeek, ...]
    zone: ZoneInfo

    @classmethod
    def of(cls, now: datetime, weeks: int, zone: ZoneInfo) -> "Horizon":
        """The week of `now` and those after it."""
        return _horizon(monday_of(now, zone), weeks, zone)

    @cached_property
    def starts_at(self) -> datetime:
        """The first instant of the first week."""
        return self.weeks[0].starts_at

    @cached_property
    def ends_at(self) -> datetime:
        """The first instant behind the last week."""
        return self.instant(self.slots)

    @cached_property
    def slots(self) -> int:
        """How many slots there are in all."""
        return sum(week.slots for week in self.weeks)

    @cached_property
    def days(self) -> tuple[date, ...]:
        """The local dates, in order."""
        first = self.weeks[0].monday
        return tuple(first + timedelta(days=n) for n in range(_DAYS * len(self.weeks)))

    @cached_property
    def day_stretches(self) -> tuple[Stretch, ...]:
        """From where to where each local day goes."""
        borders = [self._slot(instant_of(day, time(), self.zone)) for day in self.days]
        return tuple(map(Stretch, borders, [*borders[1:], self.slots]))

    @cached_property
    def day_masks(self) -> tuple[int, ...]:
        """Each local day's slots."""
        return tuple(self.mask(day.first, day.end) for day in self.day_stretches)

    @cached_property
    def week_masks(self) -> tuple[int, ...]:
        """Each week's slots."""
        return tuple(self.mask(stretch.first, stretch.end) for stretch in self._week_stretches())

    @cached_property
    def day_of_slot(self) -> tuple[int, ...]:
        """For each slot, the index of its local day."""
        return tuple(i for i, mask in enumerate(self.day_masks) for _ in range(mask.bit_count()))

    @cached_property
    def offered(self) -> int:
        """The slots at which a session may begin: each quarter of an hour."""
        pattern = 0
        for stretch in self._week_stretches():
            for slot in range(stretch.first, stretch.end, _OFFERED_EVERY):
                pattern |= 1 << (self.slots - 1 - slot)
        return pattern

    def mask(self, first: int, end: int) -> int:
        """The set of slots from `first` to before `end`, as far as they lie within the horizon."""
        first, end = max(first, 0), min(end, self.slots)
        return ((1 << (end - first)) - 1) << (self.slots - end) if first < end else 0

    def first_weeks(self, count: int) -> int:
        """The slots of the first so many weeks."""
        return self.mask(0, sum(week.slots for week in self.weeks[:count]))

    def within(self, starts_at: datetime, ends_at: datetime) -> int:
        """The slots that lie wholly inside."""
        return self.mask(-((self.starts_at - starts_at) // SLOT), self._slot(ends_at))

    def touching(self, starts_at: datetime, ends_at: datetime) -> int:
        """The slots of which any part lies inside."""
        return self.mask(self._slot(starts_at), -((self.starts_at - ends_at) // SLOT))

    def instant(self, slot: int) -> datetime:
        """When a slot begins."""
        return self.starts_at + slot * SLOT

    def joined(self, weeks: Iterable[tuple[date, int]]) -> int:
        """One set of slots from those of single weeks; a week that is missing has none."""
        given = dict(weeks)
        line = 0
        for week in self.weeks:
            line = line << week.slots | given.get(week.monday, 0)
        return line

    def _slot(self, instant: datetime) -> int:
        return (instant - self.starts_at) // SLOT

    def _week_stretches(self) -> Iterator[Stretch]:
        first = 0
        for week in self.weeks:
            yield Stretch(first, first + week.slots)
            first += week.slots


@lru_cache(maxsize=64)
def _horizon(monday: date, weeks: int, zone: ZoneInfo) -> Horizon:
    return Horizon(
        tuple(local_week(monday + timedelta(days=_DAYS * n), zone) for n in range(weeks)), zone
    )
