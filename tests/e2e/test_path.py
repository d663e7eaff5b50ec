"""The path, as a teacher and her coach meet it: the command, the API and the mail of a whole stack."""

import email
import email.policy
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import icalendar
import psycopg
import pytest
import urllib3

from tests.support.running_stack import RunningStack, remit
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


def test_words_alone_that_say_little_are_read_by_a_person(stack: RunningStack) -> None:
    assert ask(stack, "help")["status"] == "under_review"


class Teacher:
    """One teacher of the demo, with a token of her own."""

    def __init__(self, stack: RunningStack, address: str) -> None:
        made = remit("token", "create", "--email", address, "--data", stack.data)
        assert made.returncode == 0, made.stderr
        self._root = f"{stack.address.web_url}/api/intake/v1"
        self._api = f"{self._root}/requests"
        self._headers = {"Authorization": f"Bearer {made.stdout.split()[-1]}"}
        self._pool = urllib3.PoolManager()

    def asks(self, **body: object) -> str:
        answer = self._pool.request("POST", self._api, json=body, headers=self._headers)
        assert answer.status in (200, 202), answer.data
        return str(answer.json()["id"])

    def sees(self, request_id: str) -> dict[str, Any]:
        seen: dict[str, Any] = self._pool.request(
            "GET", f"{self._api}/{request_id}", headers=self._headers
        ).json()
        return seen

    def gets(self, path: str) -> dict[str, Any]:
        seen: dict[str, Any] = self._pool.request(
            "GET", f"{self._root}/{path}", headers=self._headers
        ).json()
        return seen

    def posts(self, path: str, **body: object) -> None:
        answer = self._pool.request(
            "POST", f"{self._root}/{path}", json=body, headers=self._headers
        )
        assert answer.status == 200, answer.data

    def cancels(self, request_id: str) -> None:
        version = self.sees(request_id)["version"]
        answer = self._pool.request(
            "POST",
            f"{self._api}/{request_id}/cancel",
            json={"version": version},
            headers=self._headers,
        )
        assert answer.status == 200, answer.data

    def settled(self, request_id: str) -> dict[str, Any]:
        def seen() -> dict[str, Any] | None:
            request = self.sees(request_id)
            return request if request["session"] or request["reasons"] else None

        found = until(seen)
        assert found
        return found


def test_a_cancellation_is_told_to_both_and_its_time_goes_to_who_waits(stack: RunningStack) -> None:
    """Colleagues of one school want the half hour that the first of them was given."""
    first, *others = [Teacher(stack, address) for address in colleagues(stack)[:8]]
    body = {
        "words": "Eight plus five, still by ones.",
        "topic": "number_sense",
        "support_mode": "consultation",
        "meeting": "in_person",
    }
    theirs = first.settled(first.asks(**body))
    body["windows"] = [{key: theirs["session"][key] for key in ("starts_at", "ends_at")}]
    asked = [(teacher, teacher.settled(teacher.asks(**body))) for teacher in others]
    waiting = [(teacher, request) for teacher, request in asked if request["status"] == "waiting"]
    assert waiting, "somebody had to wait"
    who_waits_longest, request = waiting[0]

    first.cancels(theirs["id"])

    until(lambda: who_waits_longest.sees(request["id"])["status"] == "scheduled")
    entries = until(lambda: cancellations(stack, theirs["session"]["session_id"], of=2))
    assert {str(entry.walk("VEVENT")[0]["STATUS"]) for entry in entries} == {"CANCELLED"}
    assert {int(entry.walk("VEVENT")[0]["SEQUENCE"]) for entry in entries} == {1}
    assert (
        who_waits_longest.sees(request["id"])["session"]["starts_at"]
        == theirs["session"]["starts_at"]
    )


def colleagues(stack: RunningStack) -> list[str]:
    """Addresses of the teachers of the largest school whose timetable is not known: free when they say."""
    with psycopg.connect(stack.address.owner_database_url) as connection:
        rows = connection.execute(
            "SELECT email FROM request_intake.person WHERE role = 'teacher' AND school_id = ("
            " SELECT school_id FROM request_intake.person WHERE role = 'teacher'"
            " GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1) AND id NOT IN ("
            " SELECT teacher_id FROM scheduler.timetable) ORDER BY email"
        ).fetchall()
    return [row[0] for row in rows]


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


def test_a_declined_ask_is_appealed_called_coaching_and_booked(stack: RunningStack) -> None:
    """The kind no, all the way: declined, appealed, answered by an admin, booked, told to both."""
    teacher, admin = Teacher(stack, colleagues(stack)[-1]), Teacher(stack, office(stack))
    hers = teacher.asks(words="The projector is dead, again", topic="projector_printer_wifi")
    assert teacher.sees(hers)["status"] == "declined"

    teacher.posts(f"requests/{hers}/appeal", sentence="It is about how I teach with it.")
    (review,) = [one for one in admin.gets("reviews")["reviews"] if one["id"] == hers]
    assert review["sentence"] == "It is about how I teach with it."
    admin.posts(
        f"reviews/{hers}/answer",
        version=review["version"],
        answer="coaching",
        topic="number_sense",
        support_mode="consultation",
    )

    booked = teacher.settled(hers)
    assert (booked["status"], booked["topic"]) == ("scheduled", "number_sense")
    entries = until(lambda: invitations(stack, booked["session"]["session_id"], of=2))
    assert {int(entry.walk("VEVENT")[0]["SEQUENCE"]) for entry in entries} == {0}


def office(stack: RunningStack) -> str:
    """The address of an admin of the division."""
    with psycopg.connect(stack.address.owner_database_url) as connection:
        row = connection.execute(
            "SELECT email FROM request_intake.person WHERE role = 'admin' ORDER BY email LIMIT 1"
        ).fetchone()
    assert row
    return str(row[0])
