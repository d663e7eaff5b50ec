"""Whatever a name holds, the letter has one reader, our headers, and one event in its calendar."""

import pytest
from icalendar import Calendar

from services.notifier.adapters.writer import LetterWriter
from services.notifier.domain.announcements import announcements_of
from services.notifier.domain.plain_text import mailbox, one_line
from shared.events.vocabulary import Place, Reason, Redirect, School
from shared.identity import new_id
from tests.support.notifier.builders import NOW, a_decline, a_person, a_session
from tests.support.notifier.hostile import ADDRESSES, NAMES
from tests.support.notifier.letters import calendar_of, parsed, words_of_letter
from tests.support.notifier.rig import CODE_KEY

WRITER = LetterWriter(
    "remit@division.example", "https://remit.example", lambda: NOW, code_key=CODE_KEY
)
HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Content-Language",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "MIME-Version",
    "Content-Type",
]


def test_there_are_two_hundred_names() -> None:
    assert len(set(NAMES)) >= 200


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_stays_a_name(name: str) -> None:
    session = a_session(
        teacher=a_person(name),
        coach=a_person(name),
        school=School(id=new_id(), name=name),
        place=Place(kind="room", address=name),
        topic_title=name,
        reasons=(Reason(code="x", sentence=name),),
    )
    mime = WRITER.write(announcements_of(session)[0]).mime
    assert mime is not None
    assert mime.isascii()
    assert all(len(line) <= 998 for line in mime.split(b"\r\n"))
    assert b"\n" not in mime.replace(b"\r\n", b"")
    message = parsed(mime)
    assert message.keys() == HEADERS
    assert [address.addr_spec for address in message["To"].addresses] == [session.teacher.email]
    assert message["Bcc"] is None
    _, html = words_of_letter(mime)
    assert "<script" not in html.lower()
    calendar = Calendar.from_ical(calendar_of(mime))
    assert [component.name for component in calendar.subcomponents] == ["VTIMEZONE", "VEVENT"]
    assert str(calendar["METHOD"]) == "REQUEST"
    [event] = calendar.walk("VEVENT")
    assert len(event["ATTENDEE"]) == 2
    assert str(event["SUMMARY"]) == f"Meeting with {one_line(name)}".strip()
    assert not set("\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\u202e\x00") & set(calendar_of(mime))


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_is_not_one_mailbox_gets_no_letter(address: str) -> None:
    assert mailbox(address) is None
    session = a_session(teacher=a_person(email="t@division.example"))
    hostile = a_person(email=address or " ")
    teacher, coach = announcements_of(a_session(teacher=session.teacher, coach=hostile))
    assert WRITER.write(coach).mime is None
    letter = WRITER.write(teacher)
    assert letter.mime is not None
    [event] = Calendar.from_ical(calendar_of(letter.mime)).walk("VEVENT")
    assert str(event["ATTENDEE"]) == "mailto:t@division.example"


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("ana@division.example", "ana@division.example"),
        (" ana+x@division.example ", "ana+x@division.example"),
        ("ana@münchen.example", "ana@xn--mnchen-3ya.example"),
        ("-x@division.example", "-x@division.example"),
        ("o'hara@division.example", "o'hara@division.example"),
    ],
)
def test_an_ordinary_address_is_used(given: str, used: str) -> None:
    assert mailbox(given) == used


def test_a_redirect_that_is_no_web_address_is_shown_but_not_pressable() -> None:
    redirect = Redirect(
        key="x", label="Desk", kind="link", target="javascript:alert(1)", sentence="Ask the desk."
    )
    mime = WRITER.write(announcements_of(a_decline(redirect=redirect))[0]).mime
    assert mime is not None
    assert "javascript" not in words_of_letter(mime)[1]
