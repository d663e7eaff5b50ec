"""Who is told of a cycle, and when: whoever's calendar changed, once, and a teacher who is asked."""

from dataclasses import replace

import pytest

from services.notifier.domain.announcements import Kind
from services.notifier.domain.notice import State
from services.notifier.handlers.telling import tell
from shared.events.vocabulary import FormerSeries
from shared.identity import new_id
from tests.support.events import OFFER
from tests.support.notifier.builders import START, a_cycle, a_person
from tests.support.notifier.fakes import FakeLedger, FakeWriter

WRITER = FakeWriter()


def told(ledger: FakeLedger) -> list[tuple[Kind, str]]:
    return [(kind, part) for kind, part, state in ledger.told() if state is not State.SUPERSEDED]


def sent(ledger: FakeLedger) -> None:
    ledger.all_are(State.SENT)


def test_a_cycle_is_told_once_to_each_of_both() -> None:
    ledger, event = FakeLedger(), a_cycle()
    tell(ledger, WRITER, [event, event])
    tell(ledger, WRITER, [event])
    assert told(ledger) == [(Kind.INVITATION, "teacher"), (Kind.INVITATION, "coach")]


@pytest.mark.parametrize(
    ("because", "moved", "expected"),
    [
        ("moved", True, [(Kind.UPDATE, "teacher"), (Kind.UPDATE, "coach")]),
        ("released", True, [(Kind.RELEASE, "teacher"), (Kind.UPDATE, "coach")]),
        ("offered", False, [(Kind.OFFER, "teacher")]),
        ("lapsed", False, [(Kind.WAITING, "teacher")]),
        ("turned_down", False, []),
        ("completed", False, []),
    ],
)
def test_a_change_is_told_to_whom_it_concerns(
    because: str, *, moved: bool, expected: list[tuple[Kind, str]]
) -> None:
    ledger, before = FakeLedger(), a_cycle()
    tell(ledger, WRITER, [before])
    sent(ledger)
    after = replace(before, version=2, sequence=int(moved), because=because, offers=(OFFER,))
    tell(ledger, WRITER, [after])
    assert told(ledger)[2:] == expected


def test_a_calendar_that_missed_a_change_is_right_after_the_next() -> None:
    """Both were heard of at once: the newer one alone is told, and says all that calendars lack."""
    ledger, before = FakeLedger(), a_cycle()
    tell(ledger, WRITER, [before])
    sent(ledger)
    moved = replace(before, version=2, sequence=1, because="moved")
    offered = replace(before, version=3, sequence=1, because="offered", offers=(OFFER,))
    tell(ledger, WRITER, [offered, moved])
    assert told(ledger)[2:] == [(Kind.OFFER, "teacher"), (Kind.UPDATE, "coach")]


def test_a_cycle_that_rests_before_its_first_meeting_leaves_the_calendars() -> None:
    ledger, before = FakeLedger(), a_cycle()
    tell(ledger, WRITER, [before])
    sent(ledger)
    paused = replace(before, version=2, sequence=1, because="paused", state="paused", meetings=())
    tell(ledger, WRITER, [paused])
    assert told(ledger)[2:] == [(Kind.CANCELLATION, "teacher"), (Kind.CANCELLATION, "coach")]


def test_a_cycle_that_changes_hands_tells_all_three_and_only_once() -> None:
    ledger, before = FakeLedger(), a_cycle()
    tell(ledger, WRITER, [before])
    sent(ledger)
    series, colleague = new_id(), a_person("Bo Ek")
    after = replace(
        before,
        version=2,
        because="handed_over",
        series_id=series,
        coach=colleague,
        meetings=tuple(replace(one, series_id=series) for one in before.meetings),
        former=FormerSeries(
            series_id=before.series_id, sequence=1, anchor_at=START, coach=before.coach
        ),
    )
    tell(ledger, WRITER, [after])
    tell(ledger, WRITER, [replace(after, version=3, because="turned_down")])
    readers = [
        (entry.letter.announcement.kind, entry.letter.announcement.reader.id)
        for entry in ledger.entries[2:]
    ]
    assert readers == [
        (Kind.INVITATION, before.teacher.id),
        (Kind.INVITATION, colleague.id),
        (Kind.CANCELLATION, before.teacher.id),
        (Kind.CANCELLATION, before.coach.id),
    ]
