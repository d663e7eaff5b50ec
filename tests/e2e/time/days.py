"""What the stories of school time look up beside the pages: labels of days, timetables, kept mail."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar

from services.scheduler.adapters import school_time_store
from services.scheduler.domain.school_time import SchoolDay, SchoolTime, school_year
from shared.clock import utc_now
from shared.database.engine import make_engine
from tests.support.running_stack import RunningStack
from tests.support.stack_people import People, Program, Somebody
from tests.support.waiting import until

_UNDER_WAY = """
SELECT EXISTS (SELECT FROM bus.delivery WHERE state IN ('due', 'parked'))
    OR EXISTS (SELECT FROM notifier.notice WHERE state IN ('queued', 'sending', 'retry', 'unknown'))
"""
_A_YEAR = timedelta(days=366)


class Days:
    """The demo's schools as they live, each handed out once."""

    def __init__(self, stack: RunningStack, people: People) -> None:
        self._people = people
        self._folder = Path(stack.address.mail_folder)
        self._engine = make_engine(stack.address.database_url, role="remit_scheduler", pool_size=1)
        self._given: set[UUID] = set()

    def close(self) -> None:
        """Give the connection back."""
        self._engine.dispose()

    @property
    def zone(self) -> ZoneInfo:
        """The division's."""
        return ZoneInfo(self._people.sql("SELECT zone FROM scheduler.division")[0][0])

    def on_a_six_day_cycle(self) -> tuple[Program, SchoolTime]:
        """A teacher whose timetable is known, at such a school that no other story has."""
        return self._with_labels(6)

    def by_weekday(self) -> tuple[Program, SchoolTime]:
        """The same, at a school that calls its days by their weekday."""
        return self._with_labels(0)

    def _with_labels(self, count: int) -> tuple[Program, SchoolTime]:
        rows = self._people.sql(
            "SELECT DISTINCT ON (s.id) p.id, p.name, p.email, s.key, s.id FROM scheduler.timetable t"
            " JOIN request_intake.person p ON p.id = t.teacher_id AND p.role = 'teacher'"
            " JOIN request_intake.school s ON s.id = t.school_id"
            " JOIN scheduler.school_time y ON y.school_id = s.id"
            " WHERE cardinality(y.labels) = %s ORDER BY s.id, p.email DESC",
            count,
        )
        row = next(row for row in rows if row[4] not in self._given)
        self._given.add(row[4])
        person = Somebody(id=row[0], name=row[1], email=row[2], school=row[3])
        return self._people.take([person]), self.school(row[4])

    def school(self, school_id: UUID) -> SchoolTime:
        """The school's time as it is now."""
        with self._engine.connect() as connection:
            return school_time_store.read(connection, [school_id])[school_id]

    def day_of(self, school: SchoolTime, at: str) -> SchoolDay:
        """The school day on which an instant falls."""
        return school_year(school)[self.date_of(at)]

    def date_of(self, at: str) -> date:
        """The local date of an instant."""
        return datetime.fromisoformat(at).astimezone(self.zone).date()

    def periods_of(self, school: SchoolTime, at: str) -> set[tuple[str, str]]:
        """The label and the period in which an instant lies; with split lunches they may be two."""
        local = datetime.fromisoformat(at).astimezone(self.zone)
        day = school_year(school)[local.date()]
        return {(day.label, p.name) for p in day.periods if p.starts <= local.time() < p.ends}

    def preparing(self, teacher: Program) -> set[tuple[str, str]]:
        """Her prep periods."""
        rows = self._people.sql(
            "SELECT prepares FROM scheduler.timetable WHERE teacher_id = %s", teacher.person.id
        )
        return {(label, name) for label, _, name in (one.partition("/") for one in rows[0][0])}

    def coach_of(self, session_id: object) -> Program:
        """The coach of a session, held or booked."""
        found = self._people.sql("SELECT coach_id FROM scheduler.session WHERE id = %s", session_id)
        return self._people.coach(found[0][0])

    def mail(self, after: int = 0) -> Sequence[EmailMessage]:
        """All mail that was sent, oldest first, without the first so many."""
        files = sorted(self._folder.glob("*.eml"))[after:]
        return [message_from_bytes(file.read_bytes(), policy=default) for file in files]

    def mail_to(self, somebody: Any, with_: Any = None) -> Sequence[EmailMessage]:
        """All mail that she has had, oldest first; of that what puts or takes meetings `with_` somebody."""
        hers = [m for m in self.mail() if somebody.email in str(m["To"])]
        return [m for m in hers if with_ is None or any(_is_with(c, with_) for c in _calendars(m))]

    def rest(self) -> int:
        """Wait until nothing is due and every letter is out; how many were sent so far."""
        until(lambda: not self._people.sql(_UNDER_WAY)[0][0], limit=60, every=0.2)
        return len(self.mail())

    def in_calendar(self, whose: Any, with_: Any = None) -> list[datetime]:
        """When she has meetings by her calendar, which took in all her mail; of those `with_` somebody."""
        return starts(self.mail_to(whose), with_)

    def let_hold_end(self, offer: Any) -> None:
        """The time to answer this offer is over, and the scheduler looks."""
        self._people.sql(
            "UPDATE scheduler.session SET held_until = now() WHERE id = %s RETURNING id",
            offer["session_id"],
        )
        self._people.sql(
            "UPDATE bus.timer SET due_at = now() WHERE name = 'end_holds' RETURNING name"
        )

    def same_instant(self, one: str, other: str) -> bool:
        """Whether two written instants are one."""
        return datetime.fromisoformat(one) == datetime.fromisoformat(other)

    def entry(self, mail: EmailMessage) -> dict[str, str]:
        """The plain properties of a mail's calendar entry."""
        (part,) = [p for p in mail.walk() if p.get_content_type() == "text/calendar"]
        lines = str(part.get_content()).splitlines()
        return {name: value for name, _, value in (line.partition(":") for line in lines)}


def methods(mails: Sequence[EmailMessage]) -> list[str]:
    """What each mail asks of a calendar: REQUEST, CANCEL or nothing."""
    found = []
    for mail in mails:
        parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
        found.append(str(parts[0].get_param("method")) if parts else "")
    return found


def starts(mails: Sequence[EmailMessage], with_: Any = None) -> list[datetime]:
    """What a calendar shows that took these in, in turn (RFC 5546): a newer word replaces an older."""
    now = utc_now()
    newest: dict[str, tuple[int, Calendar]] = {}
    for calendar in (found for mail in mails for found in _calendars(mail)):
        entry = calendar.walk("VEVENT")[0]
        uid, sequence = str(entry["UID"]), int(entry["SEQUENCE"])
        if sequence >= newest.get(uid, (0,))[0]:
            newest[uid] = sequence, calendar
    shown = [
        one["DTSTART"].dt.astimezone(UTC)
        for _, calendar in newest.values()
        if str(calendar["METHOD"]) == "REQUEST" and _is_with(calendar, with_)
        for one in recurring_ical_events.of(calendar).between(now - _A_YEAR, now + _A_YEAR)
    ]
    return sorted(shown)


def _calendars(mail: EmailMessage) -> list[Calendar]:
    parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    return [Calendar.from_ical(part.get_content()) for part in parts]


def _is_with(calendar: Calendar, somebody: Any) -> bool:
    return somebody is None or somebody.email in calendar.to_ical().decode().replace("\r\n ", "")
