"""What intake does when it is asked or told, on fakes of its ports."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, TypeVar, cast

import pytest

from services.request_intake.domain.remit import NotOffered
from services.request_intake.domain.standing import State
from services.request_intake.handlers.following import (
    CanNotBeCancelled,
    cancel_request,
    get_request,
    list_requests,
    record_notice_failed,
    record_scheduled,
    record_session_cancelled,
    record_waiting,
)
from services.request_intake.handlers.publishing import Publication, publish_model
from services.request_intake.handlers.submitting import (
    KeyReused,
    ModelKeepsChangingError,
    Submitted,
    submit_request,
)
from services.request_intake.ports import ByPerson, ByToken, Nobody
from shared.events import (
    Event,
    ModelPublished,
    NoticeFailed,
    RequestCancelled,
    RequestDeclined,
    RequestSubmitted,
    RequestUnderReview,
    RequestWaiting,
    SessionCancelled,
    SessionScheduled,
)
from tests.support.events import EXAMPLES, NOON, SCHOOL, TEACHER, an_id
from tests.support.request_intake.builders import (
    a_request,
    a_window,
    an_ask,
    an_asker,
    published,
    starter_document,
)
from tests.support.request_intake.fakes import FakeFrontDesk, FakeWork

E = TypeVar("E", bound=Event)


def _submit(
    desk: FakeFrontDesk, key: str = "key-0001", **changes: Any
) -> Submitted | NotOffered | KeyReused | Nobody:
    asker = changes.pop("asker", an_asker())
    desk.askers = {ByPerson(asker.person.id): asker}
    return submit_request(ByPerson(asker.person.id), an_ask(**changes), desk, key=key, now=NOON)


@pytest.mark.parametrize(
    ("ask", "event", "state"),
    [
        ({"topic": "unit_planning"}, RequestSubmitted, State.WAITING),
        ({"topic": "payroll"}, RequestDeclined, State.DECLINED),
        ({"topic": None, "words": "help"}, RequestUnderReview, State.UNDER_REVIEW),
    ],
)
def test_each_decision_is_stored_with_the_event_that_tells_of_it(
    ask: dict[str, Any], event: type[Event], state: State
) -> None:
    desk = FakeFrontDesk()
    done = _submit(desk, **ask)
    assert isinstance(done, Submitted)
    assert done.request.state is state
    assert [type(told) for told in desk.events] == [event]
    assert "words" not in vars(desk.events[0])


def test_a_repeated_ask_gets_its_request_again_and_another_ask_is_refused() -> None:
    desk = FakeFrontDesk()
    first = _submit(desk)
    assert _submit(desk) == replace(first, repeated=True)
    assert _submit(desk, words="another") == KeyReused()
    assert len(desk.events) == 1


def test_an_ask_is_judged_anew_when_the_model_moved_on() -> None:
    desk = FakeFrontDesk()
    desk.remembered = published(version=1)
    desk.in_force = published(version=2)
    done = _submit(desk)
    assert isinstance(done, Submitted)
    assert done.request.model_version == 2


def test_a_model_that_never_rests_is_said() -> None:
    desk = FakeFrontDesk()
    desk.remembered = published(version=1)
    desk.in_force = published(version=2)
    desk.refresh = lambda: None  # type: ignore[method-assign]
    with pytest.raises(ModelKeepsChangingError):
        _submit(desk)


@pytest.mark.parametrize(
    ("ask", "field"),
    [
        ({"school": "nowhere"}, "school"),
        ({"asker": an_asker(school=None)}, "school"),
        ({"support_mode": "collaboration", "meeting": "online"}, "meeting"),
        ({"windows": (a_window(1, -1),)}, "windows.0.ends_at"),
        ({"windows": (a_window(1, 0),)}, "windows.0.ends_at"),
        ({"windows": (a_window(1), a_window(-2))}, "windows.1.ends_at"),
        ({"windows": (a_window(400),)}, "windows.0.ends_at"),
        ({"topic": "astrology"}, "topic"),
    ],
)
def test_what_can_not_be_is_named_and_nothing_is_stored(ask: dict[str, Any], field: str) -> None:
    desk = FakeFrontDesk()
    refused = _submit(desk, **ask)
    assert isinstance(refused, NotOffered)
    assert refused.field == field
    assert refused.right
    assert not desk.stored


def test_a_stranger_stores_nothing() -> None:
    desk = FakeFrontDesk()
    answer = submit_request(ByToken(b"?" * 32), an_ask(), desk, key="key-0001", now=NOON)
    assert answer == Nobody()
    assert not desk.stored


def test_request_and_event_are_hers_who_asks() -> None:
    desk = FakeFrontDesk()
    done = _submit(desk)
    assert isinstance(done, Submitted)
    assert (done.request.teacher_id, done.request.school) == (TEACHER.id, SCHOOL)
    (told,) = desk.events
    assert isinstance(told, RequestSubmitted)
    assert (told.teacher, told.school, told.room) == (TEACHER, SCHOOL, "12")


def test_another_school_of_the_division_may_be_named() -> None:
    other = replace(SCHOOL, id=an_id(77))
    done = _submit(FakeFrontDesk({"birch": other}), school="birch")
    assert isinstance(done, Submitted)
    assert done.request.school == other


def test_an_own_room_of_the_ask_wins_even_when_empty() -> None:
    assert _submit(FakeFrontDesk(), room="gym").request.room == "gym"
    assert _submit(FakeFrontDesk(), room="").request.room == ""
    assert _submit(FakeFrontDesk()).request.room == "12"


def test_her_requests_are_hers_alone() -> None:
    work = FakeWork([a_request(4), a_request(5, teacher_id=an_id(99))])
    assert get_request(work, TEACHER.id, an_id(5)) is None
    assert [one.id for one in list_requests(work, TEACHER.id)] == [an_id(4)]


def test_a_cancellation_is_told_once() -> None:
    work = FakeWork([a_request()])
    done = cancel_request(work, TEACHER.id, an_id(4), seen_version=None, now=NOON)
    again = cancel_request(work, TEACHER.id, an_id(4), seen_version=None, now=NOON)
    assert done.state is State.CANCELLED
    assert isinstance(again, CanNotBeCancelled)
    assert work.announced == [RequestCancelled(version=2, request_id=an_id(4), cancelled_at=NOON)]


def test_who_saw_an_older_version_is_told_how_it_stands() -> None:
    work = FakeWork([a_request(version=3)])
    answer = cancel_request(work, TEACHER.id, an_id(4), seen_version=2, now=NOON)
    assert isinstance(answer, CanNotBeCancelled)
    assert answer.request.version == 3


def test_a_cancellation_that_lost_the_race_is_told_how_it_stands() -> None:
    work = FakeWork([a_request()])
    work.requests.cancel = lambda *_args, **_kwargs: False  # type: ignore[method-assign]
    answer = cancel_request(work, TEACHER.id, an_id(4), seen_version=None, now=NOON)
    assert isinstance(answer, CanNotBeCancelled)
    assert not work.announced


def test_an_unclear_ask_is_taken_back_without_telling_the_scheduler() -> None:
    work = FakeWork([a_request(topic=None)])
    cancel_request(work, TEACHER.id, an_id(4), seen_version=None, now=NOON)
    assert work.announced == []


def _said(kind: type[E], version: int) -> E:
    example: Any = EXAMPLES[kind]
    return cast("E", replace(example, version=version))


def _tell(work: FakeWork, version: int) -> None:
    match version:
        case 1:
            record_scheduled(work, [_said(SessionScheduled, 1)])
        case 2:
            record_session_cancelled(work, [_said(SessionCancelled, 2)])
        case _:
            record_waiting(work, [_said(RequestWaiting, version)])


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1)])
def test_the_standing_is_the_latest_word_in_any_order(order: tuple[int, ...]) -> None:
    work = FakeWork([a_request()])
    for version in order:
        _tell(work, version)
    found = work.requests.by_id[an_id(4)]
    assert (found.state, found.standing_version) == (State.WAITING, 3)
    assert found.standing.reasons[0].code == "no_time"


def test_a_second_copy_of_the_same_word_changes_nothing() -> None:
    work = FakeWork([a_request()])
    record_scheduled(work, [_said(SessionScheduled, 1), _said(SessionScheduled, 1)])
    once = work.requests.by_id[an_id(4)]
    record_scheduled(work, [_said(SessionScheduled, 1)])
    assert work.requests.by_id[an_id(4)] == once
    assert once.standing.session.coach == "Jo Lindqvist"


def test_a_cancelled_request_stays_cancelled_whatever_is_said() -> None:
    work = FakeWork([a_request()])
    cancel_request(work, TEACHER.id, an_id(4), seen_version=None, now=NOON)
    record_scheduled(work, [_said(SessionScheduled, 1)])
    assert work.requests.by_id[an_id(4)].state is State.CANCELLED


def test_mail_that_did_not_reach_her_is_shown_and_that_of_others_is_not() -> None:
    failed = EXAMPLES[NoticeFailed]
    for recipient, shown in ((TEACHER.id, True), (an_id(2), False)):
        work = FakeWork([a_request()])
        record_notice_failed(work, [replace(failed, recipient_id=recipient)])
        assert work.requests.by_id[an_id(4)].notice_failed is shown


def test_a_published_model_tells_all_that_may_be_booked() -> None:
    work = FakeWork()
    publication = Publication(document=starter_document(), published_by="x", reason="start")

    assert publish_model(work, publication, NOON) == 1
    assert publish_model(work, publication, NOON) == 2

    first = work.announced[0]
    assert isinstance(first, ModelPublished)
    assert first.model_version == first.version == 1
    assert first.effective_from == date(2026, 11, 23)
    assert {c.topic for c in first.combinations} == {topic.key for topic in first.topics}


def test_a_later_version_comes_into_force_at_its_local_midnight() -> None:
    work = FakeWork()
    publish_model(
        work,
        Publication(
            document=starter_document(),
            published_by="x",
            reason="next term",
            effective_from=date(2027, 2, 1),
        ),
        NOON,
    )
    in_force_at = work.models.records[0].in_force_at
    assert in_force_at.utcoffset() == timedelta(hours=-6)
    assert in_force_at.isoformat().startswith("2027-02-01T00:00:00")
