"""What a school can live by: each rule of a school year, and every fault with its field. Pure."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from services.scheduler.domain.school_time import BellSchedule, Period, SchoolTime, Term
from services.scheduler.domain.travel import Spot

LONGEST_YEAR = 400  # days
LONGEST_NAME, LONGEST_COVER = 40, 200
MOST_LABELS, MOST_TERMS, MOST_BELLS, MOST_PERIODS = 15, 20, 60, 40
_MOST = {
    "terms": MOST_TERMS,
    "bells": MOST_BELLS,
    "closures": LONGEST_YEAR,
    "specials": LONGEST_YEAR,
}
_LABEL = re.compile(r"[^\s,;:/]{1,20}\Z")
_WEEK = frozenset(range(1, 8))


class Wrong(StrEnum):
    """What can be wrong with a school year, as given or as typed."""

    NO_DATE = "no_date"
    NO_CLOCK = "no_clock"
    NO_PLACE = "no_place"
    NO_WEEKDAY = "no_weekday"
    NO_LABEL = "no_label"
    BAD_LABEL = "bad_label"
    BAD_NAME = "bad_name"
    BAD_COVER = "bad_cover"
    ENDS_FIRST = "ends_first"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    TWICE = "twice"
    OUTSIDE = "outside"
    DECLARED = "declared"
    NO_PERIOD = "no_period"
    NO_SCHEDULE = "no_schedule"
    NO_CLOSURE = "no_closure"
    NO_TERM = "no_term"
    NO_SPECIAL = "no_special"


SAID: Mapping[Wrong, tuple[str, str]] = {
    Wrong.NO_DATE: ("is no date", "a date, as in 2026-09-01"),
    Wrong.NO_CLOCK: ("is no time of day", "hours and minutes, as in 08:30"),
    Wrong.NO_PLACE: ("is no place on the map", "degrees north and east, as in 53.54, -113.49"),
    Wrong.NO_WEEKDAY: ("names no weekday", "1 (Monday) to 7 (Sunday), at least one"),
    Wrong.NO_LABEL: ("names no day of this school", "one of its day labels"),
    Wrong.BAD_LABEL: ("is no day label", "up to 20 characters without blank, comma, ; : or /"),
    Wrong.BAD_NAME: ("is no name", f"1 to {LONGEST_NAME} visible characters without ; and :"),
    Wrong.BAD_COVER: ("can not be kept", f"one line of at most {LONGEST_COVER} characters"),
    Wrong.ENDS_FIRST: ("ends before it begins", "an end that is later"),
    Wrong.TOO_LONG: ("is too long", f"at most {LONGEST_YEAR} days"),
    Wrong.TOO_MANY: ("has too many entries", "fewer"),
    Wrong.TWICE: ("stands there twice", "each once"),
    Wrong.OUTSIDE: ("lies outside of the school year", "a date within it"),
    Wrong.DECLARED: ("is closed on short notice already", "take that closure back first"),
    Wrong.NO_PERIOD: ("names no period", "a name and its times, as in: 1 8:30-9:25"),
    Wrong.NO_SCHEDULE: ("names no days", "as in: every day; days 1, 3; fri; special late start"),
    Wrong.NO_CLOSURE: ("names no closure", "a date and holiday or PD day"),
    Wrong.NO_TERM: ("names no term", "a name and two dates"),
    Wrong.NO_SPECIAL: ("names no special day", "a date and the name of its bells"),
}


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that is wrong, and in which field: `bells.0.periods.2`."""

    field: str
    wrong: Wrong

    @property
    def message(self) -> str:
        """What is wrong, behind the field's name."""
        return SAID[self.wrong][0]

    @property
    def right(self) -> str:
        """What would be right."""
        return SAID[self.wrong][1]


