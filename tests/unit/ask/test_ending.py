"""How an ask ended, for programs and for people."""

import io
from pathlib import Path

from rich.console import Console

from deploy.asking.ending import Ending, mails_of
from deploy.asking.follow import Followed, Stage, Step
from deploy.asking.screen import show, watching
from deploy.asking.standing import Notice, Standing
from deploy.asking.telling import Teller
from tests.unit.ask.builders import (
    CYCLE,
    REASON,
    REDIRECT,
    SESSION,
    a_cycle,
    a_notice,
    a_standing,
    choices,
    declined,
    offered,
    scheduled,
)

ZONE = "America/Edmonton"

_KEYS = [
    "id",
    "status",
    "decision",
    "topic",
    "redirect",
    "coach",
    "support_mode",
    "starts_at",
    "place",
    "offer",
    "cycle",
    "reasons",
    "mails",
]


def _ending(
    standing: Standing, notices: tuple[Notice, ...] = (), *, settled: bool = True
) -> Ending:
    found = {notice.message_id: Path(f"/mail/{notice.part}.eml") for notice in notices}
    followed = Followed(standing=standing, notices=notices, settled=settled)
    mails = mails_of(followed, found, "http://127.0.0.1:8025/")
    return Ending(
        followed=followed, mails=mails, zone=ZONE, page="http://127.0.0.1:8300/requests/r1"
    )


def _shown(ending: Ending) -> str:
    out = io.StringIO()
    show(Console(file=out, width=40), ending, Teller(choices()))
    return out.getvalue()


def test_the_object_has_exactly_its_documented_keys() -> None:
    for standing in (scheduled(), a_cycle(), offered(), declined(), a_standing(reasons=[REASON])):
        assert list(_ending(standing).as_object()) == _KEYS


def test_a_scheduled_ask_gives_coach_local_start_place_reasons_and_mails() -> None:
    given = _ending(scheduled(), (a_notice("coach"), a_notice("teacher"))).as_object()
    assert given["coach"] == {"name": "Jun Kavanagh", "coach_type": "Instructional coach"}
    assert given["starts_at"] == "2026-11-24T10:15:00-06:00"
    assert given["place"] == {"kind": "room", "address": "Room 12"}
    assert given["reasons"] == [REASON]
    assert [mail["to"] for mail in given["mails"]] == ["teacher", "coach"]
    assert given["mails"][0]["path"] == "/mail/teacher.eml"
    assert given["mails"][0]["page"] == "http://127.0.0.1:8025/mail/teacher"


def test_a_cycle_gives_how_many_meetings_it_has_and_when_they_begin() -> None:
    given = _ending(a_cycle()).as_object()
    assert given["starts_at"] == "2026-11-24T10:15:00-06:00"
    starts = [f"{day}T10:15:00-06:00" for day in ("2026-11-24", "2026-12-01", "2026-12-08")]
    assert given["cycle"] == {"planned": 4, "owed": 1, "starts_at": starts}


def test_an_offer_gives_what_is_held_and_until_when_and_no_coach_yet() -> None:
    given = _ending(offered(later=CYCLE["meetings"][1:])).as_object()
    assert (given["status"], given["coach"], given["starts_at"]) == ("waiting", None, None)
    assert given["offer"] == {
        "session_id": "o",
        "coach": "Jun Kavanagh",
        "starts_at": "2026-11-24T10:15:00-06:00",
        "place": {"kind": "room", "address": "Room 12"},
        "held_until": "2026-11-23T16:00:00-06:00",
        "later": ["2026-12-01T10:15:00-06:00", "2026-12-08T10:15:00-06:00"],
    }


def test_a_declined_ask_gives_its_redirect_and_the_models_clause_as_the_reason() -> None:
    given = _ending(declined()).as_object()
    assert (given["status"], given["topic"]) == ("declined", "device_repair")
    assert given["redirect"] == REDIRECT
    assert given["coach"] is given["starts_at"] is given["place"] is None
    assert given["reasons"][0]["sentence"] == "Repairing devices is not coaching."


def test_an_ask_under_review_gives_the_question_as_the_reason() -> None:
    unclear = a_standing(
        status="under_review", decision="unclear", topic=None, clause="What would you like?"
    )
    assert _ending(unclear).as_object()["reasons"][0]["code"] == "unclear"


def test_mail_that_went_to_a_real_server_has_no_path() -> None:
    followed = Followed(standing=scheduled(), notices=(a_notice(),), settled=True)
    ending = Ending(followed=followed, mails=mails_of(followed, {}, ""), zone=ZONE)
    assert ending.as_object()["mails"][0] | {"path": None, "page": None} == {
        "to": "teacher",
        "kind": "invitation",
        "state": "sent",
        "message_id": "<teacher@example.org>",
        "path": None,
        "page": None,
    }


