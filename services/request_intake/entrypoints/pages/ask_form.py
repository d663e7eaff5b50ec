"""The form in which a teacher asks: read as typed, then checked field by field, never half lost.

It judges only what a form can know (is it a day, is it an hour). What may be asked, the use case
decides.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from services.request_intake.domain.school_words import SchoolWords
from services.request_intake.entrypoints.pages import school_rows
from services.request_intake.entrypoints.pages.school_rows import SchoolRow
from shared.events.vocabulary import SchoolWindow, Window
from shared.http.text import TextFault, clean
from shared.identity import new_id
from shared.ui.languages import gettext as _
from shared.wall_time import Odd, instant

ROWS = (1, 2, 3)
MEETINGS = ("either", "in_person", "online")
WHEN = ("any", "these", "school", "prep")
LONGEST_WORDS = 2_000
LONGEST_ROOM = 80
_FARTHEST = timedelta(days=366)
Faults = dict[str, str]


@dataclass(frozen=True, kw_only=True)
class TimeRow:
    """One stretch of free time, as typed."""

    number: int
    day: str = ""
    start: str = ""
    end: str = ""
    in_class: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.day or self.start or self.end)


@dataclass(frozen=True, kw_only=True)
class AskForm:
    """All that she typed and chose. `key` makes a second sending of the same form harmless."""

    key: UUID
    words: str = ""
    topic: str = ""
    support_mode: str = ""
    meetings: str = ""
    meeting: str = "either"
    room: str = ""
    when: str = "any"
    needed_by: str = ""
    rows: tuple[TimeRow, ...] = field(default=tuple(TimeRow(number=n) for n in ROWS))
    school_rows: tuple[SchoolRow, ...] = school_rows.EMPTY

    @property
    def filled(self) -> tuple[int, ...]:
        """The numbers of the rows that she filled, in the order of their windows."""
        return tuple(row.number for row in self.rows if not row.is_empty)

    def as_second(self) -> "AskForm":
        """The same form under a new key: another request, if she sends it."""
        return replace(self, key=new_id())


def draw(*, room: str, topic: str = "") -> AskForm:
    """A fresh form with its own key."""
    return AskForm(key=new_id(), room=room, topic=topic)


def read(sent: Mapping[str, str]) -> AskForm:
    """The form as it was sent; what was left out is empty."""
    return AskForm(
        key=_key(sent.get("key", "")),
        words=sent.get("words", "").replace("\r\n", "\n").strip(),
        topic=sent.get("topic", ""),
        support_mode=sent.get("support_mode", ""),
        meetings=sent.get("meetings", "").strip(),
        meeting=sent.get("meeting", "either"),
        room=sent.get("room", "").strip(),
        when=sent.get("when", "any"),
        needed_by=sent.get("needed_by", "").strip(),
        rows=tuple(
            TimeRow(
                number=n,
                day=sent.get(f"day_{n}", "").strip(),
                start=sent.get(f"from_{n}", "").strip(),
                end=sent.get(f"to_{n}", "").strip(),
                in_class=f"in_class_{n}" in sent,
            )
            for n in ROWS
        ),
        school_rows=school_rows.read(sent),
    )


@dataclass(frozen=True, kw_only=True)
class Times:
    """When she is free, by the clock or in her school's words. None at all: any time will do."""

    windows: tuple[Window, ...] = ()
    school_windows: tuple[SchoolWindow, ...] = ()


def check(form: AskForm, zone: ZoneInfo, now: datetime, words: SchoolWords) -> tuple[Times, Faults]:
    """Her free times, and what is wrong, by field, in page order."""
    faults: Faults = dict(_text_faults(form))
    match form.when:
        case "these":
            windows, wrong = _clock_times(form, zone, now)
            return Times(windows=windows), faults | wrong
        case "school":
            named, wrong = school_rows.check(form.school_rows, words)
            return Times(school_windows=named), faults | wrong
        case "prep":
            return Times(school_windows=(SchoolWindow(prep=True),)), faults
        case _:
            return Times(), faults


