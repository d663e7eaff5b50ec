"""Who is told what, in whatever order and however often the events come."""

from dataclasses import replace
from itertools import permutations

import pytest

from services.notifier.domain.announcements import Kind
from services.notifier.domain.notice import Failure, State
from services.notifier.handlers.telling import tell, tell_plainly
from shared.events import NoticeFailed
from shared.identity import new_id
from tests.support.notifier.builders import (
    a_decline,
    a_person,
    a_review,
    a_session,
    a_wait,
    an_overdue_review,
    its_cancellation,
    its_handing_over,
    its_release,
)
from tests.support.notifier.fakes import FakeLedger, FakeWriter

WRITER = FakeWriter()


def live(ledger: FakeLedger) -> list[tuple[Kind, str]]:
    return [(kind, part) for kind, part, state in ledger.told() if state is not State.SUPERSEDED]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (a_session(), [(Kind.INVITATION, "teacher"), (Kind.INVITATION, "coach")]),
        (a_session(sequence=1), [(Kind.INVITATION, "teacher"), (Kind.INVITATION, "coach")]),
        (a_wait(), [(Kind.WAITING, "teacher")]),
        (a_decline(), [(Kind.DECLINE, "teacher")]),
        (a_review(), [(Kind.REVIEW, "teacher")]),
    ],
)
def test_each_event_is_told_to_its_people(event, expected) -> None:  # noqa: ANN001
    ledger = FakeLedger()
    tell(ledger, WRITER, [event, event])
    tell(ledger, WRITER, [event])
    assert live(ledger) == expected


def test_a_story_ends_the_same_in_any_order_of_its_events() -> None:
    first = a_session(version=1)
    off = its_cancellation(first, version=2)
    again = a_session(first.request_id, version=3, teacher=first.teacher, coach=first.coach)
    for order in permutations([first, off, again]):
        ledger = FakeLedger()
        for event in order:
            tell(ledger, WRITER, [event])
        sessions = {
            entry.letter.announcement.session_id
            for entry in ledger.entries
            if entry.state is State.QUEUED
        }
        assert sessions in ({again.session_id}, {first.session_id, again.session_id})
        assert len(live(ledger)) in (2, 4)
        if order[0] is not first:
            assert first.session_id not in sessions


def test_a_cancellation_goes_only_to_who_may_have_the_invitation() -> None:
    ledger = FakeLedger()
    session = a_session()
    tell(ledger, WRITER, [session])
    ledger.entries[0].state = State.SENT
    tell(ledger, WRITER, [its_cancellation(session)])
    assert ledger.told() == [
        (Kind.INVITATION, "teacher", State.SENT),
        (Kind.INVITATION, "coach", State.SUPERSEDED),
        (Kind.CANCELLATION, "teacher", State.QUEUED),
    ]


def test_an_invitation_on_its_way_is_followed_by_its_cancellation_and_not_tried_again() -> None:
    ledger = FakeLedger()
    session = a_session()
    tell(ledger, WRITER, [session])
    ledger.all_are(State.SENDING)
    tell(ledger, WRITER, [its_cancellation(session)])
    assert [entry.overtaken for entry in ledger.entries] == [True, True, False, False]
    assert live(ledger)[2:] == [(Kind.CANCELLATION, "teacher"), (Kind.CANCELLATION, "coach")]


def test_a_moved_session_makes_its_unsent_invitation_pointless() -> None:
    ledger = FakeLedger()
    session = a_session()
    moved = a_session(
        session.request_id,
        version=2,
        sequence=1,
        session_id=session.session_id,
        teacher=session.teacher,
        coach=session.coach,
    )
    tell(ledger, WRITER, [session])
    tell(ledger, WRITER, [moved])
    assert live(ledger) == [(Kind.INVITATION, "teacher"), (Kind.INVITATION, "coach")]


def test_a_cancellation_is_never_overtaken_by_another_session() -> None:
    ledger = FakeLedger()
    session = a_session()
    tell(ledger, WRITER, [session])
    ledger.all_are(State.SENT)
    tell(ledger, WRITER, [its_cancellation(session)])
    tell(ledger, WRITER, [a_session(session.request_id, version=3, teacher=session.teacher)])
    assert (Kind.CANCELLATION, "teacher") in live(ledger)


def test_of_a_newer_word_on_its_way_only_that_the_time_is_off_is_told() -> None:
    before = a_session()
    released = its_release(before, version=3)
    newer = a_wait(before.request_id, version=4, teacher=before.teacher)
    for on_the_way, kind in (([], Kind.RELEASE), ([newer], Kind.CANCELLATION)):
        ledger = FakeLedger()
        tell(ledger, WRITER, [before])
        ledger.all_are(State.SENT)
        ledger.on_their_way = list(on_the_way)
        tell(ledger, WRITER, [released])
        assert (kind, "teacher") in live(ledger)
        assert len(live(ledger)) == 4


