"""A meeting in words: one that is booked, the first of a cycle, or a time that is held for an answer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """With whom and when; `later` are the further meetings of a cycle, `notes` what else is to be known."""

    coach: str
    when: str
    place: Mapping[str, Any]
    in_a_line: str
    later: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def where(self, school: str) -> str:
        """The place, so that she finds it: her school if it is a room."""
        where = self.place["address"] or "agreed with the coach"
        if self.place["kind"] == "online":
            return f"online, {where}"
        return where if school in where else f"{where}, {school}"


def scheduled(session: Mapping[str, Any], cycle: Mapping[str, Any] | None) -> Meeting:
    """What is booked: one meeting, or the first of a cycle with those after it."""
    zone = ZoneInfo(session["zone"])
    when = _when(session, zone)
    after = [one for one in (cycle or {}).get("meetings", ()) if _is_after(one, session)]
    count, owed = session["meetings_planned"], cycle["owed"] if cycle else 0
    first_of = f", the first of {count} meetings" if count > 1 else ""
    return Meeting(
        coach=f"{session['coach']}, {session['coach_type']}",
        when=when,
        place=session["place"],
        in_a_line=f"{session['coach']}, {when}{first_of}",
        later=tuple(_when(one, zone) for one in after),
        notes=tuple(_notes(count, owed)),
    )


def offered(offer: Mapping[str, Any], division_zone: str) -> Meeting:
    """What is held: nothing of it is booked before her yes."""
    zone = ZoneInfo(division_zone)
    when, count = _when(offer, zone), 1 + len(offer["later"])
    these = "this time" if count == 1 else f"these {count} times"
    first_of = f", the first of {count} meetings" if count > 1 else ""
    return Meeting(
        coach=str(offer["coach"]),
        when=when,
        place=offer["place"],
        in_a_line=f"held for you: {offer['coach']}, {when}{first_of}",
        later=tuple(_when(one, zone) for one in offer["later"]),
        notes=(
            *_notes(count, 0),
            f"Answer until {_moment(offer['held_until'], zone)}, on the page below: a yes books {these}.",
            "Without your yes it goes to somebody else, and we look on for you before anybody else.",
        ),
    )


def _notes(count: int, owed: int) -> Iterator[str]:
    if count > 1:
        yield f"This is the first of {count} meetings."
    if owed == 1:
        yield "For one of them no time is found yet; we look on."
    elif owed:
        yield f"For {owed} of them no time is found yet; we look on."


def _is_after(meeting: Mapping[str, Any], session: Mapping[str, Any]) -> bool:
    begins, first = (datetime.fromisoformat(one["starts_at"]) for one in (meeting, session))
    return begins > first


def _when(timed: Mapping[str, Any], zone: ZoneInfo) -> str:
    """Local day and clock times, in full."""
    ends = datetime.fromisoformat(timed["ends_at"]).astimezone(zone)
    return f"{_day_and_time(timed['starts_at'], zone)} to {ends:%H:%M} ({ends:%Z})"


def _moment(instant: str, zone: ZoneInfo) -> str:
    return f"{_day_and_time(instant, zone)} ({datetime.fromisoformat(instant).astimezone(zone):%Z})"


def _day_and_time(instant: str, zone: ZoneInfo) -> str:
    local = datetime.fromisoformat(instant).astimezone(zone)
    return f"{local:%A}, {local.day} {local:%B %Y}, {local:%H:%M}"
