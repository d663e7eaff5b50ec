"""Dates, clock times and weekdays as people type them, and as they are written back. Pure; wall time.

A date is 2026-09-01, 2026/9/1, Sep 1, 2026 or 1 Sep 2026; a clock time 8:30, 8h30, 08.30 or 1:05 pm.
"""

import re
from datetime import date, time

DATE = (
    r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}"
    r"|[a-z]{3,9}\.? \d{1,2},? \d{4}"
    r"|\d{1,2} [a-z]{3,9}\.?,? \d{4})"
)
CLOCK = r"(?:\d{1,2} ?[:.h] ?\d{2}(?: ?[ap]\.? ?m\.?)?|\d{1,2} ?[ap]\.? ?m\.?)"
TO = r" ?(?:to|until|till|-|\u2013|\u2014|\.\.) ?"
_CLOCK_PARTS = re.compile(r"(\d{1,2}) ?(?:[:.h] ?(\d{2}))? ?(?:([ap])\.? ?m\.?)?", re.ASCII)
_BETWEEN = re.compile(r"[-/., ]+")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_LONGEST_NUMBER = 4
_SHORTEST = 3  # letters of a name that stand for it
# "1:05" behind lunch is afternoon: no school rings a bell that early. "01:05" is as it is written.
_AFTERNOON = range(1, 7)


def a_date(typed: str) -> date | None:
    """The date that was typed; None when there is no such date."""
    words = [word for word in _BETWEEN.split(typed.strip().lower()) if word]
    names = [word for word in words if word.isalpha()]
    numbers = [int(word) for word in words if word.isdecimal() and len(word) <= _LONGEST_NUMBER]
    match (len(words), names, numbers):
        case (3, [], [year, month, day]):
            return _date(year, month, day)
        case (3, [name], [day, year]):
            return _date(year, (_index(name, _MONTHS) or 0), day)
        case _:
            return None


def a_clock(typed: str) -> time | None:
    """The wall time that was typed; None when there is no such time."""
    found = _CLOCK_PARTS.fullmatch(typed.strip().lower())
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + 12 * (half == "p")
    elif hour in _AFTERNOON and len(found[1]) == 1:
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None


def a_weekday(typed: str) -> int | None:
    """Monday is 1: by its name, by that name's first letters, or by many of them; else None."""
    word = typed.strip().lower().rstrip(".")
    return _index(word, _WEEKDAYS) or _index(word.removesuffix("s"), _WEEKDAYS)


def _index(word: str, names: tuple[str, ...]) -> int | None:
    if len(word) < _SHORTEST:
        return None
    return next((n for n, name in enumerate(names, start=1) if name.startswith(word)), None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
