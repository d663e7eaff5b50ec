"""What a letter says: to whom, when and where, why, and what to do next; and what it never says."""

from dataclasses import replace

import pytest

from services.notifier.adapters.mime import Envelope, Sheets, as_mime
from services.notifier.adapters.writer import LetterWriter
from services.notifier.domain.announcements import Announcement, Kind, announcements_of
from services.notifier.domain.cycles import announcements_of_cycle
from shared.events import (
    HandOverAsked,
    HandOverDeclined,
    SessionHandedOver,
    SessionOffered,
    SessionReleased,
)
from shared.events.vocabulary import Place, Reason
from tests.support.events import COACH, EXAMPLES, OFFER
from tests.support.notifier.builders import (
    NOW,
    a_cycle,
    a_decline,
    a_person,
    a_review,
    a_session,
    a_wait,
    its_cancellation,
    its_handing_over,
)
from tests.support.notifier.letters import calendar_of, parsed, words_of_letter
from tests.support.notifier.rig import CODE_KEY

WRITER = LetterWriter(
    "remit@division.example", "https://remit.example", lambda: NOW, code_key=CODE_KEY
)
SESSION = a_session()
IN_ENGLISH = replace(COACH, language="en")
RELEASED = replace(
    EXAMPLES[SessionReleased], coach=IN_ENGLISH, offer=replace(OFFER, coach=IN_ENGLISH)
)
EVENTS = {
    "invitation": SESSION,
    "update": a_session(sequence=1),
    "cancellation": its_cancellation(SESSION),
    "handed over": its_handing_over(SESSION, a_person("Jo Lee")),
    "hand-over": replace(EXAMPLES[HandOverAsked], teacher=IN_ENGLISH, coach=IN_ENGLISH),
    "stays": replace(EXAMPLES[HandOverDeclined], teacher=IN_ENGLISH, coach=IN_ENGLISH),
    "waiting": a_wait(),
    "decline": a_decline(),
    "review": a_review(),
    "release": RELEASED,
    "release without another time": replace(RELEASED, offer=None),
    "offer": replace(EXAMPLES[SessionOffered], offer=replace(OFFER, coach=IN_ENGLISH)),
}


def letters(event) -> list[bytes]:  # noqa: ANN001
    made = [WRITER.write(announcement).mime for announcement in announcements_of(event)]
    return [mime for mime in made if mime is not None]


@pytest.mark.parametrize("kind", EVENTS)
def test_every_letter_greets_by_name_and_leads_to_its_page(kind: str) -> None:
    event = EVENTS[kind]
    for told in announcements_of(event):
        mime = WRITER.write(told).mime
        assert mime is not None
        for words in words_of_letter(mime):
            assert f"https://remit.example/{_page(told)}" in words
            assert "Hello " in words


def _page(told: Announcement) -> str:
    if told.kind is Kind.HAND_OVER:
        return f"hand-over/{told.request_id}"
    if isinstance(told.event, SessionHandedOver):
        return "my-time"
    return f"{'my-time' if told.part == 'coach' else 'requests'}/{told.request_id}"


@pytest.mark.parametrize("kind", EVENTS)
def test_a_locked_screen_and_a_shared_calendar_say_nothing_of_coaching(kind: str) -> None:
    for mime in letters(EVENTS[kind]):
        subject = str(parsed(mime)["Subject"])
        assert not {"coach", "Dana", "Ana", "Guided", "projector"} & set(subject.split())
        assert "coach" not in subject.lower()
        if b"text/calendar" in mime:
            calendar = calendar_of(mime).replace(str(EVENTS[kind].request_id), "")
            assert "coach" not in calendar.lower()
            assert "Guided" not in calendar
            assert "CLASS:PRIVATE" in calendar


def test_an_invitation_says_who_when_where_and_why() -> None:
    teacher, coach = letters(SESSION)
    for words in words_of_letter(teacher):
        for said in (
            "Dana Cole",
            "Tuesday, October 20, 2026, 10:00 AM \u2013 10:45 AM",
            "Room 12, Northview School",
            "Guided reading",
            "It is the earliest time that suits you both",
        ):
            assert said in words
    assert "Ana Núñez" in words_of_letter(coach)[0]
    assert parsed(teacher)["Auto-Submitted"] == "auto-generated"


def test_a_cycle_is_told_in_one_letter_with_all_its_meetings() -> None:
    event = a_cycle()
    for told in announcements_of_cycle(event, {event.series_id}):
        mime = WRITER.write(told).mime
        assert mime is not None
        words = words_of_letter(mime)[0]
        assert "Meeting 1: Tuesday, October 20, 2026" in words
        assert "Meeting 2: Tuesday, October 27, 2026" in words
        assert f"https://remit.example/{_page(told)}" in words
        assert calendar_of(mime).count("BEGIN:VEVENT") == 1


