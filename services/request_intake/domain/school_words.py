"""Times in a school's own words: which there are, and whether an ask uses only those. Pure."""

from dataclasses import dataclass

from services.request_intake.domain.remit import NotOffered
from shared.events.vocabulary import SchoolWindow


@dataclass(frozen=True, kw_only=True)
class SchoolWords:
    """What a school calls its days and periods. `prepares`: this teacher's prep periods are known."""

    labels: tuple[str, ...] = ()
    by_weekday: bool = False
    periods: tuple[str, ...] = ()
    prepares: bool = False

    @property
    def are_known(self) -> bool:
        """Whether anything can be said in them."""
        return bool(self.labels)


def school_window_fault(windows: tuple[SchoolWindow, ...], words: SchoolWords) -> NotOffered | None:
    """The first window that names no time of this school, or None."""
    for index, window in enumerate(windows):
        place = f"school_windows.{index}"
        if window.prep and (window.label or window.period):
            return NotOffered(
                field=f"{place}.prep", message="stands alone", right="no label and no period"
            )
        if window.prep and not words.prepares:
            return NotOffered(
                field=f"{place}.prep",
                message="can not be used: your timetable is not known",
                right="a label and a period",
            )
        if not (window.prep or window.label or window.period):
            return NotOffered(
                field=f"{place}.label", message="is missing", right="a label, a period, or both"
            )
        if fault := _unknown(window, words, place):
            return fault
    return None


def _unknown(window: SchoolWindow, words: SchoolWords, place: str) -> NotOffered | None:
    for name, value, known in (
        ("label", window.label, words.labels),
        ("period", window.period, words.periods),
    ):
        if value and value not in known:
            right = f"one of: {', '.join(known)}" if known else "clock times in windows"
            return NotOffered(
                field=f"{place}.{name}", message="is not known at this school", right=right
            )
    return None