class SchoolTimeError(ValueError):
    """What was given can not be a school's time. `faults` has every one."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        said = (f"{fault.field}: {fault.message}; right is: {fault.right}" for fault in faults)
        super().__init__("\n".join(said))
        self.faults = faults


def checked(given: SchoolTime, now: SchoolTime | None = None) -> SchoolTime:
    """The same, if a school can live by it as it stands `now`; raises SchoolTimeError."""
    if found := (*faults(given), *clashes(given, now)):
        raise SchoolTimeError(found)
    return given


def faults(given: SchoolTime) -> Iterator[Fault]:
    """Every fault, in the order of the fields."""
    for field, wrong in _faults(given):
        yield Fault(field=field, wrong=wrong)


def clashes(given: SchoolTime, now: SchoolTime | None) -> Iterator[Fault]:
    """Planned closures of days that stand declared closed: the plan would be lost with that."""
    declared = {closure.day for closure in now.declared} if now else set()
    for index, closure in enumerate(given.closures):
        if closure.day in declared and not closure.declared:
            yield Fault(field=f"closures.{index}", wrong=Wrong.DECLARED)


_Found = Iterator[tuple[str, Wrong]]


def _faults(given: SchoolTime) -> _Found:
    yield from _line_faults(given)
    for field, most in _MOST.items():
        if len(getattr(given, field)) > most:
            yield field, Wrong.TOO_MANY
    for index, term in enumerate(given.terms):
        yield from ((f"terms.{index}", wrong) for wrong in _term_faults(term, given))
    for index, bell in enumerate(given.bells):
        yield from ((f"bells.{index}{rest}", wrong) for rest, wrong in _bell_faults(bell, given))
    yield from _day_faults("closures", [closure.day for closure in given.closures], given)
    yield from _day_faults("specials", [day for day, _ in given.specials], given)
    for index, (_day, name) in enumerate(given.specials):
        if not _is_name(name):
            yield f"specials.{index}", Wrong.BAD_NAME


def _line_faults(given: SchoolTime) -> _Found:
    if not given.first_day < given.last_day:
        yield "last_day", Wrong.ENDS_FIRST
    if (given.last_day - given.first_day).days > LONGEST_YEAR:
        yield "last_day", Wrong.TOO_LONG
    yield from _label_faults(given.labels)
    if not given.weekdays or not set(given.weekdays) <= _WEEK:
        yield "weekdays", Wrong.NO_WEEKDAY
    if not _is_plain(given.cover, LONGEST_COVER, least=0):
        yield "cover", Wrong.BAD_COVER
    if given.spot is not None and not _is_on_the_map(given.spot):
        yield "spot", Wrong.NO_PLACE


def _label_faults(labels: tuple[str, ...]) -> _Found:
    if len(labels) > MOST_LABELS:
        yield "labels", Wrong.TOO_MANY
    if any(not _LABEL.match(label) or not label.isprintable() for label in labels):
        yield "labels", Wrong.BAD_LABEL
    if len(set(labels)) != len(labels):
        yield "labels", Wrong.TWICE


def _term_faults(term: Term, given: SchoolTime) -> Iterator[Wrong]:
    if not _is_name(term.name):
        yield Wrong.BAD_NAME
    if term.last_day < term.first_day:
        yield Wrong.ENDS_FIRST
    if term.first_day < given.first_day or given.last_day < term.last_day:
        yield Wrong.OUTSIDE


def _bell_faults(bell: BellSchedule, given: SchoolTime) -> _Found:
    if set(bell.labels) - set(given.day_labels):
        yield ".labels", Wrong.NO_LABEL
    if not set(bell.weekdays) <= _WEEK:
        yield ".weekdays", Wrong.NO_WEEKDAY
    if bell.special and not _is_name(bell.special):
        yield ".special", Wrong.BAD_NAME
    if len(bell.periods) > MOST_PERIODS:
        yield ".periods", Wrong.TOO_MANY
    for index, period in enumerate(bell.periods):
        yield from ((f".periods.{index}", wrong) for wrong in _period_faults(period))


def _period_faults(period: Period) -> Iterator[Wrong]:
    if not _is_name(period.name):
        yield Wrong.BAD_NAME
    if not (_is_minute(period.starts) and _is_minute(period.ends)):
        yield Wrong.NO_CLOCK
    elif not period.starts < period.ends:
        yield Wrong.ENDS_FIRST


def _day_faults(field: str, days: Collection[date], given: SchoolTime) -> _Found:
    seen: set[date] = set()
    for index, day in enumerate(days):
        if day in seen:
            yield f"{field}.{index}", Wrong.TWICE
        if not given.first_day <= day <= given.last_day:
            yield f"{field}.{index}", Wrong.OUTSIDE
        seen.add(day)


def _is_minute(wall: time) -> bool:
    return wall.tzinfo is None and wall == wall.replace(second=0, microsecond=0, fold=0)


def _is_name(name: str) -> bool:
    return _is_plain(name, LONGEST_NAME) and not {";", ":"} & set(name)


def _is_plain(text: str, longest: int, *, least: int = 1) -> bool:
    return least <= len(text) <= longest and text.isprintable() and text == " ".join(text.split())


def _is_on_the_map(spot: Spot) -> bool:
    return abs(spot.latitude) <= 90 and abs(spot.longitude) <= 180  # of nan neither is true