def test_an_online_place_is_its_address() -> None:
    place = Place(kind="online", address="https://meet.division.example/dana")
    mime = letters(a_session(place=place))[0]
    assert "Where: https://meet.division.example/dana" in words_of_letter(mime)[0]
    assert "LOCATION:https://meet.division.example/dana" in calendar_of(mime)


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ("teacher", "As you asked"),
        ("coach", "Dana Cole had to cancel"),
        ("division", "We are sorry"),
    ],
)
def test_a_cancellation_says_who_cancelled(by: str, said: str) -> None:
    assert said in words_of_letter(letters(its_cancellation(SESSION, cancelled_by=by))[0])[0]


def test_a_decline_is_kind_and_leads_on() -> None:
    for words in words_of_letter(letters(EVENTS["decline"])[0]):
        assert "The IT help desk can get that going for you." in words
        assert "https://help.division.example" in words
        assert "I think this is coaching" in words


def test_a_letter_is_in_its_readers_language_and_else_in_english() -> None:
    french = letters(a_session(teacher=a_person("Zoé", language="fr-CA")))[0]
    assert parsed(french)["Content-Language"] == "fr"
    text = words_of_letter(french)[0]
    assert "Bonjour Zoé," in text
    assert "mardi 20 octobre 2026" in text
    for language in ("xx", "", "../../etc", "en_GB"):
        english = letters(a_session(teacher=a_person(language=language)))[0]
        assert "Hello " in words_of_letter(english)[0]


def test_the_same_facts_make_the_same_bytes() -> None:
    envelope = Envelope(
        sender_name="Remit",
        sender="remit@division.example",
        reader_name="Ana",
        reader="ana@division.example",
        subject="Hello",
        language="en",
        message_id="<1@division.example>",
        dated_at=NOW,
        boundary="=_1",
    )
    sheets = Sheets(text="a\n.\n..b\nfrom here\n" + "é" * 100 + " \n", html="<p>a</p>")
    mime = as_mime(envelope, sheets)
    assert mime == as_mime(envelope, sheets)
    assert words_of_letter(mime)[0].rstrip("\n") == sheets.text.rstrip("\n")
    assert b"\r\n.\r\n" not in mime


def test_a_lost_time_is_taken_out_of_both_calendars_and_its_teacher_alone_is_asked() -> None:
    teacher, coach = letters(RELEASED)
    for mime in (teacher, coach):
        assert "METHOD:CANCEL" in calendar_of(mime)
        assert f"UID:{RELEASED.session_id}@" in calendar_of(mime)
    assert "It is yours with one yes:" in words_of_letter(teacher)[0]
    assert "Held until" in words_of_letter(teacher)[0]
    assert "one yes" not in words_of_letter(coach)[0]
    assert "We asked whether" in words_of_letter(coach)[0]


def appraised(language: str) -> SessionReleased:
    """A meeting between two of whom one appraises the other from now on; a colleague's time is held."""
    her, dana = a_person("Maya Okafor", language=language), a_person("Dana Cole", language=language)
    why = Reason(
        code="appraised",
        sentence="Dana Cole appraises you, and nobody is coached by who appraises her.",
    )
    colleague = replace(OFFER, coach=a_person("Bo Ek"))
    return replace(
        RELEASED, because="appraised", teacher=her, coach=dana, offer=colleague, reasons=(why,)
    )


def test_who_is_appraised_and_who_appraises_each_read_why_as_it_is_theirs() -> None:
    teacher, coach = (
        " ".join(words_of_letter(mime)[0].split()) for mime in letters(appraised("en"))
    )
    assert "Dana Cole appraises you, and nobody is coached by who appraises her." in teacher
    assert "You appraise Maya Okafor, and nobody is coached by who appraises her." in coach
    assert "appraises you" not in coach
    assert "with Bo Ek would suit instead." in coach


def test_an_appraisal_is_named_in_french_too() -> None:
    teacher, coach = (
        " ".join(words_of_letter(mime)[0].split()) for mime in letters(appraised("fr"))
    )
    assert (
        "Dana Cole vous évalue, et personne n\N{RIGHT SINGLE QUOTATION MARK}a pour coach" in teacher
    )
    assert "Vous évaluez Maya Okafor, et personne" in coach
    assert "appraise" not in teacher + coach


def test_a_cycle_that_is_let_go_for_an_appraisal_says_so_to_each() -> None:
    why = Reason(code="appraised", sentence="Dana Cole appraises you, and so on.")
    event = a_cycle(because="released", sequence=1, meetings=(), reasons=(why,))
    told = [WRITER.write(one).mime for one in announcements_of_cycle(event, [event.series_id])]
    teacher, coach = (" ".join(words_of_letter(mime)[0].split()) for mime in told if mime)
    assert "Dana Cole appraises you, and nobody is coached by who appraises her." in teacher
    assert f"You appraise {event.teacher.name}, and nobody is coached" in coach


def test_an_offer_brings_no_calendar_entry_before_she_says_yes() -> None:
    (teacher,) = letters(EVENTS["offer"])
    assert b"text/calendar" not in teacher
