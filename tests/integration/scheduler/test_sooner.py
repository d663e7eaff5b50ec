"""Any coach, sooner: a teacher's choice of a colleague who has time before her own coach has."""

from typing import Any

import pytest

from services.scheduler.adapters import checker
from services.scheduler.domain.moving import Moved, TimeGone, Wanted
from shared.access.actors import Actor
from shared.events import RequestSubmitted
from shared.identity import new_id
from tests.integration.scheduler.test_moving import HOUR, the_session
from tests.support.scheduler.builders import (
    COLLABORATION,
    MATH,
    MONDAY,
    Division,
    a_coach,
    a_request,
    a_window,
    an_id,
    off,
)

LATE = MONDAY + 53 * HOUR  # Wednesday at noon


@pytest.fixture
def asked() -> RequestSubmitted:
    return a_request(windows=(a_window(LATE, 30),))


@pytest.fixture
def booked(division: Division, asked: RequestSubmitted) -> Division:
    """Ana has Wednesday; Bea and Cyn cover it too, and have time before."""
    busy = off(LATE.date())
    division.with_model().with_coaches(
        a_coach("ana"),
        a_coach("bea", exceptions=(busy,)),
        a_coach("cyn", exceptions=(busy, off(MONDAY.date()))),
        a_coach("dan", exceptions=(busy,), offers=((MATH, "consultation"),)),
    )
    division.hear(asked)
    assert the_session(division).coach_id == an_id("ana")
    return division


def seen(division: Division, asked: RequestSubmitted) -> Any:
    meeting = division.application.moving.meeting(asked.teacher.id, the_session(division).id)
    assert meeting
    return meeting


def test_only_who_covers_it_and_has_time_before_is_named(
    booked: Division, asked: RequestSubmitted
) -> None:
    sooner = seen(booked, asked).sooner
    assert [one.coach.id for one in sooner] == [an_id("bea"), an_id("cyn")]  # the soonest first
    for one in sooner:
        assert one.times
        assert all(MONDAY < at < LATE for at in one.times)


def test_each_of_their_times_can_be_taken_and_both_coaches_are_told(
    booked: Division, asked: RequestSubmitted
) -> None:
    before, bea = the_session(booked), seen(booked, asked).sooner[0]
    answer = booked.application.moving.move(
        asked.teacher.id,
        before.id,
        seen=0,
        wanted=Wanted(starts_at=bea.times[-1], coach_id=bea.coach.id),
    )
    assert isinstance(answer, Moved)
    now = the_session(booked)
    assert (now.id, now.coach_id, now.starts_at, now.sequence) == (
        before.id,
        bea.coach.id,
        bea.times[-1],
        1,
    )
    off_for = booked.announced("session.handed_over")
    assert [(one["coach"]["name"], one["to"]["name"], one["sequence"]) for one in off_for] == [
        ("Ana", "Bea", 1)
    ]
    assert booked.announced("session.scheduled")[-1]["coach"]["name"] == "Bea"
    (freed,) = booked.announced("time.freed")
    assert freed["coach_id"] == str(an_id("ana"))
    with booked.engine.begin() as connection:
        assert checker.differences(connection) == []


def test_why_says_that_she_chose_it_and_what_was_before(
    booked: Division, asked: RequestSubmitted
) -> None:
    bea = seen(booked, asked).sooner[0]
    booked.application.moving.move(
        asked.teacher.id,
        the_session(booked).id,
        seen=0,
        wanted=Wanted(starts_at=bea.times[0], coach_id=bea.coach.id),
    )
    actor = Actor(id=asked.teacher.id, role="teacher")
    why = booked.application.explain(actor, asked.request_id)
    assert why
    assert (why.coach_name, why.starts_at) == ("Bea", bea.times[0])
    assert [reason.code for reason in why.reasons] == ["sooner"]
    (before,) = why.earlier
    assert before.coach_name == "Ana"
    assert before.reasons


def test_a_colleague_is_no_way_to_a_later_time_or_out_of_a_role(
    booked: Division, asked: RequestSubmitted
) -> None:
    session, times = the_session(booked), seen(booked, asked).sooner[0].times
    for coach, at in (
        (an_id("bea"), LATE + 24 * HOUR),
        (an_id("dan"), times[0]),
        (new_id(), times[0]),
        (an_id("cyn"), MONDAY + 2 * HOUR),
    ):
        answer = booked.application.moving.move(
            asked.teacher.id, session.id, seen=0, wanted=Wanted(starts_at=at, coach_id=coach)
        )
        assert isinstance(answer, TimeGone)
    assert the_session(booked).coach_id == an_id("ana")


def test_a_cycle_stays_with_its_coach(booked: Division) -> None:
    cycle = a_request(support_mode=COLLABORATION, meetings=2, windows=())
    booked.hear(cycle)
    first = booked.sessions(f"request_id = '{cycle.request_id}'")[0]
    meeting = booked.application.moving.meeting(cycle.teacher.id, first.id)
    assert meeting
    assert meeting.sooner == ()