def _clock_times(form: AskForm, zone: ZoneInfo, now: datetime) -> tuple[tuple[Window, ...], Faults]:
    faults: Faults = {}
    windows: list[Window] = []
    for row in form.rows:
        if not row.is_empty:
            found = _window(row, zone, now)
            if isinstance(found, Window):
                windows.append(found)
            else:
                faults |= found
    if all(row.is_empty for row in form.rows):
        faults["day_1"] = _("Say at least one day and time, or choose “Any time”.")
    return tuple(windows), faults


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return new_id()


def _text_faults(form: AskForm) -> Iterator[tuple[str, str]]:
    words = clean(form.words, shortest=1, longest=LONGEST_WORDS, lines=True)
    if isinstance(words, TextFault):
        yield "words", _unreadable(form.words, LONGEST_WORDS)
    if form.meeting not in MEETINGS:
        yield "meeting", _("Choose where you would like to meet.")
    if isinstance(clean(form.room, shortest=0, longest=LONGEST_ROOM, lines=False), TextFault):
        yield "room", _unreadable(form.room, LONGEST_ROOM)
    if form.meetings and not (form.meetings.isdecimal() and form.meetings.isascii()):
        yield "meetings", _("Choose how many meetings, or leave it open.")
    if form.when not in WHEN:
        yield "when", _("Choose when you are free.")
    if form.needed_by and as_day(form.needed_by) is None:
        yield "needed_by", _("Choose a day, or leave it open.")


def _unreadable(text: str, longest: int) -> str:
    if not text:
        return _("Say in a few words what you need.")
    if len(text) > longest:
        return _("Please use at most %(most)s characters.", most=longest)
    return _("There is a character here that we can not store. Please type it anew.")


def _window(row: TimeRow, zone: ZoneInfo, now: datetime) -> Window | Faults:
    day, start, end = as_day(row.day), _clock(row.start), _clock(row.end)
    if day is None or start is None or end is None:
        return _holes(row.number, day, {"from": start, "to": end})
    if abs(day - now.astimezone(zone).date()) > _FARTHEST:
        return {f"day_{row.number}": _("Choose a day within the coming year.")}
    if end <= start:
        return {f"to_{row.number}": _("This must be later than the beginning.")}
    instants = {name: instant(day, clock, zone) for name, clock in (("from", start), ("to", end))}
    starts_at, ends_at = instants["from"], instants["to"]
    if isinstance(starts_at, Odd) or isinstance(ends_at, Odd):
        return {f"{n}_{row.number}": _odd(at) for n, at in instants.items() if isinstance(at, Odd)}
    if starts_at <= now:
        return {f"day_{row.number}": _("This time is already past.")}
    return Window(starts_at=starts_at, ends_at=ends_at, in_class=row.in_class)


def as_day(text: str) -> date | None:
    """The day that was typed; None for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _clock(text: str) -> time | None:
    try:
        clock = time.fromisoformat(text)
    except ValueError:
        return None
    return clock if clock.tzinfo is None else None


def _holes(number: int, day: date | None, clocks: Mapping[str, time | None]) -> Faults:
    faults: Faults = {}
    if day is None:
        faults[f"day_{number}"] = _("Time %(number)s: choose a day.", number=number)
    for name, clock in clocks.items():
        if clock is None and name == "from":
            faults[f"from_{number}"] = _("Time %(number)s: say when it begins.", number=number)
        elif clock is None:
            faults[f"to_{number}"] = _("Time %(number)s: say when it ends.", number=number)
    return faults


def _odd(odd: Odd) -> str:
    if odd is Odd.NEVER:
        return _("The clocks jump over this time that night. Please choose another.")
    return _("The clocks show this time twice that night. Please choose an hour later or earlier.")
