"""The path, as a teacher and her coach meet it: the command, the API and the mail of a whole stack."""

import email
import email.policy
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import icalendar
import pytest

from tests.support.running_stack import RunningStack, remit
from tests.support.stack_people import INTAKE, People, Program, not_too_soon
from tests.support.waiting import until

# Ten asks in teachers' own words, and where the starter model sends each.
IN_REMIT = {
    "still counting up by ones for 8+5 in gr 6. what do i do that isnt mad minutes": "number_sense",
    "fractions w pattern blocks or fraction strips? grade 4": "math_models",
    "Should kids choose their own pieces for an e-portfolio or do I?": "digital_portfolios",
    "I'd like the entire class to learn voice typing so that nobody stands out": "assistive_tech",
    "phones in pouches isn't working in my gr 9 class. looking for a routine": "device_routines",
}
OUT_OF_REMIT = {
    "need someone to take my class period 2 tmrw, dentist": "class_cover",
    "pay stub shows no extracurricular allowance": "payroll",
    "Two parents complained about the book I teach and want it pulled.": "parent_complaint",
    "3d printer nozzle clogged, filament everywhere": "projector_printer_wifi",
    "how many times has Jordan met with his coach and what do they talk about": "evaluation_data_request",
}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    running = RunningStack(tmp_path_factory.mktemp("path") / "data", "--demo")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def people(stack: RunningStack) -> Iterator[People]:
    everybody = People(stack)
    yield everybody
    everybody.close()


def ask(stack: RunningStack, words: str, *options: str) -> dict[str, Any]:
    asked = remit("ask", words, *options, "--json", "--data", stack.data)
    assert asked.returncode == 0, asked.stderr
    answer: dict[str, Any] = json.loads(asked.stdout)
    return answer


def invitation(path: str) -> icalendar.Calendar:
    message = email.message_from_bytes(Path(path).read_bytes(), policy=email.policy.default)
    (part,) = (p for p in message.walk() if p.get_content_type() == "text/calendar")
    return icalendar.Calendar.from_ical(part.get_content())


@pytest.mark.parametrize(("words", "topic"), IN_REMIT.items(), ids=IN_REMIT.values())
def test_an_ask_in_remit_ends_with_a_coach_a_time_reasons_and_two_invitations(
    stack: RunningStack, words: str, topic: str
) -> None:
    answer = ask(stack, words, "--topic", topic)
    assert (answer["decision"], answer["status"], answer["topic"]) == (
        "in_remit",
        "scheduled",
        topic,
    )
    assert answer["coach"]
    assert answer["place"]
    assert answer["reasons"]
    assert [mail["to"] for mail in answer["mails"]] == ["teacher", "coach"]
    entries = [invitation(mail["path"]) for mail in answer["mails"]]
    assert {str(entry["METHOD"]) for entry in entries} == {"REQUEST"}
    starts = {entry.walk("VEVENT")[0].decoded("DTSTART") for entry in entries}
    assert starts == {datetime.fromisoformat(answer["starts_at"])}


@pytest.mark.parametrize(("words", "topic"), OUT_OF_REMIT.items(), ids=OUT_OF_REMIT.values())
def test_an_ask_out_of_remit_ends_kindly_with_its_redirect(
    stack: RunningStack, words: str, topic: str
) -> None:
    answer = ask(stack, words, "--topic", topic)
    assert (answer["decision"], answer["status"]) == ("out_of_remit", "declined")
    assert answer["redirect"]["key"] == topic
    assert answer["redirect"]["sentence"]
    assert answer["coach"] is None
    assert [(mail["to"], mail["kind"]) for mail in answer["mails"]] == [("teacher", "decline")]


def test_a_cycle_is_said_as_the_first_of_its_meetings_with_those_after_it(
    stack: RunningStack,
) -> None:
    words = "Would somebody think with me about how my class talks about what it reads?"
    asked = ("--topic", "reading_comprehension", "--mode", "cognitive_coaching")
    answer = ask(stack, words, *asked)
    assert answer["status"] == "scheduled"
    starts, planned = answer["cycle"]["starts_at"], answer["cycle"]["planned"]
    assert len(starts) + answer["cycle"]["owed"] == planned >= 4
    assert starts[0] == answer["starts_at"]
    assert [mail["to"] for mail in answer["mails"]] == ["teacher", "coach"]
    told = remit("ask", words, *asked, "--data", stack.data).stdout
    assert f"This is the first of {planned} meetings." in told
    assert "\nThen      " in told