def test_what_takes_a_session_off_is_told_however_late_it_comes() -> None:
    before = a_session()
    again = a_session(before.request_id, version=4, teacher=before.teacher, coach=a_person("Bo Ek"))
    released = its_release(before, version=3)
    for batches in ([[released, again]], [[again], [released]], [[again], [released], [released]]):
        ledger = FakeLedger()
        tell(ledger, WRITER, [before])
        ledger.all_are(State.SENT)
        for batch in batches:
            tell(ledger, WRITER, batch)
        # She has answered since, so she is not asked about another time any more.
        assert sorted(live(ledger)[2:]) == [
            (Kind.CANCELLATION, "coach"),
            (Kind.CANCELLATION, "teacher"),
            (Kind.INVITATION, "coach"),
            (Kind.INVITATION, "teacher"),
        ]


def test_a_review_that_is_over_is_not_told() -> None:
    ledger = FakeLedger()
    request_id = new_id()
    tell(ledger, WRITER, [a_session(request_id)])
    tell(ledger, WRITER, [a_review(request_id)])
    assert (Kind.REVIEW, "teacher") not in live(ledger)


def test_of_many_versions_in_one_batch_the_newest_is_told() -> None:
    ledger = FakeLedger()
    request_id, teacher = new_id(), a_person()
    waits = [a_wait(request_id, version=version, teacher=teacher) for version in (3, 1, 2)]
    tell(ledger, WRITER, waits)
    [entry] = ledger.entries
    assert entry.letter.announcement.event.version == 3


def test_who_can_not_be_mailed_is_told_of_on_the_page() -> None:
    ledger = FakeLedger()
    wait = a_wait(teacher=a_person(email="nowhere"))
    tell(ledger, WRITER, [wait])
    [event] = ledger.announced
    assert isinstance(event, NoticeFailed)
    assert (event.request_id, event.reason) == (wait.request_id, Failure.ADDRESS)


def test_each_admin_is_told_once_of_an_overdue_review_and_the_teachers_notice_stays() -> None:
    ledger = FakeLedger()
    review = a_review(version=2)
    overdue = an_overdue_review(review.request_id, version=2)
    tell(ledger, WRITER, [review])
    tell_plainly(ledger, WRITER, [overdue])
    tell_plainly(ledger, WRITER, [overdue])
    assert live(ledger) == [
        (Kind.REVIEW, "teacher"),
        (Kind.OVERDUE, "admin"),
        (Kind.OVERDUE, "admin"),
    ]


def test_a_session_that_goes_to_a_colleague_is_off_for_the_coach_who_had_it() -> None:
    for in_order in (True, False):
        ledger, session, to = FakeLedger(), a_session(), a_person("Bo")
        tell(ledger, WRITER, [session])
        ledger.all_are(State.SENT)
        now = replace(session, version=2, sequence=1, coach=to)
        news = [its_handing_over(session, to), now]
        for event in news if in_order else reversed(news):
            tell(ledger, WRITER, [event])
        told = {
            (entry.letter.announcement.reader.id, entry.letter.announcement.kind)
            for entry in ledger.entries[2:]
        }
        assert told == {
            (session.teacher.id, Kind.UPDATE),
            (session.coach.id, Kind.CANCELLATION),
            (to.id, Kind.INVITATION),
        }


def test_whoever_had_a_session_between_two_news_is_told_too() -> None:
    """It went from one to a second and on to a third while nobody told anything."""
    ledger, session = FakeLedger(), a_session()
    second, third = a_person("Bo"), a_person("Cy")
    tell(ledger, WRITER, [session])
    ledger.all_are(State.SENT)
    between = replace(session, version=2, sequence=1, coach=second)
    last = replace(session, version=3, sequence=2, coach=third)
    tell(
        ledger,
        WRITER,
        [its_handing_over(session, second), between, its_handing_over(between, third), last],
    )
    told = [(e.letter.announcement.reader.id, e.letter.announcement.kind) for e in ledger.entries]
    assert sorted(told[2:]) == sorted(
        [
            (session.teacher.id, Kind.UPDATE),
            (session.coach.id, Kind.CANCELLATION),
            (third.id, Kind.INVITATION),
        ]
    )


def test_a_coach_who_has_it_again_is_not_told_that_it_is_off() -> None:
    ledger, session, to = FakeLedger(), a_session(), a_person("Bo")
    tell(ledger, WRITER, [session])
    ledger.all_are(State.SENT)
    there = replace(session, version=2, sequence=1, coach=to)
    back = replace(session, version=3, sequence=2)
    news = [its_handing_over(session, to), there, its_handing_over(there, session.coach), back]
    tell(ledger, WRITER, news)
    kinds = [(kind, part) for kind, part, _state in ledger.told()[2:]]
    assert kinds == [(Kind.UPDATE, "teacher"), (Kind.UPDATE, "coach")]
