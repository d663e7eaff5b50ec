"""A teacher moves her meeting: only to what could be booked, once, and the second of two is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.scheduler.adapters import checker
from services.scheduler.domain.moving import ChangedSince, Moved, NoMore, TimeGone, Wanted
from shared.events import RequestSubmitted
from tests.support.scheduler.builders import (
    MONDAY,
    Division,
    a_coach,
    a_request,
    a_window,
    an_id,
)

HOUR = timedelta(hours=1)


@pytest.fixture
def asked() -> RequestSubmitted:
    return a_request(windows=(a_window(MONDAY + 5 * HOUR, 30),))


@pytest.fixture
def booked(division: Division, asked: RequestSubmitted) -> Division:
    division.with_model().with_coaches(a_coach("ana")).hear(asked)
    assert len(division.sessions()) == 1
    return division


def the_session(division: Division) -> Any:
    (session,) = division.sessions("state = 'scheduled'")
    return session


def move(division: Division, asked: RequestSubmitted, to: datetime, seen: int = 0) -> Any:
    session = the_session(division)
    return division.application.moving.move(
        asked.teacher.id, session.id, seen=seen, wanted=Wanted(starts_at=to)
    )


def test_where_it_stands_is_no_time_to_move_to(booked: Division, asked: RequestSubmitted) -> None:
    session = the_session(booked)
    meeting = booked.application.moving.meeting(asked.teacher.id, session.id)
    assert meeting
    assert session.starts_at not in meeting.times
    assert isinstance(move(booked, asked, session.starts_at), TimeGone)
    assert len(booked.announced("session.scheduled")) == 1


def test_every_offered_time_can_be_taken(booked: Division, asked: RequestSubmitted) -> None:
    session = the_session(booked)
    for turn in range(3):
        meeting = booked.application.moving.meeting(asked.teacher.id, session.id)
        assert meeting
        assert len(meeting.times) > 10
        answer = move(booked, asked, meeting.times[turn * 4], seen=turn)
        assert isinstance(answer, Moved)
        assert the_session(booked).starts_at == meeting.times[turn * 4]
    told = booked.announced("session.scheduled")
    assert [event["sequence"] for event in told] == [0, 1, 2, 3]
    assert len({event["session_id"] for event in told}) == 1  # one entry in every calendar
    with booked.engine.begin() as connection:
        assert checker.differences(connection) == []


def test_the_freed_time_goes_to_who_waits(booked: Division, asked: RequestSubmitted) -> None:
    waiting = a_request(windows=asked.windows)
    booked.hear(waiting)
    assert not booked.sessions(f"request_id = '{waiting.request_id}'")
    move(booked, asked, MONDAY + 25 * HOUR)
    booked.drain()
    (session,) = booked.sessions(f"request_id = '{waiting.request_id}'")
    assert session.starts_at == MONDAY + 5 * HOUR


def test_a_time_that_is_not_free_is_refused_and_others_are_named(
    booked: Division, asked: RequestSubmitted
) -> None:
    booked.hear(a_request(windows=(a_window(MONDAY + 26 * HOUR, 30),)))
    session = booked.sessions(f"request_id = '{asked.request_id}'")[0]
    for wrong in (MONDAY + 26 * HOUR, MONDAY + 14 * HOUR, MONDAY - HOUR, MONDAY + 900 * HOUR):
        answer = booked.application.moving.move(
            asked.teacher.id, session.id, seen=0, wanted=Wanted(starts_at=wrong)
        )
        assert isinstance(answer, TimeGone)
        assert wrong not in answer.now.times


def test_of_two_at_once_one_moves_it_and_the_other_is_told(
    booked: Division, asked: RequestSubmitted
) -> None:
    targets = [MONDAY + 25 * HOUR, MONDAY + 26 * HOUR]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda to: move(booked, asked, to), targets))
    kinds = sorted(type(answer).__name__ for answer in answers)
    assert kinds == ["ChangedSince", "Moved"]
    (changed,) = [answer for answer in answers if isinstance(answer, ChangedSince)]
    assert changed.now.session.starts_at == the_session(booked).starts_at
    assert len(booked.announced("session.scheduled")) == 2


def test_a_told_time_moves_only_with_its_teachers_yes(booked: Division) -> None:
    session = the_session(booked)
    for somebody in (an_id("ana"), an_id("stranger")):
        assert booked.application.moving.meeting(somebody, session.id) is None
        answer = booked.application.moving.move(
            somebody, session.id, seen=0, wanted=Wanted(starts_at=MONDAY + 25 * HOUR)
        )
        assert answer is None
    assert the_session(booked).starts_at == session.starts_at


def test_of_a_meeting_that_was_called_off_its_teacher_is_told_and_nobody_else(
    booked: Division, asked: RequestSubmitted
) -> None:
    session = the_session(booked)
    told, off = len(booked.announced("session.scheduled")), NoMore(request_id=asked.request_id)
    cover = booked.application.covering.cover
    assert cover(an_id("ana"), session.starts_at, session.starts_at + HOUR)
    move_ = booked.application.moving.move
    wanted = Wanted(starts_at=session.starts_at + 24 * HOUR)
    assert move_(asked.teacher.id, session.id, seen=0, wanted=wanted) == off
    assert move_(an_id("stranger"), session.id, seen=0, wanted=wanted) is None
    assert booked.application.moving.meeting(asked.teacher.id, session.id) == off
    assert booked.application.moving.meeting(an_id("stranger"), session.id) is None
    assert len(booked.announced("session.scheduled")) == told
