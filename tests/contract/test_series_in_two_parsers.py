"""A cycle in a calendar is the same meetings to two parsers that share no code, whatever was moved.

The series recurs by wall time over both clock changes; weeks without a meeting are taken out of it, and
a meeting at another hour is an exception of its week.
"""

import json
import random
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
from icalendar import Calendar

from services.notifier.adapters.writer import LetterWriter
from services.notifier.domain.cycles import announcements_of_cycle
from shared.events import CycleScheduled
from shared.events.vocabulary import CycleMeeting
from shared.identity import new_id
from tests.contract.test_invitation_in_two_parsers import ICAL_JS, NODE, READER, ZONES
from tests.support.notifier.builders import NOW, a_cycle
from tests.support.notifier.letters import calendar_of
from tests.support.notifier.rig import CODE_KEY

_BEGINS = ((2026, 10, 13), (2027, 2, 23), (2027, 3, 30), (2026, 9, 8))  # around both changes
_SEED = 11


def a_story(zone: str, begins: tuple[int, int, int], chance: random.Random) -> CycleScheduled:
    """Some weeks of meetings, of which some are moved within their week and some fall away."""
    tz = ZoneInfo(zone)
    anchor = datetime(*begins, 12, 30, tzinfo=tz)
    event = a_cycle(zone=zone, anchor_at=anchor.astimezone(UTC))
    weeks = sorted(chance.sample(range(9), chance.randint(1, 6)))
    meetings = []
    for number, week in enumerate(weeks, start=1):
        at = anchor + timedelta(days=7 * week)
        if chance.random() < 0.4:
            at = at.replace(hour=chance.randint(8, 16)) + timedelta(days=chance.randint(-1, 3))
        begun = at.astimezone(UTC)
        meetings.append(
            CycleMeeting(
                session_id=new_id(),
                series_id=event.series_id,
                number=number,
                coach_name=event.coach.name,
                starts_at=begun,
                ends_at=begun + timedelta(minutes=45),
                state="scheduled",
            )
        )
    return replace(event, meetings=tuple(meetings))


@pytest.fixture(scope="module")
def cases() -> list[tuple[CycleScheduled, str]]:
    writer = LetterWriter(
        "remit@division.example", "https://remit.example", lambda: NOW, code_key=CODE_KEY
    )
    chance, made = random.Random(_SEED), []  # noqa: S311  -- cases, no secret
    for zone in ZONES:
        for begins in _BEGINS:
            for _ in range(8):
                event = a_story(zone, begins, chance)
                told = announcements_of_cycle(event, {event.series_id})[0]
                mime = writer.write(told).mime
                assert mime is not None
                made.append((event, calendar_of(mime)))
    return made


@pytest.fixture(scope="module")
def in_ical_js(cases: list[tuple[CycleScheduled, str]]) -> list[dict[str, Any]]:
    if not ICAL_JS.exists():
        pytest.fail("ical.js is not there: `make setup` installs it")
    done = subprocess.run(
        [NODE, READER, ICAL_JS],
        input=json.dumps([text for _, text in cases]).encode(),
        capture_output=True,
        check=True,
        timeout=60,
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_both_parsers_find_exactly_the_meetings_of_the_cycle(
    cases: list[tuple[CycleScheduled, str]], in_ical_js: list[dict[str, Any]]
) -> None:
    assert len(cases) == len(in_ical_js) >= 100
    for (event, text), theirs in zip(cases, in_ical_js, strict=True):
        meant = [(m.starts_at.timestamp(), m.ends_at.timestamp()) for m in event.meetings]
        found = recurring_ical_events.of(Calendar.from_ical(text)).between(
            event.anchor_at - timedelta(days=400), event.anchor_at + timedelta(days=400)
        )
        ours = [(one["DTSTART"].dt.timestamp(), one["DTEND"].dt.timestamp()) for one in found]
        assert sorted(ours) == sorted(meant)
        assert sorted(map(tuple, theirs["occurrences"])) == sorted(meant), text


def test_every_part_of_a_series_has_its_uid_and_sequence(
    cases: list[tuple[CycleScheduled, str]],
) -> None:
    for event, text in cases:
        parts = Calendar.from_ical(text).walk("VEVENT")
        assert {str(part["UID"]) for part in parts} == {f"{event.series_id}@division.example"}
        assert {int(part["SEQUENCE"]) for part in parts} == {event.sequence}
        assert sum("RRULE" in part for part in parts) == 1


def test_a_series_without_meetings_is_taken_out_whole() -> None:
    writer = LetterWriter(
        "remit@division.example", "https://remit.example", lambda: NOW, code_key=CODE_KEY
    )
    event = a_cycle(sequence=3, meetings=(), state="paused", because="paused")
    for told in announcements_of_cycle(event, {event.series_id}):
        mime = writer.write(told).mime
        assert mime is not None
        calendar = Calendar.from_ical(calendar_of(mime))
        [entry] = calendar.walk("VEVENT")
        assert (str(calendar["METHOD"]), str(entry["STATUS"])) == ("CANCEL", "CANCELLED")
        assert (str(entry["UID"]), int(entry["SEQUENCE"])) == (
            f"{event.series_id}@division.example",
            3,
        )