def test_words_alone_that_say_little_are_read_by_a_person(stack: RunningStack) -> None:
    assert ask(stack, "help")["status"] == "under_review"


def settled(teacher: Program, request: Mapping[str, Any]) -> Any:
    """Her request, once it has a time or waits for one."""

    def seen() -> Any:
        found = teacher.sees(request)
        return found if found["session"] or found["reasons"] else None

    return until(seen)


def test_a_cancellation_is_told_to_both_and_its_time_is_offered_to_who_waits_longest(
    stack: RunningStack, people: People
) -> None:
    """Colleagues of one school want the half hour that the first of them was given."""
    first, *others = [people.teacher(timetable=False) for _ in range(8)]  # free when they say
    body: dict[str, Any] = {
        "words": "Eight plus five, still by ones.",
        "topic": "number_sense",
        "support_mode": "consultation",
        "meeting": "in_person",
    }
    theirs = settled(first, first.asks(**body, windows=[not_too_soon()]))
    body["windows"] = [{key: theirs["session"][key] for key in ("starts_at", "ends_at")}]
    asked = [(teacher, settled(teacher, teacher.asks(**body))) for teacher in others]
    waiting = [(teacher, request) for teacher, request in asked if request["status"] == "waiting"]
    assert waiting, "somebody had to wait"
    who_waits_longest, request = waiting[0]

    first.cancels(theirs)

    entries = until(lambda: cancellations(stack, theirs["session"]["session_id"], of=2))
    assert {str(entry.walk("VEVENT")[0]["STATUS"]) for entry in entries} == {"CANCELLED"}
    assert {int(entry.walk("VEVENT")[0]["SEQUENCE"]) for entry in entries} == {1}
    offer = who_waits_longest.offered(request)
    assert offer["starts_at"] == theirs["session"]["starts_at"]
    asking = people.at_her_browser(who_waits_longest).get(f"/requests/{request['id']}")
    assert "Does this time suit you?" in asking
    # A held time is nobody's invitation: it waits for her yes.
    assert invitations(stack, offer["session_id"], of=0) == []

    hers = who_waits_longest.says_yes(offer)["session"]
    assert (hers["session_id"], hers["starts_at"]) == (offer["session_id"], offer["starts_at"])
    until(lambda: invitations(stack, offer["session_id"], of=2))


def cancellations(stack: RunningStack, session_id: str, of: int) -> list[icalendar.Calendar] | None:
    """The calendar entries that cancel a session, when there are as many as `of`."""
    return entries_of(stack, session_id, "CANCEL", of)


def invitations(stack: RunningStack, session_id: str, of: int) -> list[icalendar.Calendar] | None:
    """The calendar entries that invite to a session, when there are as many as `of`."""
    return entries_of(stack, session_id, "REQUEST", of)


def entries_of(
    stack: RunningStack, session_id: str, method: str, of: int
) -> list[icalendar.Calendar] | None:
    found = []
    for path in sorted(Path(stack.address.mail_folder).glob("*.eml")):
        if f"method={method}".encode() in path.read_bytes():
            entry = invitation(str(path))
            if session_id in str(entry.walk("VEVENT")[0]["UID"]):
                found.append(entry)
    return found if len(found) == of else None


def test_a_declined_ask_is_appealed_called_coaching_and_booked(
    stack: RunningStack, people: People
) -> None:
    """The kind no, all the way: declined, appealed, answered by an admin, booked, told to both."""
    teacher, admin = people.teacher(timetable=False), people.admin()
    hers = teacher.asks(words="The projector is dead, again", topic="projector_printer_wifi")
    assert teacher.sees(hers)["status"] == "declined"

    teacher.appeals(hers, "It is about how I teach with it.")
    reviews = admin.done("GET", f"{INTAKE}/reviews")["reviews"]
    (review,) = [one for one in reviews if one["id"] == hers["id"]]
    assert review["sentence"] == "It is about how I teach with it."
    answer = {"topic": "number_sense", "support_mode": "consultation"}
    sent = answer | {"version": review["version"], "answer": "coaching"}
    admin.done("POST", f"{INTAKE}/reviews/{hers['id']}/answer", sent)

    booked = settled(teacher, hers)
    assert (booked["status"], booked["topic"]) == ("scheduled", "number_sense")
    entries = until(lambda: invitations(stack, booked["session"]["session_id"], of=2))
    assert {int(entry.walk("VEVENT")[0]["SEQUENCE"]) for entry in entries} == {0}
