"""A coach's weekly hours as she types them, a line for each, and as they are written back. Pure.

`mon-fri 8:30-15:30`, `tue, thu 13:00-15:00 at oak`, `fri 8:00-9:00 protected`, and by the days of a
school's cycle `days 1, 3 of oak 8:30-12:00`. What is written reads back as the same hours.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from uuid import UUID

from services.scheduler.domain.availability import DaysOfLabel, WeeklyHours
from services.scheduler.domain.own_time import OwnWrong
from services.scheduler.domain.school_time import WEEKDAY_LABELS
from services.scheduler.domain.typed_time import CLOCK, TO, a_clock, a_weekday

_FLAGS = re.IGNORECASE | re.ASCII
_AT = rf"(?P<a>{CLOCK}|\d{{1,2}}){TO}(?P<b>{CLOCK}|\d{{1,2}})(?:[, ]+(?P<rest>.+))?"
_LABELLED = re.compile(
    rf"(?:days?|labels?) (?P<labels>.+?) (?:of|at) (?P<school>\S+?):? {_AT}", _FLAGS
)
_BY_WEEKDAY = re.compile(rf"(?P<days>[^\d]+?):? {_AT}", _FLAGS)
_LONGEST = 300  # characters of a line
_BETWEEN = re.compile(r"[, &+]+")
_RANGE = re.compile(r" ?(?:-|\u2013|\u2014|to|until) ?")
_REST = re.compile(
    r"(?P<kept>protected[, ]*)?(?:(?:at )(?P<school>\S+?))?(?P<too>[, ]*protected)?", _FLAGS
)
_ALL = {"every day": range(1, 8), "daily": range(1, 8), "weekdays": range(1, 6)}
On = int | DaysOfLabel


@dataclass
class HourLines:
    """The hours that were typed, in which line each stands, and what is wrong in which line."""

    hours: list[WeeklyHours] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    faults: list[tuple[int, OwnWrong]] = field(default_factory=list)


def read_hours(typed: str, schools: Mapping[str, UUID]) -> HourLines:
    """A line for each stretch; blanks and case count for nothing. `schools` are by their keys."""
    read = HourLines()
    keys = {key.lower(): id_ for key, id_ in schools.items()}
    for number, line in enumerate(typed.splitlines(), start=1):
        if words := line.split():
            found = _stretch(" ".join(words), keys) if len(line) <= _LONGEST else OwnWrong.NO_HOURS
            if isinstance(found, OwnWrong):
                read.faults.append((number, found))
                continue
            read.hours += found
            read.lines += [number] * len(found)
    return read


def written_hours(hours: Sequence[WeeklyHours], keys: Mapping[UUID, str]) -> str:
    """A line for each stretch with all its days: by weekday first, then by label."""
    alike: dict[tuple[UUID | None, time, time, UUID | None, bool], list[On]] = {}
    for one in sorted(hours, key=lambda one: _order(one, keys)):
        school = one.on.school_id if isinstance(one.on, DaysOfLabel) else None
        alike.setdefault((school, one.starts, one.ends, one.at_school, one.protected), []).append(
            one.on
        )
    return "\n".join(
        _line(on, starts, ends, at, kept, keys) for (_, starts, ends, at, kept), on in alike.items()
    )


def _stretch(line: str, schools: Mapping[str, UUID]) -> list[WeeklyHours] | OwnWrong:
    labelled = _LABELLED.fullmatch(line)
    found = labelled or _BY_WEEKDAY.fullmatch(line)
    rest = _REST.fullmatch(found["rest"] or "") if found else None
    if found is None or rest is None:
        return OwnWrong.NO_HOURS
    starts, ends = a_clock(found["a"]), a_clock(found["b"])
    if starts is None or ends is None:
        return OwnWrong.NO_CLOCK
    on = _of_school(labelled, schools) if labelled else _weekdays(found["days"].lower())
    if isinstance(on, OwnWrong):
        return on
    at = schools.get(rest["school"].lower()) if rest["school"] else None
    if rest["school"] and at is None:
        return OwnWrong.NO_SCHOOL
    kept = bool(rest["kept"] or rest["too"])
    return [
        WeeklyHours(on=day, starts=starts, ends=ends, protected=kept, at_school=at) for day in on
    ]


def _of_school(found: re.Match[str], schools: Mapping[str, UUID]) -> list[On] | OwnWrong:
    school_id = schools.get(found["school"].lower())
    if school_id is None:
        return OwnWrong.NO_SCHOOL
    labels = [word for word in _BETWEEN.split(found["labels"]) if word not in {"", "and"}]
    return [DaysOfLabel(school_id=school_id, label=label) for label in labels]


def _weekdays(typed: str) -> list[On] | OwnWrong:
    if (every := _ALL.get(typed.strip())) is not None:
        return list(every)
    found: list[On] = []
    for part in _BETWEEN.split(_RANGE.sub("-", typed.removeprefix("on "))):
        if part in {"", "and"}:
            continue
        first, _, last = part.partition("-")
        begins, ends = a_weekday(first), a_weekday(last or first)
        if begins is None or ends is None or begins > ends:
            return OwnWrong.NO_DAY
        found += range(begins, ends + 1)
    return list(dict.fromkeys(found)) or OwnWrong.NO_DAY


def _order(one: WeeklyHours, keys: Mapping[UUID, str]) -> tuple[object, ...]:
    if isinstance(one.on, DaysOfLabel):
        return (1, keys[one.on.school_id], one.starts, len(one.on.label), one.on.label)
    return (0, "", one.starts, one.on, "")


def _line(
    on: Sequence[On],
    starts: time,
    ends: time,
    at: UUID | None,
    kept: bool,
    keys: Mapping[UUID, str],
) -> str:
    parts = [_days(on, keys), f"{starts:%H:%M}-{ends:%H:%M}"]
    if at is not None:
        parts.append(f"at {keys[at]}")
    if kept:
        parts.append("protected")
    return " ".join(parts)


def _days(on: Sequence[On], keys: Mapping[UUID, str]) -> str:
    labels = [day for day in on if isinstance(day, DaysOfLabel)]
    if labels:
        named = ", ".join(day.label for day in labels)
        return f"{'days' if len(labels) > 1 else 'day'} {named} of {keys[labels[0].school_id]}"
    return ", ".join(_spans([day for day in on if isinstance(day, int)]))


def _spans(days: Sequence[int]) -> Iterator[str]:
    """Monday to Friday as mon-fri; two neighbours stay two."""
    row: list[int] = []
    for day in (*sorted(days), 0):
        if row and day != row[-1] + 1:
            names = [WEEKDAY_LABELS[one - 1] for one in row]
            yield f"{names[0]}-{names[-1]}" if len(row) > 2 else ", ".join(names)
            row = []
        row.append(day)
