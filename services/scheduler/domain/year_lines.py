"""The fields of a school year that have a line for each entry: read, and written back. Pure.

Blanks and case count for nothing but in names. What is written reads back as the same.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Generic, TypeVar

from services.scheduler.domain.school_time import (
    WEEKDAY_LABELS,
    BellSchedule,
    Closure,
    ClosureKind,
    Period,
    Term,
)
from services.scheduler.domain.typed_time import CLOCK, DATE, TO, a_clock, a_date, a_weekday
from services.scheduler.domain.year_rules import LONGEST_YEAR, Wrong

T = TypeVar("T")
_FLAGS = re.IGNORECASE | re.ASCII
_PERIOD = re.compile(f"(?P<name>.+?):? (?P<a>{CLOCK}){TO}(?P<b>{CLOCK})", _FLAGS)
_PERIOD_BEHIND = re.compile(f"(?P<a>{CLOCK}){TO}(?P<b>{CLOCK}):? (?P<name>.+)", _FLAGS)
_TERM = re.compile(f"(.+?):? ({DATE}){TO}({DATE})", _FLAGS)
_SPECIAL = re.compile(f"({DATE})[,:]? (.+)", _FLAGS)
_CLOSURE = re.compile(f"({DATE})(?:{TO}({DATE}))?(?:[,:]? (.+))?", _FLAGS)
_KIND = re.compile(
    r"(?P<kind>holiday|pd[ _]?day|pd|closed|no school|)(?:[,;]? ?(?P<lost>label lost))?", _FLAGS
)
_EVERY_DAY = frozenset({"", "every day", "each day", "all days", "daily"})
_OF_LABELS = re.compile(r"(?:days?|labels?) (.+)", re.IGNORECASE)
_OF_SPECIAL = re.compile(r"special (.+)", re.IGNORECASE)
_ON = re.compile(r"(?:on|weekdays?) ", re.IGNORECASE)
_NEXT_WORD = re.compile(r"[, ]+")
_PD_DAY = "PD day"
_A_DAY = timedelta(days=1)


@dataclass
class Lines(Generic[T]):
    """What the lines of a field say: the entries, in which line each stands, and what is wrong."""

    entries: list[T] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    faults: list[tuple[int, Wrong]] = field(default_factory=list)


def read_terms(typed: str) -> Lines[Term]:
    """`Fall 2026-09-01 to 2027-01-29`."""
    return _each(typed, _term)


def read_closures(typed: str) -> Lines[Closure]:
    """`2026-10-12 holiday`, `2026-10-23 PD day`, `2026-12-21 to 2027-01-01 holiday, label lost`."""
    return _each(typed, _closures)


def read_specials(typed: str) -> Lines[tuple[date, str]]:
    """`2026-10-07 late start`."""
    return _each(typed, _special)


def read_bells(typed: str) -> Lines[BellSchedule]:
    """A line that says for which days, as `days 1, 3; fri:`, and under it `1 8:30-9:25`.

    Periods without such a line above them are rung every day.
    """
    read: Lines[BellSchedule] = Lines()
    for number, line in _lines(typed):
        period = _period(line)
        if isinstance(period, Wrong):
            read.faults.append((number, period))
        elif period is None:
            _open(read, number, line)
        else:
            if not read.entries:
                _open(read, number, "")
            _ring(read, number, period)
    return read


def written_terms(terms: Sequence[Term]) -> str:
    """A line for each."""
    return "\n".join(f"{term.name} {term.first_day} to {term.last_day}" for term in terms)


def written_specials(specials: Sequence[tuple[date, str]]) -> str:
    """A line for each."""
    return "\n".join(f"{day} {name}" for day, name in specials)


def written_closures(closures: Sequence[Closure]) -> str:
    """A line for each row of days that are alike."""
    return "\n".join(
        f"{_span(first, last)} {_kind(first)}" for first, last in _alike(list(closures))
    )


def written_bells(bells: Sequence[BellSchedule]) -> str:
    """Each schedule below the line that says for which days, with a blank line between."""
    return "\n\n".join("\n".join((f"{_days(bell)}:", *map(_rung, bell.periods))) for bell in bells)


def _lines(typed: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(typed.splitlines(), start=1):
        if words := line.split():
            yield number, " ".join(words)


def _each(typed: str, read_line: Callable[[str], list[T] | Wrong]) -> Lines[T]:
    read: Lines[T] = Lines()
    for number, line in _lines(typed):
        found = read_line(line)
        if isinstance(found, Wrong):
            read.faults.append((number, found))
            continue
        for entry in found:
            read.places[str(len(read.entries))] = number
            read.entries.append(entry)
    return read


def _term(line: str) -> list[Term] | Wrong:
    found = _TERM.fullmatch(line)
    if found is None:
        return Wrong.NO_TERM
    first, last = a_date(found[2]), a_date(found[3])
    if first is None or last is None:
        return Wrong.NO_DATE
    return [Term(name=found[1], first_day=first, last_day=last)]


def _special(line: str) -> list[tuple[date, str]] | Wrong:
    found = _SPECIAL.fullmatch(line)
    if found is None:
        return Wrong.NO_SPECIAL
    day = a_date(found[1])
    return Wrong.NO_DATE if day is None else [(day, found[2])]


def _closures(line: str) -> list[Closure] | Wrong:
    found = _CLOSURE.fullmatch(line)
    meant = _KIND.fullmatch(found[3] or "") if found else None
    if found is None or meant is None:
        return Wrong.NO_CLOSURE
    first, last = a_date(found[1]), a_date(found[2] or found[1])
    if first is None or last is None:
        return Wrong.NO_DATE
    if last < first:
        return Wrong.ENDS_FIRST
    if (last - first).days > LONGEST_YEAR:
        return Wrong.TOO_LONG
    kind, shifts = _kind_of(meant["kind"].lower()), meant["lost"] is None
    days = (first + timedelta(days=step) for step in range((last - first).days + 1))
    return [Closure(day=day, kind=kind, shifts=shifts) for day in days]


def _kind_of(word: str) -> ClosureKind:
    if word.startswith("pd"):
        return ClosureKind.PD_DAY
    return ClosureKind.CLOSED if word in {"closed", "no school"} else ClosureKind.HOLIDAY


def _period(line: str) -> Period | Wrong | None:
    """None when the line is none of a period."""
    found = _PERIOD.fullmatch(line) or _PERIOD_BEHIND.fullmatch(line)
    if found is None:
        return None
    starts, ends = a_clock(found["a"]), a_clock(found["b"])
    if starts is None or ends is None:
        return Wrong.NO_CLOCK
    return Period(name=found["name"], starts=starts, ends=ends)


def _schedule(line: str) -> BellSchedule | Wrong:
    labels: tuple[str, ...] = ()
    weekdays: tuple[int, ...] = ()
    special = ""
    for part in (part.strip() for part in line.removesuffix(":").split(";")):
        if named := _OF_LABELS.fullmatch(part):
            labels += tuple(word for word in _NEXT_WORD.split(named[1]) if word)
        elif named := _OF_SPECIAL.fullmatch(part):
            special = named[1]
        elif part.lower() not in _EVERY_DAY:
            words = [word for word in _NEXT_WORD.split(_ON.sub("", part)) if word != "and"]
            meant = [a_weekday(word) for word in words]
            if None in meant:
                return Wrong.NO_SCHEDULE
            weekdays += tuple(day for day in meant if day is not None)
    return BellSchedule(periods=(), labels=labels, weekdays=weekdays, special=special)


def _open(read: Lines[BellSchedule], number: int, line: str) -> None:
    """Another schedule begins; one that can not be read is kept for what stands below it.

    What has a number and is none is a period that can not be read.
    """
    found = _schedule(line)
    if isinstance(found, Wrong):
        if any(letter.isdigit() for letter in line) and not line.endswith(":"):
            read.faults.append((number, Wrong.NO_PERIOD))
            return
        read.faults.append((number, found))
        found = BellSchedule(periods=())
    read.places[str(len(read.entries))] = number
    read.entries.append(found)


def _ring(read: Lines[BellSchedule], number: int, period: Period) -> None:
    last = len(read.entries) - 1
    bell = read.entries[last]
    read.places[f"{last}.periods.{len(bell.periods)}"] = number
    read.entries[last] = BellSchedule(
        periods=(*bell.periods, period),
        labels=bell.labels,
        weekdays=bell.weekdays,
        special=bell.special,
    )


def _days(bell: BellSchedule) -> str:
    parts = []
    if bell.labels:
        parts.append(f"days {', '.join(bell.labels)}")
    if bell.weekdays:
        parts.append(", ".join(WEEKDAY_LABELS[day - 1] for day in bell.weekdays))
    if bell.special:
        parts.append(f"special {bell.special}")
    return "; ".join(parts) or "every day"


def _rung(period: Period) -> str:
    return f"{period.name} {period.starts:%H:%M}-{period.ends:%H:%M}"


def _alike(closures: list[Closure]) -> Iterator[tuple[Closure, Closure]]:
    """Rows of days that follow each other and are closed alike: the first and the last of each."""
    first = last = None
    for closure in closures:
        if first is not None and last is not None:
            if closure.day - last.day == _A_DAY and _kind(closure) == _kind(first):
                last = closure
                continue
            yield first, last
        first = last = closure
    if first is not None and last is not None:
        yield first, last


def _span(first: Closure, last: Closure) -> str:
    return f"{first.day}" if first.day == last.day else f"{first.day} to {last.day}"


def _kind(closure: Closure) -> str:
    kind = _PD_DAY if closure.kind is ClosureKind.PD_DAY else closure.kind.value
    return kind if closure.shifts else f"{kind}, label lost"
