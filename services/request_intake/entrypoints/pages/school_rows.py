"""The rows in which a teacher names times in her school's own words: "Day 2, period 4"."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.request_intake.domain.school_words import SchoolWords
from shared.events.vocabulary import SchoolWindow
from shared.ui.languages import gettext as _

ROWS = (1, 2, 3)


@dataclass(frozen=True, kw_only=True)
class SchoolRow:
    """A day label and a period, as chosen; empty means any."""

    number: int
    label: str = ""
    period: str = ""
    in_class: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.label or self.period)


EMPTY = tuple(SchoolRow(number=n) for n in ROWS)


def read(sent: Mapping[str, str]) -> tuple[SchoolRow, ...]:
    """The rows as they were sent."""
    return tuple(
        SchoolRow(
            number=n,
            label=sent.get(f"label_{n}", "").strip(),
            period=sent.get(f"period_{n}", "").strip(),
            in_class=f"teaching_{n}" in sent,
        )
        for n in ROWS
    )


def check(
    rows: tuple[SchoolRow, ...], words: SchoolWords
) -> tuple[tuple[SchoolWindow, ...], dict[str, str]]:
    """The windows that she means, and what is wrong, by field."""
    faults: dict[str, str] = {}
    for row in rows:
        if row.label and row.label not in words.labels:
            faults[f"label_{row.number}"] = _("Choose a day of your school.")
        if row.period and row.period not in words.periods:
            faults[f"period_{row.number}"] = _("Choose a period of your school.")
    if all(row.is_empty for row in rows):
        faults["label_1"] = _("Choose at least one day or period, or choose “Any time”.")
    windows = tuple(
        SchoolWindow(label=row.label, period=row.period, in_class=row.in_class)
        for row in rows
        if not row.is_empty
    )
    return windows, faults


def named(label: str, words: SchoolWords) -> str:
    """A day's label as people say it."""
    if not words.by_weekday:
        return _("Day %(label)s", label=label)
    names = {
        "mon": _("Mondays"),
        "tue": _("Tuesdays"),
        "wed": _("Wednesdays"),
        "thu": _("Thursdays"),
        "fri": _("Fridays"),
        "sat": _("Saturdays"),
        "sun": _("Sundays"),
    }
    return names.get(label, label)
