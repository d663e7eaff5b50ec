"""A teacher moves to another school: what is open goes with her, and no time changes without her yes."""

from datetime import timedelta
from typing import Any

import pytest

from services.scheduler.adapters import checker
from services.scheduler.handlers.answering import Answered
from shared.events import PersonMoved, RequestCancelled, RequestSubmitted
from shared.events.vocabulary import School
from tests.integration.scheduler.test_cycles import TUESDAY_AT_9, a_cycle, live, with_cycles
from tests.support.scheduler.builders import (
    LARCH,
    MONDAY,
    Division,
    a_coach,
    a_request,
    a_window,
    an_id,
)

BIRCH = School(id=an_id("birch"), name="Birch School")
BOTH = (LARCH.id, BIRCH.id)
ANA, BEA = an_id("ana"), an_id("bea")


@pytest.fixture
def division(database: Any) -> Division:
    return Division(database).with_model(**with_cycles())


@pytest.fixture
def asked() -> RequestSubmitted:
    return a_request(windows=(a_window(TUESDAY_AT_9, 30),))


def moves(request: RequestSubmitted, version: int = 1, to: School = BIRCH) -> PersonMoved:
    return PersonMoved(
        version=version, person_id=request.teacher.id, moved_at=MONDAY, school=to, room="Room 3"
    )


def test_where_her_coach_can_be_too_only_the_place_changes(
    division: Division, asked: RequestSubmitted
) -> None:
    division.with_coaches(a_coach("ana", school_ids=BOTH)).hear(asked)
    (before,) = live(division)
    division.hear(moves(asked))
    (now,) = live(division)
    assert (now.id, now.coach_id, now.starts_at) == (before.id, ANA, before.starts_at)
    assert (now.school_id, now.place_address, now.sequence) == (BIRCH.id, "Room 3", 1)
    told = division.announced("session.scheduled")[-1]
    assert (told["school"]["name"], told["sequence"]) == ("Birch School", 1)
    assert [reason["code"] for reason in told["reasons"]] == ["followed"]
    assert not division.announced("session.released")
    with division.engine.begin() as connection:
        assert checker.differences(connection) == []


def test_what_her_coach_can_not_do_there_is_called_off_and_held_with_another(
    division: Division, asked: RequestSubmitted
) -> None:
    division.with_coaches(a_coach("ana"), a_coach("bea", school_ids=(BIRCH.id,)))
    division.hear(asked)
    division.hear(moves(asked))
    (released,) = division.announced("session.released")
    assert (released["because"], released["coach"]["name"]) == ("teacher_moved", "Ana")
    assert released["offer"]["coach"]["name"] == "Bea"
    (held,) = live(division)
    assert (held.state, held.coach_id, held.school_id) == ("held", BEA, BIRCH.id)
    answer = division.application.closing.take(asked.teacher.id, held.offer_id)
    assert isinstance(answer, Answered)


def test_what_she_waits_for_is_looked_for_at_her_new_school(
    division: Division, asked: RequestSubmitted
) -> None:
    division.with_coaches(a_coach("bea", school_ids=(BIRCH.id,))).hear(asked)
    assert len(division.announced("request.waiting")) == 1
    division.hear(moves(asked))
    (offered,) = division.announced("session.offered")
    assert offered["school"]["name"] == "Birch School"
    assert [s.school_id for s in live(division)] == [BIRCH.id]


def test_what_was_held_for_her_is_looked_for_anew(
    division: Division, asked: RequestSubmitted
) -> None:
    division.with_coaches(a_coach("ana"))
    first = a_request(windows=asked.windows)
    division.hear(first)
    division.hear(asked)
    division.hear(RequestCancelled(version=2, request_id=first.request_id, cancelled_at=MONDAY))
    assert [(s.state, s.coach_id) for s in live(division)] == [("held", ANA)]
    division.with_coaches(a_coach("bea", school_ids=(BIRCH.id,)))
    division.hear(moves(asked))
    (held,) = live(division)
    assert (held.state, held.coach_id, held.school_id) == ("held", BEA, BIRCH.id)


def test_a_cycle_goes_with_her_whole(division: Division) -> None:
    cycle = a_cycle(3, windows=(a_window(TUESDAY_AT_9, 60),))
    division.with_coaches(a_coach("ana", school_ids=BOTH)).hear(cycle)
    times = [s.starts_at for s in live(division)]
    division.hear(moves(cycle))
    assert [s.starts_at for s in live(division)] == times
    told = division.announced("cycle.scheduled")[-1]
    assert (told["because"], told["sequence"]) == ("followed", 1)
    assert (told["school"]["name"], told["place"]["address"]) == ("Birch School", "Room 3")


def test_the_rest_of_a_cycle_is_held_with_a_colleague_of_the_new_school(division: Division) -> None:
    cycle = a_cycle(3, windows=(a_window(TUESDAY_AT_9, 60),))
    division.with_coaches(a_coach("ana"), a_coach("bea", school_ids=(BIRCH.id,))).hear(cycle)
    division.now = TUESDAY_AT_9 + timedelta(hours=2)
    division.hear(moves(cycle))
    told = division.announced("cycle.scheduled")[-1]
    assert (told["because"], len(told["meetings"])) == ("released", 1)
    (offer,) = told["offers"]
    assert (offer["coach"]["name"], len(offer["later"])) == ("Bea", 1)


def test_an_older_move_that_comes_late_changes_nothing(
    division: Division, asked: RequestSubmitted
) -> None:
    division.with_coaches(a_coach("ana", school_ids=BOTH)).hear(asked)
    division.hear(moves(asked, version=2))
    division.hear(moves(asked, version=1, to=LARCH))
    assert [s.school_id for s in live(division)] == [BIRCH.id]
    assert [one["sequence"] for one in division.announced("session.scheduled")] == [0, 1]


def test_what_begins_within_the_hour_stays_too(division: Division, asked: RequestSubmitted) -> None:
    division.with_coaches(a_coach("ana", school_ids=BOTH)).hear(asked)
    division.now = TUESDAY_AT_9 - timedelta(minutes=20)
    division.hear(moves(asked))
    assert [(s.state, s.school_id) for s in live(division)] == [("scheduled", BIRCH.id)]
