"""Writes an announcement out as a letter: its words, its two forms, its calendar entry, its bytes."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from uuid import UUID

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape

from services.notifier.adapters.letters import words_of
from services.notifier.adapters.mime import Envelope, Sheets, as_mime
from services.notifier.adapters.plain_letters import words_with_code
from services.notifier.adapters.wording import Wording, wording_for
from services.notifier.adapters.words import Words, page_of, where
from services.notifier.domain.announcements import Announcement, OfSession
from services.notifier.domain.calendar_entry import Attendee, CalendarEntry, as_icalendar
from services.notifier.domain.calendar_series import Meeting
from services.notifier.domain.cycles import view_of
from services.notifier.domain.plain_text import mailbox, one_line
from services.notifier.ports import Letter
from shared.access.sign_in_codes import code_of
from shared.clock import Clock
from shared.events import CycleScheduled, SessionScheduled, SignInCodeAsked
from shared.events.vocabulary import Person
from shared.identity import new_id

_TEMPLATES = Path(__file__).parent / "templates"
_NAME = "Remit"
# A series that is taken out whole needs an end after its beginning, and nobody reads which.
_UNKNOWN_LENGTH = timedelta(minutes=30)


@dataclass(frozen=True)
class LetterWriter:
    """Writes letters from one sender, with links to one public address."""

    sender: str
    public_url: str
    clock: Clock
    code_key: str = field(repr=False, kw_only=True)

    def write(self, announcement: Announcement) -> Letter:
        """The letter; without bytes when its reader's address is not exactly one mailbox."""
        notice_id, now = new_id(), self.clock().replace(microsecond=0)
        address = mailbox(announcement.reader.email)
        message_id = f"<{notice_id.hex}@{self._domain}>"
        mime = self._mime(announcement, notice_id, now, address) if address else None
        return Letter(
            id=notice_id,
            announcement=announcement,
            address=address or "",
            message_id=message_id,
            dated_at=now,
            mime=mime,
        )

    def _mime(self, told: Announcement, notice_id: UUID, now: datetime, address: str) -> bytes:
        wording = wording_for(told.reader.language)
        words = self._words(told, wording)
        envelope = Envelope(
            sender_name=_NAME,
            sender=self.sender,
            reader_name=one_line(told.reader.name),
            reader=address,
            subject=words.subject,
            language=words.language,
            message_id=f"<{notice_id.hex}@{self._domain}>",
            dated_at=now,
            boundary=f"=_{notice_id.hex}",
        )
        return as_mime(envelope, self._sheets(told, words, wording, now))

    def _words(self, told: Announcement, wording: Wording) -> Words:
        if isinstance(told.event, SignInCodeAsked):
            code = code_of(self.code_key, told.event.attempt_id)
            return words_with_code(told.reader, code, wording, self.public_url)
        return words_of(told, wording, self.public_url)

    def _sheets(self, told: Announcement, words: Words, wording: Wording, now: datetime) -> Sheets:
        text, html = self._text.render(words=words), self._html.render(words=words)
        if isinstance(told.event, OfSession):
            entry = self._entry(told, told.event, wording, now)
        elif isinstance(told.event, CycleScheduled):
            entry = self._series(told, told.event, wording, now)
        else:
            return Sheets(text=text, html=html)
        return Sheets(text=text, html=html, calendar=as_icalendar(entry), method=entry.method)

    def _entry(
        self,
        told: Announcement,
        event: OfSession,
        wording: Wording,
        now: datetime,
    ) -> CalendarEntry:
        page = page_of(told, self.public_url)
        other = event.coach if told.part == "teacher" else event.teacher
        return CalendarEntry(
            uid=f"{event.session_id}@{self._domain}",
            sequence=event.sequence,
            method="REQUEST" if isinstance(event, SessionScheduled) else "CANCEL",
            stamped_at=now,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            zone=event.zone,
            summary=wording.text("Meeting with {name}").format(name=one_line(other.name)),
            location=where(event, wording),
            description=(_details(told, wording), page),
            url=page,
            organizer=Attendee(name=_NAME, address=self.sender),
            attendees=_attendees(event.teacher, event.coach),
        )

    def _series(
        self, told: Announcement, event: CycleScheduled, wording: Wording, now: datetime
    ) -> CalendarEntry:
        view = view_of(event, told.session_id)
        page = page_of(told, self.public_url)
        other = view.coach if told.part == "teacher" else event.teacher
        return CalendarEntry(
            uid=f"{view.series_id}@{self._domain}",
            sequence=view.sequence,
            method="REQUEST" if view.meetings else "CANCEL",
            stamped_at=now,
            starts_at=view.anchor_at,
            ends_at=view.anchor_at + _UNKNOWN_LENGTH,
            zone=event.zone,
            summary=wording.text("Meeting with {name}").format(name=one_line(other.name)),
            location=where(event, wording),
            description=(wording.text("Details, and how to change it:"), page),
            url=page,
            organizer=Attendee(name=_NAME, address=self.sender),
            attendees=_attendees(event.teacher, view.coach),
            anchor_at=view.anchor_at,
            meetings=tuple(
                Meeting(starts_at=one.starts_at, ends_at=one.ends_at) for one in view.meetings
            ),
        )

    @property
    def _domain(self) -> str:
        return self.sender.rpartition("@")[2]

    @cached_property
    def _environment(self) -> Environment:
        return Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )

    @cached_property
    def _text(self) -> Template:
        return self._environment.get_template("letter.txt")

    @cached_property
    def _html(self) -> Template:
        return self._environment.get_template("letter.html")


def _details(told: Announcement, wording: Wording) -> str:
    _ = wording.text
    return _("Details:") if told.part == "coach" else _("Details, and how to cancel it:")


def _attendees(*people: Person) -> tuple[Attendee, ...]:
    return tuple(
        Attendee(name=one_line(person.name), address=usable)
        for person in people
        if (usable := mailbox(person.email))
    )
