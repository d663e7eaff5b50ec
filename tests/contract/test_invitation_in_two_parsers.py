"""An invitation means the same to two parsers that share no code: icalendar and npm's ical.js.

ical.js knows no zone but those in the file, so equal instants prove the VTIMEZONE that we write.
"""

import json
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from services.notifier.adapters.writer import LetterWriter
from services.notifier.domain.announcements import announcements_of
from shared.events import SessionCancelled, SessionScheduled
from shared.events.vocabulary import Place
from tests.support.notifier.builders import NOW, a_person, a_session, its_cancellation
from tests.support.notifier.letters import calendar_of
from tests.support.notifier.rig import CODE_KEY

ROOT = Path(__file__).resolve().parents[2]
ICAL_JS = ROOT / "build/ical_js/node_modules/ical.js/dist/ical.js"
READER = Path(__file__).parent / "ical_js/read.mjs"
NODE = ROOT / ".venv/bin/node"

ZONES = ("America/Edmonton", "America/St_Johns", "Pacific/Auckland", "America/Regina")
WALL_TIMES = ((0, 15), (1, 15), (3, 30), (9, 0), (14, 45), (23, 30))


@dataclass(frozen=True)
class Case:
    event: SessionScheduled | SessionCancelled
    text: str


def days_of_change(zone: str) -> list[datetime]:
    """The days of 2026 and 2027 on which this zone's clock changes; midsummer where it never does."""
    noons = [datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=day) for day in range(730)]
    offsets = [noon.replace(tzinfo=ZoneInfo(zone)).utcoffset() for noon in noons]
    changed = [noon for noon, a, b in zip(noons[1:], offsets, offsets[1:], strict=False) if a != b]
    return changed or [datetime(2026, 7, 1, 12, tzinfo=UTC)]


def instants(zone: str) -> list[datetime]:
    around = [day + timedelta(days=near) for day in days_of_change(zone) for near in (-1, 0, 1)]
    return [
        day.replace(hour=hour, minute=minute, tzinfo=ZoneInfo(zone)).astimezone(UTC)
        for day in around
        for hour, minute in WALL_TIMES
    ]


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    writer = LetterWriter(
        "remit@division.example", "https://remit.example", lambda: NOW, code_key=CODE_KEY
    )
    made = []
    for zone in ZONES:
        for number, instant in enumerate(instants(zone)):
            session = a_session(
                starts_at=instant,
                ends_at=instant + timedelta(minutes=45),
                zone=zone,
                sequence=number % 3,
                coach=a_person('Dana "Dee" Cole; Math, Literacy'),
                teacher=a_person("Zoë Ng\u0303uyễn 🌱"),
                place=Place(
                    kind="room", address="Room 12; east, by the stairs \\ left" * (number % 4)
                ),
            )
            for event in (session, its_cancellation(session)):
                letter = writer.write(announcements_of(event)[number % 2])
                assert letter.mime is not None
                made.append(Case(event, calendar_of(letter.mime)))
    return made


@pytest.fixture(scope="module")
def in_ical_js(cases: list[Case]) -> list[dict[str, Any]]:
    if not ICAL_JS.exists():
        pytest.fail("ical.js is not there: `make setup` installs it")
    done = subprocess.run(
        [NODE, READER, ICAL_JS],
        input=json.dumps([case.text for case in cases]).encode(),
        capture_output=True,
        check=True,
        timeout=60,
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_both_parsers_read_the_same_and_what_was_meant(
    cases: list[Case], in_ical_js: list[dict[str, Any]]
) -> None:
    assert len(cases) == len(in_ical_js) > 300
    for case, theirs in zip(cases, in_ical_js, strict=True):
        [event] = theirs["events"]
        ours = Calendar.from_ical(case.text)
        [entry] = ours.walk("VEVENT")
        zone = ZoneInfo(case.event.zone)
        assert theirs["method"] == str(ours["METHOD"])
        assert event["uid"] == str(entry["UID"]) == f"{case.event.session_id}@division.example"
        assert event["sequence"] == int(entry["SEQUENCE"]) == case.event.sequence
        assert event["status"] == str(entry["STATUS"])
        assert event["summary"] == str(entry["SUMMARY"])
        assert event["location"] == str(entry.get("LOCATION", "")) or event["location"] is None
        assert event["description"] == str(entry["DESCRIPTION"])
        for end, instant in (("DTSTART", case.event.starts_at), ("DTEND", case.event.ends_at)):
            name = {"DTSTART": "starts", "DTEND": "ends"}[end]
            assert entry[end].dt.astimezone(UTC) == instant
            assert event[f"{name}_unix"] == instant.timestamp(), (case.event.zone, instant)
            if not event[f"{name}_local"].endswith("Z"):
                local = f"{instant.astimezone(zone):%Y-%m-%dT%H:%M:%S}"
                assert event[f"{name}_local"] == local == f"{entry[end].dt:%Y-%m-%dT%H:%M:%S}"


def test_a_request_is_confirmed_and_a_cancel_is_cancelled_with_a_higher_sequence(
    cases: list[Case],
) -> None:
    for request, cancel in zip(cases[::2], cases[1::2], strict=True):
        asked, off = Calendar.from_ical(request.text), Calendar.from_ical(cancel.text)
        assert (str(asked["METHOD"]), str(off["METHOD"])) == ("REQUEST", "CANCEL")
        [first], [second] = asked.walk("VEVENT"), off.walk("VEVENT")
        assert first["UID"] == second["UID"]
        assert int(second["SEQUENCE"]) > int(first["SEQUENCE"])
        assert (str(first["STATUS"]), str(second["STATUS"])) == ("CONFIRMED", "CANCELLED")


def test_the_people_are_read_alike(cases: list[Case], in_ical_js: list[dict[str, Any]]) -> None:
    for case, theirs in zip(cases, in_ical_js, strict=True):
        [entry] = Calendar.from_ical(case.text).walk("VEVENT")
        [event] = theirs["events"]
        read = [[str(one), str(one.params["CN"])] for one in entry["ATTENDEE"]]
        assert event["attendees"] == read
        assert {address for address, _ in read} == {
            f"mailto:{person.email}" for person in (case.event.teacher, case.event.coach)
        }
        assert event["organizer"] == str(entry["ORGANIZER"]) == "mailto:remit@division.example"
