"""The ways between schools as an admin gives them: in lines, by the schools' keys, in each direction. Pure.

`tamarack birch 12` is the way from Tamarack to Birch; `tamarack <-> birch 12` is both ways. What is
written reads back as the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

SLOWEST, FASTEST = 5, 130  # km/h
LONGEST = 480  # minutes
MOST = 5_000
_THERE = frozenset({"to", "->", "\u2192"})
_BOTH_WAYS = frozenset({"<->", "\u2194"})
_MINUTES = frozenset({"min", "mins", "minutes"})
Table = Mapping[tuple[UUID, UUID], int]


class WayWrong(StrEnum):
    """What can be wrong with a way."""

    NO_WAY = "no_way"
    NO_SCHOOL = "no_school"
    NOWHERE = "nowhere"
    TWICE = "twice"
    MINUTES = "minutes"
    TOO_MANY = "too_many"
    SPEED = "speed"


SAID: Mapping[WayWrong, tuple[str, str]] = {
    WayWrong.NO_WAY: ("names no way", "two schools and minutes, as in: tamarack birch 12"),
    WayWrong.NO_SCHOOL: ("names no school of the division", "the key of a school"),
    WayWrong.NOWHERE: ("leads to where it begins", "two different schools"),
    WayWrong.TWICE: ("is named twice", "each way once"),
    WayWrong.MINUTES: ("takes no such time", f"0 to {LONGEST} minutes"),
    WayWrong.TOO_MANY: ("has too many entries", f"at most {MOST}"),
    WayWrong.SPEED: ("is no such speed", f"{SLOWEST} to {FASTEST} km/h"),
}


@dataclass(frozen=True, kw_only=True)
class Way:
    """The minutes from one school to another, by their keys."""

    start: str
    end: str
    minutes: int


@dataclass(frozen=True, kw_only=True)
class KnownTravel:
    """What is known of the division's travel: its speed where only places are known, and the table."""

    kmh: int
    table: Table
    version: int


@dataclass(frozen=True, kw_only=True)
class WayFault:
    """What is wrong with the way of this index; -1 where it is the speed, or all of them."""

    index: int
    wrong: WayWrong


@dataclass
class WayLines:
    """The ways that were typed, in which line each stands, and the lines that name none."""

    ways: list[Way] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    unread: list[int] = field(default_factory=list)


def read_ways(typed: str) -> WayLines:
    """A line for each way; blanks, commas and case count for nothing."""
    read = WayLines()
    for number, line in enumerate(typed.splitlines(), start=1):
        words = line.lower().replace(",", " ").replace(":", " ").split()
        if not words:
            continue
        found = list(_ways(words))
        read.ways += found
        read.lines += [number] * len(found)
        if not found:
            read.unread.append(number)
    return read


def written_ways(table: Table, keys: Mapping[UUID, str]) -> str:
    """A line for each way, by the schools' keys."""
    ways = sorted((keys[start], keys[end], minutes) for (start, end), minutes in table.items())
    return "\n".join(f"{start} {end} {minutes}" for start, end, minutes in ways)


def faults(ways: Sequence[Way], kmh: int, schools: Mapping[str, UUID]) -> Iterator[WayFault]:
    """Everything that is wrong with these ways between these schools, and with the speed."""
    if not SLOWEST <= kmh <= FASTEST:
        yield WayFault(index=-1, wrong=WayWrong.SPEED)
    if len(ways) > MOST:
        yield WayFault(index=-1, wrong=WayWrong.TOO_MANY)
    seen: set[tuple[str, str]] = set()
    for index, way in enumerate(ways):
        yield from (WayFault(index=index, wrong=wrong) for wrong in _wrongs(way, schools))
        if (way.start, way.end) in seen:
            yield WayFault(index=index, wrong=WayWrong.TWICE)
        seen.add((way.start, way.end))


def table_of(ways: Sequence[Way], schools: Mapping[str, UUID]) -> Table:
    """The table that these ways make; they have no faults."""
    return {(schools[way.start], schools[way.end]): way.minutes for way in ways}


def _ways(words: Sequence[str]) -> Iterator[Way]:
    if len(words) > 3 and words[-1] in _MINUTES:
        words = words[:-1]
    both = len(words) == 4 and words[1] in _BOTH_WAYS
    if both or (len(words) == 4 and words[1] in _THERE):
        words = (words[0], *words[2:])
    if len(words) != 3 or not words[2].isdecimal() or len(words[2]) > 4:
        return
    start, end, minutes = words[0], words[1], int(words[2])
    yield Way(start=start, end=end, minutes=minutes)
    if both:
        yield Way(start=end, end=start, minutes=minutes)


def _wrongs(way: Way, schools: Mapping[str, UUID]) -> Iterator[WayWrong]:
    if way.start not in schools or way.end not in schools:
        yield WayWrong.NO_SCHOOL
    elif way.start == way.end:
        yield WayWrong.NOWHERE
    if not 0 <= way.minutes <= LONGEST:
        yield WayWrong.MINUTES
