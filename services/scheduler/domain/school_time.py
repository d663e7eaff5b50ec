"""A school's own time: its year, the labels of its days, its bells. Pure; wall time until expanded.

A day's label comes from counting school days from the year's first. A closure that shifts takes no
label: the next school day has it. One that does not shift keeps its label, and it is lost.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache
from uuid import UUID

from services.scheduler.domain.local_week import Horizon, instant_of
from services.scheduler.domain.travel import Spot
from shared.events.vocabulary import SchoolWindow

WEEKDAY_LABELS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WORKING_WEEK = (1, 2, 3, 4, 5)


class ClosureKind(StrEnum):
    """Why there is no school: planned, for its staff's own learning, or closed on the day."""

    HOLIDAY = "holiday"
    PD_DAY = "pd_day"
    CLOSED = "closed"


@dataclass(frozen=True, kw_only=True)
class Period:
    """A stretch between two bells. Two of one name are variants of it (a split lunch): both count."""

    name: str
    starts: time
    ends: time


@dataclass(frozen=True, kw_only=True)
class BellSchedule:
    """The periods of days with one of these labels and weekdays (ISO; none named: all).

    `special` names a schedule that is rung only on the dates that say so: a late start.
    """

    periods: tuple[Period, ...]
    labels: tuple[str, ...] = ()
    weekdays: tuple[int, ...] = ()
    special: str = ""

    def fits(self, label: str, weekday: int, special: str) -> bool:
        """Whether it may be rung on such a day."""
        return (
            self.special == special
            and (not self.labels or label in self.labels)
            and (not self.weekdays or weekday in self.weekdays)
        )


@dataclass(frozen=True, kw_only=True)
class Closure:
    """A date without school. `shifts`: the label that it would have had goes to the next school day.

    `declared`: it was closed on short notice, and is no part of the year as it was planned.
    """

    day: date
    kind: ClosureKind
    shifts: bool = True
    declared: bool = False


@dataclass(frozen=True, kw_only=True)
class Term:
    """A named part of the school year, both days included."""

    name: str
    first_day: date
    last_day: date


@dataclass(frozen=True, kw_only=True)
class SchoolDay:
    """One date on which the school teaches."""

    day: date
    label: str
    periods: tuple[Period, ...]
    special: str = ""


@dataclass(frozen=True, kw_only=True)
class SchoolTime:
    """A school year as its school lives it.

    Without `labels` a day is called by its weekday. `shifts`: whether a closure declared on the day
    pushes the labels on. `cover` says who takes a class while its teacher meets her coach; empty,
    nobody does. `specials` are (date, name of the special schedule).
    """

    school_id: UUID
    name: str
    first_day: date
    last_day: date
    version: int = 1
    labels: tuple[str, ...] = ()
    weekdays: tuple[int, ...] = _WORKING_WEEK
    shifts: bool = True
    cover: str = ""
    terms: tuple[Term, ...] = ()
    bells: tuple[BellSchedule, ...] = ()
    closures: tuple[Closure, ...] = ()
    specials: tuple[tuple[date, str], ...] = ()
    spot: Spot | None = None

    @property
    def day_labels(self) -> tuple[str, ...]:
        """What its days are called, in their order."""
        return self.labels or tuple(WEEKDAY_LABELS[weekday - 1] for weekday in self.weekdays)

    @property
    def period_names(self) -> tuple[str, ...]:
        """What its periods are called, in the order of the bells."""
        periods = sorted(
            (period for bell in self.bells for period in bell.periods), key=lambda p: p.starts
        )
        return tuple(dict.fromkeys(period.name for period in periods))

    @property
    def planned(self) -> tuple[Closure, ...]:
        """Its closures as the year was planned, without those declared on short notice."""
        return tuple(closure for closure in self.closures if not closure.declared)

    @property
    def declared(self) -> tuple[Closure, ...]:
        """Its closures that were declared on short notice."""
        return tuple(closure for closure in self.closures if closure.declared)

    def as_planned(self) -> "SchoolTime":
        """All that an admin writes of it: without version and name, and what was declared since."""
        return replace(self, version=0, name="", closures=self.planned)

    def bells_of(self, label: str, weekday: int, special: str) -> tuple[Period, ...]:
        """The periods of a day: of the schedules that fit, those that say most exactly when.

        A special schedule that nobody wrote down is an ordinary day.
        """
        fitting = [bell for bell in self.bells if bell.fits(label, weekday, special)]
        if not fitting:
            return self.bells_of(label, weekday, "") if special else ()
        exactness = max((bool(bell.labels), bool(bell.weekdays)) for bell in fitting)
        return tuple(
            period
            for bell in fitting
            if (bool(bell.labels), bool(bell.weekdays)) == exactness
            for period in bell.periods
        )


