"""The form of a coach's own time: as it is drawn, as it is read, and its faults in plain sentences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import request

from services.scheduler.domain.hours_lines import HourLines, read_hours, written_hours
from services.scheduler.domain.kept_time import KeptTime
from services.scheduler.domain.own_time import (
    Caps,
    KnownOfSchools,
    OwnFault,
    OwnTime,
    OwnWrong,
)
from services.scheduler.domain.standing import Decision
from shared.http.fields import read_uuid
from shared.ui.languages import gettext as _

_NUMBERS = (
    "buffer_minutes",
    "notice_minutes",
    "sessions_per_day",
    "weekly_minutes",
    "cycles_at_once",
)
_LONGEST_NUMBER = 5
Faults = Mapping[str, list[str]]


@dataclass(frozen=True, kw_only=True)
class OwnTimeForm:
    """What stands in the fields, and the revision that they were drawn from."""

    hours: str
    schools: frozenset[UUID]
    home_base: UUID | None
    numbers: Mapping[str, str]
    seen: int


@dataclass(frozen=True, kw_only=True)
class ReadForm:
    """What the fields say, as far as they can be read."""

    own: OwnTime
    lines: HourLines
    faults: tuple[tuple[str, OwnWrong, int, int], ...]

    def sentences(self, refused: Iterable[OwnFault] = ()) -> Faults:
        """All that is wrong, by field, in the order of its lines."""
        found = [*self.faults]
        for fault in refused:
            name, _dot, index = fault.field.partition(".")
            line = self.lines.lines[int(index)] if index else 0
            found.append((name, fault.wrong, line, fault.most))
        said: dict[str, list[str]] = {}
        for name, wrong, line, most in sorted(found, key=lambda one: one[2]):
            sentence = _sentence(wrong, most)
            if line:
                sentence = _("Line %(line)s: %(said)s", line=line, said=sentence)
            if sentence not in said.setdefault(name, []):
                said[name].append(sentence)
        return said


def drawn(kept: KeptTime, known: KnownOfSchools) -> OwnTimeForm:
    """The form as it stands."""
    own = kept.own
    return OwnTimeForm(
        hours=written_hours(own.hours, _keys(own, known)),
        schools=own.school_ids,
        home_base=own.home_base,
        numbers={
            "buffer_minutes": str(own.buffer_minutes),
            "notice_minutes": "" if own.notice_minutes is None else str(own.notice_minutes),
            "sessions_per_day": str(own.caps.sessions_per_day),
            "weekly_minutes": str(own.caps.weekly_minutes),
            "cycles_at_once": str(own.caps.cycles_at_once),
        },
        seen=kept.revision,
    )


def sent() -> OwnTimeForm:
    """The form as it was sent."""
    ids = (read_uuid(text) for text in request.form.getlist("school"))
    return OwnTimeForm(
        hours=request.form.get("hours", "").replace("\r\n", "\n").strip(),
        schools=frozenset(id_ for id_ in ids if id_ is not None),
        home_base=read_uuid(request.form.get("home_base", "")),
        numbers={name: request.form.get(name, "").strip() for name in _NUMBERS},
        seen=request.form.get("revision", -1, type=int),
    )


def read(form: OwnTimeForm, known: KnownOfSchools, now: OwnTime) -> ReadForm:
    """What it says. `now` names schools that nobody told of."""
    lines = read_hours(form.hours, {key: id_ for id_, key in _keys(now, known).items()})
    wrong = [("hours", fault, line, 0) for line, fault in lines.faults]
    numbers: dict[str, int] = {}
    for name, text in form.numbers.items():
        if (number := a_number(text)) is not None:
            numbers[name] = number
        elif text or name != "notice_minutes":
            wrong.append((name, OwnWrong.NO_NUMBER, 0, 0))
    own = OwnTime(
        hours=tuple(lines.hours),
        school_ids=form.schools,
        home_base=form.home_base,
        buffer_minutes=numbers.get("buffer_minutes", 0),
        notice_minutes=numbers.get("notice_minutes"),
        caps=Caps(
            sessions_per_day=numbers.get("sessions_per_day", 0),
            weekly_minutes=numbers.get("weekly_minutes", 0),
            cycles_at_once=numbers.get("cycles_at_once", 0),
        ),
    )
    return ReadForm(own=own, lines=lines, faults=tuple(wrong))


def a_number(typed: str) -> int | None:
    """The whole number that was typed, if it is one that any field could hold."""
    return int(typed) if typed.isdecimal() and len(typed) <= _LONGEST_NUMBER else None


def differing(form: OwnTimeForm, stored: OwnTimeForm, known: KnownOfSchools) -> dict[str, str]:
    """By field, what somebody else has written there."""
    names = {school.id: school.name for school in known.schools}
    shown = {
        "hours": stored.hours,
        "schools": ", ".join(sorted(names.get(id_, str(id_)) for id_ in stored.schools)),
        "home_base": names.get(stored.home_base, "") if stored.home_base else "",
        **stored.numbers,
    }
    mine = {**form.numbers, "hours": form.hours}
    same = {name for name, text in mine.items() if text == shown[name]}
    same |= {
        name for name in ("schools", "home_base") if getattr(form, name) == getattr(stored, name)
    }
    return {name: text for name, text in shown.items() if name not in same}


def decision() -> Decision | None:
    """What is said of the meetings that were shown; None while nothing is."""
    do = request.form.get("do")
    if do not in {"keep", "release"}:
        return None
    ids = (read_uuid(text) for text in request.form.getlist("shown"))
    return Decision(seen=frozenset(id_ for id_ in ids if id_), release=do == "release")


def titles() -> dict[str, str]:
    """What each field is called."""
    return {
        "hours": _("Weekly hours"),
        "schools": _("Schools served"),
        "home_base": _("Home base"),
        "buffer_minutes": _("Minutes between meetings"),
        "notice_minutes": _("Notice"),
        "sessions_per_day": _("Meetings a day"),
        "weekly_minutes": _("Minutes a week"),
        "cycles_at_once": _("Cycles at once"),
    }


def _keys(own: OwnTime, known: KnownOfSchools) -> dict[UUID, str]:
    """The schools' keys; what hours name and nobody told of goes by its id."""
    named = {one.at_school for one in own.hours if one.at_school is not None}
    named |= {one.on.school_id for one in own.hours if not isinstance(one.on, int)}
    return {**{id_: str(id_) for id_ in named}, **known.key_of}


