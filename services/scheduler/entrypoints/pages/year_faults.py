"""What is wrong with a school year as it was typed, in plain sentences beside its fields."""

from collections.abc import Mapping, Sequence

from services.scheduler.domain.year_rules import LONGEST_YEAR, Wrong
from services.scheduler.domain.year_text import LineFault
from shared.ui.languages import gettext as _


def by_field(faults: Sequence[LineFault]) -> Mapping[str, list[str]]:
    """The sentences of each field, in the order of its lines."""
    found: dict[str, list[str]] = {}
    for fault in sorted(faults, key=lambda fault: fault.line):
        found.setdefault(fault.field, []).append(_sentence(fault))
    return found


def _sentence(fault: LineFault) -> str:
    said = {**_of_dates_and_names(), **_of_lines()}[fault.wrong]
    return _("Line %(line)s: %(said)s", line=fault.line, said=said) if fault.line else said


def _of_dates_and_names() -> Mapping[Wrong, str]:
    return {
        Wrong.NO_DATE: _("This is no date. Write it as 2026-09-01."),
        Wrong.NO_CLOCK: _("This is no time of day. Write it as 8:30."),
        Wrong.NO_PLACE: _("This is no place. Write degrees north and east, as 53.54, -113.49."),
        Wrong.NO_WEEKDAY: _("Tick at least one weekday."),
        Wrong.NO_LABEL: _("It names a day that is not among this school's day labels."),
        Wrong.BAD_LABEL: _("A day label has up to 20 characters, without comma, ; : or /."),
        Wrong.BAD_NAME: _("A name has up to 40 characters, without ; and :."),
        Wrong.BAD_COVER: _("Say it in one line of at most 200 characters."),
        Wrong.ENDS_FIRST: _("It ends before it begins. Write an end that is later."),
        Wrong.TOO_LONG: _("It is too long: at most %(most)s days.", most=LONGEST_YEAR),
        Wrong.TOO_MANY: _("There are too many of these. Leave some out."),
        Wrong.TWICE: _("It stands there twice. Leave one out."),
        Wrong.OUTSIDE: _("It lies outside of the school year. Choose a date within it."),
        Wrong.DECLARED: _("That day is closed on short notice. Take that back first."),
    }


def _of_lines() -> Mapping[Wrong, str]:
    return {
        Wrong.NO_PERIOD: _("Write a period's name and its times, as 1 8:30-9:25."),
        Wrong.NO_SCHEDULE: _(
            "Say for which days: every day, or days 1, 3, or fri, or special late start."
        ),
        Wrong.NO_CLOSURE: _("Write a date and why, as 2026-10-12 holiday or 2026-10-23 PD day."),
        Wrong.NO_TERM: _("Write a name and two dates, as Fall 2026-09-01 to 2027-01-29."),
        Wrong.NO_SPECIAL: _("Write a date and the name of its bells, as 2026-10-07 late start."),
    }
