"""A session as one entry of a calendar (RFC 5545, 5546): the same UID for good, SEQUENCE counts on.

What a stranger may see over a shoulder or in a shared calendar says nothing about coaching: the
summary is neutral, the class private, and no word of the request is here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import quote
from zoneinfo import ZoneInfo

from services.notifier.domain.calendar_series import Meeting, Recurrence, recurrence
from services.notifier.domain.plain_text import one_line
from services.notifier.domain.zone_rules import zone_lines

Method = Literal["REQUEST", "CANCEL"]
_OCTETS_IN_A_LINE = 75
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,"})
_LONGEST_TEXT = 2_000


@dataclass(frozen=True, kw_only=True)
class Attendee:
    """Somebody in the entry: a name to show and a mailbox."""

    name: str
    address: str


@dataclass(frozen=True, kw_only=True)
class CalendarEntry:
    """What a calendar needs to know. All instants are aware; the description is given by lines.

    With `meetings` it is a series of them that recurs by the wall time of `anchor_at`; it begins and
    ends as its first.
    """

    uid: str
    sequence: int
    method: Method
    stamped_at: datetime
    starts_at: datetime
    ends_at: datetime
    zone: str
    summary: str
    location: str
    description: tuple[str, ...]
    url: str
    organizer: Attendee
    attendees: tuple[Attendee, ...]
    anchor_at: datetime | None = None
    meetings: tuple[Meeting, ...] = ()


def as_icalendar(entry: CalendarEntry) -> str:
    """The entry as an iCalendar object: CRLF line ends, no line over 75 octets."""
    return "".join(fold(line) for line in _lines(entry))


def _lines(entry: CalendarEntry) -> Iterator[str]:
    zone = ZoneInfo(entry.zone)
    local = not any(_comes_twice(at, zone) for at in _instants(entry))
    shown = zone if local else None
    yield from (
        "BEGIN:VCALENDAR",
        "PRODID:-//Remit//Remit//EN",
        "VERSION:2.0",
        "CALSCALE:GREGORIAN",
    )
    yield f"METHOD:{entry.method}"
    if local:
        yield from zone_lines(entry.zone, entry.starts_at.astimezone(zone).year)
    if entry.meetings and entry.anchor_at:
        yield from _series(entry, recurrence(entry.anchor_at, entry.meetings, shown or UTC), shown)
    else:
        yield from _event(entry, shown)
    yield "END:VCALENDAR"


def _instants(entry: CalendarEntry) -> Iterator[datetime]:
    yield from (entry.starts_at, entry.ends_at)
    for meeting in entry.meetings:
        yield from (meeting.starts_at, meeting.ends_at)


def _series(entry: CalendarEntry, usual: Recurrence, zone: ZoneInfo | None) -> Iterator[str]:
    rules = [f"RRULE:FREQ=WEEKLY;COUNT={usual.weeks}"]
    rules += [_instant("EXDATE", at, zone) for at in usual.taken_out]
    whole = replace(entry, starts_at=usual.starts_at, ends_at=usual.ends_at)
    yield from _event(whole, zone, rules)
    for one in usual.exceptions:
        meeting = one.meeting
        exception = replace(entry, starts_at=meeting.starts_at, ends_at=meeting.ends_at)
        yield from _event(exception, zone, [_instant("RECURRENCE-ID", one.recurs_at, zone)])


def _event(
    entry: CalendarEntry, zone: ZoneInfo | None, recurs: Sequence[str] = ()
) -> Iterator[str]:
    cancelled = entry.method == "CANCEL"
    yield from ("BEGIN:VEVENT", f"UID:{escaped(entry.uid)}", f"SEQUENCE:{entry.sequence}")
    yield f"DTSTAMP:{_utc(entry.stamped_at)}"
    yield _instant("DTSTART", entry.starts_at, zone)
    yield _instant("DTEND", entry.ends_at, zone)
    yield from recurs
    yield f"SUMMARY:{escaped(entry.summary)}"
    if entry.location:
        yield f"LOCATION:{escaped(entry.location)}"
    yield "DESCRIPTION:" + "\\n".join(escaped(line) for line in entry.description)
    yield f"URL:{_uri(entry.url)}"
    yield f"ORGANIZER;CN={_parameter(entry.organizer.name)}:{_mailto(entry.organizer.address)}"
    for attendee in entry.attendees:
        yield (
            f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE"
            f";CN={_parameter(attendee.name)}:{_mailto(attendee.address)}"
        )
    yield from ("CLASS:PRIVATE", f"STATUS:{'CANCELLED' if cancelled else 'CONFIRMED'}")
    yield f"TRANSP:{'TRANSPARENT' if cancelled else 'OPAQUE'}"
    yield "END:VEVENT"


def escaped(text: str) -> str:
    """A TEXT value (RFC 5545, 3.3.11) of one line."""
    return one_line(text, _LONGEST_TEXT).translate(_ESCAPES)


def _parameter(name: str) -> str:
    """A quoted parameter value (3.2): it can not hold a double quote, so a single one stands in.

    A caret is doubled (RFC 6868), or a name could smuggle in a line break as `^n`. A backslash means
    nothing here, and yet some readers take it for an escape: a slash stands in.
    """
    safe = one_line(name).replace('"', "'").replace("\\", "/").replace("^", "^^")
    return f'"{safe}"'


def _mailto(address: str) -> str:
    return "mailto:" + quote(address, safe="@!$'*+-._~")


def _uri(url: str) -> str:
    return quote(url, safe=":/?#[]@!$&'()*+,;=-._~%")


def _instant(name: str, instant: datetime, zone: ZoneInfo | None) -> str:
    if zone is None:
        return f"{name}:{_utc(instant)}"
    return f"{name};TZID={zone.key}:{instant.astimezone(zone):%Y%m%dT%H%M%S}"


def _utc(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _comes_twice(instant: datetime, zone: ZoneInfo) -> bool:
    """In autumn an hour comes twice: by its local time alone some calendars take the other one."""
    local = instant.astimezone(zone)
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def fold(line: str) -> str:
    """The line with its CRLF, folded so that no part is over 75 octets or ends inside a character."""
    octets = line.encode()
    if len(octets) <= _OCTETS_IN_A_LINE:
        return line + "\r\n"
    parts, start, room = [], 0, _OCTETS_IN_A_LINE
    while start < len(octets):
        end = min(start + room, len(octets))
        while end < len(octets) and octets[end] & 0xC0 == 0x80:
            end -= 1
        parts.append(octets[start:end].decode())
        start, room = end, _OCTETS_IN_A_LINE - 1
    return "\r\n ".join(parts) + "\r\n"
