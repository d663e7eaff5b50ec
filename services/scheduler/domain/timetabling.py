"""A teacher's timetable beside her school's time: which pairs there are, and what it may say. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from services.scheduler.domain.school_time import SchoolTime, Timetable

Pair = tuple[str, str]
_NOT_OF_SCHOOL = "is no period of such a day at this school"
_TWICE = "is named twice, as teaching and as preparing"


@dataclass(frozen=True, kw_only=True)
class KnownTimetable:
    """Her timetable as it is known; version 0 while nobody has said anything."""

    timetable: Timetable = field(default_factory=Timetable)
    version: int = 0


@dataclass(frozen=True, kw_only=True)
class HerDays:
    """What a teacher's timetable is about: her school, if she has one, its time and her own, if known."""

    teacher_id: UUID
    school_id: UUID | None = None
    year: SchoolTime | None = None
    known: KnownTimetable = field(default_factory=KnownTimetable)

    @property
    def stale(self) -> frozenset[Pair]:
        """What her timetable says of days and periods that her school no longer has."""
        pairs = self.known.timetable.teaches | self.known.timetable.prepares
        return pairs - every_pair(self.year) if self.year else pairs


@dataclass(frozen=True, kw_only=True)
class PairFault:
    """A pair that a timetable can not name; `field` is teaches or prepares."""

    field: str
    pair: Pair
    message: str


def periods_of(school: SchoolTime, label: str) -> tuple[str, ...]:
    """The names of the periods that may ring on days of this label, in the order of the bells."""
    rung = {
        period.name
        for bell in school.bells
        if not bell.labels or label in bell.labels
        for period in bell.periods
    }
    return tuple(name for name in school.period_names if name in rung)


def every_pair(school: SchoolTime) -> frozenset[Pair]:
    """Every (day label, period) of a school."""
    return frozenset(
        (label, period) for label in school.day_labels for period in periods_of(school, label)
    )


def faults(wanted: Timetable, school: SchoolTime) -> Sequence[PairFault]:
    """What of it can not be at this school."""
    return tuple(_faults(wanted, every_pair(school)))


def _faults(wanted: Timetable, there: frozenset[Pair]) -> Iterator[PairFault]:
    for name, pairs in (("teaches", wanted.teaches), ("prepares", wanted.prepares)):
        for pair in sorted(pairs - there):
            yield PairFault(field=name, pair=pair, message=_NOT_OF_SCHOOL)
    for pair in sorted(wanted.teaches & wanted.prepares):
        yield PairFault(field="prepares", pair=pair, message=_TWICE)