@lru_cache(maxsize=2_048)
def school_year(school: SchoolTime) -> Mapping[date, SchoolDay]:
    """Each date on which the school teaches, with its label and bells."""
    closures = {closure.day: closure for closure in school.closures}
    specials = dict(school.specials)
    days: dict[date, SchoolDay] = {}
    counted = 0
    for step in range((school.last_day - school.first_day).days + 1):
        day = school.first_day + timedelta(days=step)
        if day.isoweekday() not in school.weekdays:
            continue
        closure = closures.get(day)
        if closure is not None:
            counted += not closure.shifts
            continue
        label = (
            school.labels[counted % len(school.labels)]
            if school.labels
            else WEEKDAY_LABELS[day.isoweekday() - 1]
        )
        special = specials.get(day, "")
        periods = school.bells_of(label, day.isoweekday(), special)
        days[day] = SchoolDay(day=day, label=label, periods=periods, special=special)
        counted += 1
    return days


def next_of_label(school: SchoolTime, label: str, after: date) -> date | None:
    """The first school day behind `after` that is called so; None when the year has no more."""
    days = school_year(school)
    return next((day for day in sorted(days) if day > after and days[day].label == label), None)


@dataclass(frozen=True, kw_only=True)
class Timetable:
    """When a teacher teaches and when she prepares, as (day label, period name) pairs."""

    teaches: frozenset[tuple[str, str]] = frozenset()
    prepares: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class SchoolSlots:
    """A school's time over one horizon, as sets of slots."""

    school: SchoolTime
    horizon: Horizon
    _kept: dict[tuple[str, str], int] = field(default_factory=dict, compare=False)

    @cached_property
    def in_session(self) -> int:
        """The whole local days on which it teaches."""
        return self._days(school_year(self.school))

    @cached_property
    def staffed(self) -> int:
        """The whole local days on which its teachers are there: also those of their own learning."""
        learning = {c.day for c in self.school.closures if c.kind is ClosureKind.PD_DAY}
        return self.in_session | self._days(learning)

    def window(self, label: str, period: str) -> int:
        """The slots of a period on days of a label. An empty word means any of them."""
        key = (label, period)
        if key not in self._kept:
            self._kept[key] = self._window(label, period)
        return self._kept[key]

    def wanted(self, window: SchoolWindow, timetable: Timetable | None) -> int:
        """The slots that she means by it; none by “my prep” when her timetable is not known."""
        if not window.prep:
            return self.window(window.label, window.period)
        return self.pairs(timetable.prepares) if timetable else 0

    def pairs(self, of: frozenset[tuple[str, str]]) -> int:
        """The slots of all these (label, period) pairs."""
        slots = 0
        for label, period in of:
            slots |= self.window(label, period)
        return slots

    def _window(self, label: str, period: str) -> int:
        horizon, slots = self.horizon, 0
        year = school_year(self.school)
        for day in horizon.days:
            found = year.get(day)
            if found is None or (label and found.label != label):
                continue
            for one in found.periods:
                if not period or one.name == period:
                    begins = instant_of(day, one.starts, horizon.zone)
                    slots |= horizon.within(begins, instant_of(day, one.ends, horizon.zone))
        return slots

    def _days(self, days: Container[date]) -> int:
        slots = 0
        for day, mask in zip(self.horizon.days, self.horizon.day_masks, strict=True):
            if day in days:
                slots |= mask
        return slots


@lru_cache(maxsize=1_024)
def slots_of(school: SchoolTime, horizon: Horizon) -> SchoolSlots:
    """The school's slots; worked out once for each school, version and horizon."""
    return SchoolSlots(school, horizon)
