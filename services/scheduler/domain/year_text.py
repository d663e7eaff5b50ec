"""A school year as its admin types it, and as it is written back. Pure.

What is written reads back as the same year. Every fault names its field, and its line where there are
several: those of the lines themselves, and those of the rules that every year has to keep.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from services.scheduler.domain.school_time import SchoolTime
from services.scheduler.domain.schools import KnownSchool
from services.scheduler.domain.travel import Spot
from services.scheduler.domain.typed_time import a_date
from services.scheduler.domain.year_lines import (
    Lines,
    read_bells,
    read_closures,
    read_specials,
    read_terms,
    written_bells,
    written_closures,
    written_specials,
    written_terms,
)
from services.scheduler.domain.year_rules import Wrong, faults

T = TypeVar("T")
_BETWEEN = re.compile(r"[,;\s]+")


@dataclass(frozen=True, kw_only=True)
class YearText:
    """All of a school year as typed: one line, or a line for each entry."""

    first_day: str = ""
    last_day: str = ""
    labels: str = ""
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5)
    shifts: bool = True
    cover: str = ""
    terms: str = ""
    bells: str = ""
    closures: str = ""
    specials: str = ""
    spot: str = ""


@dataclass(frozen=True, kw_only=True)
class LineFault:
    """One thing that is wrong with what was typed; `line` counts from 1, and is 0 for the whole field."""

    field: str
    line: int
    wrong: Wrong


def written(year: SchoolTime) -> YearText:
    """The year as it is typed; what was declared on short notice is no part of it."""
    return YearText(
        first_day=year.first_day.isoformat(),
        last_day=year.last_day.isoformat(),
        labels=", ".join(year.labels),
        weekdays=year.weekdays,
        shifts=year.shifts,
        cover=year.cover,
        terms=written_terms(year.terms),
        bells=written_bells(year.bells),
        closures=written_closures(year.planned),
        specials=written_specials(year.specials),
        spot=f"{year.spot.latitude!r}, {year.spot.longitude!r}" if year.spot else "",
    )


def read(typed: YearText, school: KnownSchool) -> "Reading":
    """The school's year as typed, as far as it can be read, and all that is wrong with it."""
    reading = Reading()
    first, last = reading.day("first_day", typed.first_day), reading.day("last_day", typed.last_day)
    terms = reading.lines("terms", typed.terms, read_terms)
    bells = reading.lines("bells", typed.bells, read_bells)
    closures = reading.lines("closures", typed.closures, read_closures)
    specials = reading.lines("specials", typed.specials, read_specials)
    spot = reading.spot(typed.spot)
    if first is not None and last is not None:
        reading.judge(
            SchoolTime(
                school_id=school.id,
                name=school.name,
                first_day=first,
                last_day=last,
                labels=tuple(label for label in _BETWEEN.split(typed.labels) if label),
                weekdays=typed.weekdays,
                shifts=typed.shifts,
                cover=" ".join(typed.cover.split()),
                terms=terms,
                bells=bells,
                closures=closures,
                specials=specials,
                spot=spot,
            )
        )
    return reading


@dataclass
class Reading:
    """What was read: `year` as far as there is one, and the faults in the order of the fields."""

    year: SchoolTime | None = None
    faults: list[LineFault] = field(default_factory=list)
    _places: dict[str, int] = field(default_factory=dict)

    def day(self, name: str, typed: str) -> date | None:
        """A date, or a fault."""
        found = a_date(typed)
        if found is None:
            self._wrong(name, 0, Wrong.NO_DATE)
        return found

    def spot(self, typed: str) -> Spot | None:
        """A place on the map, none, or a fault."""
        words = [word for word in _BETWEEN.split(typed) if word]
        try:
            latitude, longitude = map(float, words or ("nan", "nan"))
        except ValueError:
            self._wrong("spot", 0, Wrong.NO_PLACE)
            return None
        return Spot(latitude=latitude, longitude=longitude) if words else None

    def lines(self, name: str, typed: str, read_lines: Callable[[str], Lines[T]]) -> tuple[T, ...]:
        """The entries of a field of lines."""
        found = read_lines(typed)
        for line, wrong in found.faults:
            self._wrong(name, line, wrong)
        self._places |= {f"{name}.{place}": line for place, line in found.places.items()}
        return tuple(found.entries)

    def judge(self, year: SchoolTime) -> None:
        """Take the year, with what the rules say against it."""
        self.year = year
        for fault in faults(year):
            self.refuse(fault.field, fault.wrong)

    def refuse(self, path: str, wrong: Wrong) -> None:
        """A fault of a year's entry, at the line in which it stands."""
        lines = (self._places[place] for place in _upwards(path) if place in self._places)
        self._wrong(path.partition(".")[0], next(lines, 0), wrong)

    def _wrong(self, name: str, line: int, wrong: Wrong) -> None:
        fault = LineFault(field=name, line=line, wrong=wrong)
        if fault not in self.faults:
            self.faults.append(fault)


def _upwards(path: str) -> Iterator[str]:
    while path:
        yield path
        path = path.rpartition(".")[0]