def test_a_meeting_is_shown_with_its_local_time_in_long_form_its_place_and_why() -> None:
    text = _shown(_ending(scheduled(), (a_notice(),)))
    assert "You have a coach" in text
    assert "Jun Kavanagh, Instructional coach" in text
    assert "Tuesday, 24 November 2026, 10:15 to 10:45 (CST)" in text
    assert "Room 12, Birch Creek Elementary School" in text
    assert "Serves your school" in text
    assert "/mail/teacher.eml\n" in text
    assert "http://127.0.0.1:8025/mail/teacher\n" in text
    assert "Page      http://127.0.0.1:8300/requests/r1\n" in text


def test_an_online_meeting_is_shown_with_its_address() -> None:
    place = {"kind": "online", "address": "https://meet.example.org/jun"}
    text = _shown(_ending(scheduled(session={**SESSION, "place": place, "meetings_planned": 4})))
    assert "online, https://meet.example.org/jun" in text
    assert "first of 4 meetings" in text


def test_a_cycle_is_shown_with_all_its_meetings_and_what_has_no_time_yet() -> None:
    text = _shown(_ending(a_cycle()))
    assert "You have a coach" in text
    assert "When      Tuesday, 24 November 2026, 10:15 to 10:45 (CST)\n" in text
    assert "Then      Tuesday, 1 December 2026, 10:15 to 10:45 (CST)\n" in text
    assert "          Tuesday, 8 December 2026, 10:15 to 10:45 (CST)\n" in text
    assert "This is the first of 4 meetings." in text
    assert "For one of them no time is found yet; we look on." in text


def test_an_offer_is_shown_as_the_question_that_it_is_with_its_limit() -> None:
    text = _shown(_ending(offered(), (a_notice(kind="offer"),)))
    assert "Does this time suit you?" in text
    assert "You have a coach" not in text
    assert "Coach     Jun Kavanagh\n" in text
    assert "Tuesday, 24 November 2026, 10:15 to 10:45 (CST)" in text
    assert "Room 12, Birch Creek Elementary School" in text
    assert "Answer until Monday, 23 November 2026, 16:00 (CST)" in text
    assert "a yes books this time." in text
    assert "goes to somebody else" in text


def test_an_offer_of_a_cycle_is_one_question_about_all_its_meetings() -> None:
    text = _shown(_ending(offered(later=CYCLE["meetings"][1:])))
    assert "Then      Tuesday, 1 December 2026, 10:15 to 10:45 (CST)\n" in text
    assert "This is the first of 3 meetings." in text
    assert "a yes books these 3 times." in text


def test_the_line_of_a_match_says_what_it_is() -> None:
    tell = Teller(choices()).step

    def said(standing: Standing) -> str:
        return tell(Step(stage=Stage.MATCHED, milliseconds=1, standing=standing))

    assert said(a_cycle()).endswith("(CST), the first of 4 meetings")
    assert said(offered()).startswith("held for you: Jun Kavanagh, Tuesday, 24 November 2026")
    assert said(a_standing(reasons=[REASON])) == "no time fits yet"


def test_a_decline_is_shown_kindly_with_where_it_goes() -> None:
    text = _shown(_ending(declined()))
    assert "This one is for somebody else" in text
    assert "not coaching work: Repairing a device" in text
    assert "IT help desk: https://help.example.org/devices" in text
    assert "That's one for the IT help desk." in text


def test_a_wait_is_shown_with_its_counted_reasons() -> None:
    reason = {"code": "no_time", "sentence": "Coaches are booked", "count": 3}
    assert "Coaches are booked (3)" in _shown(_ending(a_standing(reasons=[reason])))


def test_when_time_is_up_it_is_said_that_the_request_is_safe() -> None:
    assert "The request is safe" in _shown(_ending(a_standing(), settled=False))


def _watched(console: Console) -> None:
    with watching(console, Teller(choices())) as watch:
        for stage in Stage:
            notices = (a_notice(),) if stage is Stage.TOLD else ()
            watch(Step(stage=stage, milliseconds=12, standing=scheduled(), notices=notices))


def test_without_a_terminal_each_stage_is_one_plain_line() -> None:
    out = io.StringIO()
    _watched(Console(file=out, width=40))
    lines = out.getvalue().splitlines()
    assert [line.split()[0] for line in lines] == ["received", "decided", "matched", "told"]
    assert "in remit: Classroom routines and transitions, Consultation" in lines[1]
    assert "\x1b" not in out.getvalue()


def test_on_a_terminal_the_stages_grow_in_place() -> None:
    out = io.StringIO()
    _watched(Console(file=out, width=120, force_terminal=True))
    assert "\x1b[" in out.getvalue()
    assert "teacher: invitation" in out.getvalue()


def test_words_of_people_are_never_read_as_markup() -> None:
    odd = {**SESSION, "coach": "[bold]Jun[/bold]"}
    assert "[bold]Jun[/bold]" in _shown(_ending(scheduled(session=odd)))