def _sentence(wrong: OwnWrong, most: int) -> str:
    if wrong is OwnWrong.BEYOND:
        return _("Write a whole number from 0 to %(most)s.", most=most)
    if wrong is OwnWrong.TOO_MANY:
        return _("There are too many of these: at most %(most)s.", most=most)
    return {
        OwnWrong.NO_HOURS: _("Write days and two times, as mon-fri 8:30-12:00."),
        OwnWrong.NO_DAY: _(
            "Write weekdays as mon, tue or mon-fri, or days of a school as days 1, 3 of oak."
        ),
        OwnWrong.NO_CLOCK: _("This is no time of day. Write it as 8:30."),
        OwnWrong.NO_SCHOOL: _("There is no such school. The keys stand beside the schools below."),
        OwnWrong.NOT_SERVED: _(
            "That school is not among the schools served. Tick it, or leave it out."
        ),
        OwnWrong.NO_YEAR: _(
            "The year of that school is not known yet. Write weekdays until it is."
        ),
        OwnWrong.NO_LABEL: _("It names a day that is not among this school's day labels."),
        OwnWrong.OFF_STEP: _("Write times in steps of five minutes, as 8:30 or 8:35."),
        OwnWrong.ENDS_FIRST: _("It ends before it begins. Write an end that is later."),
        OwnWrong.OVERLAPS: _("It overlaps other hours of the same day. Write times that do not."),
        OwnWrong.NO_NUMBER: _("Write a whole number."),
    }[wrong]
