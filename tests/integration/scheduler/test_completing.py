"""A session is closed in two taps, or it did not take place; a forgotten tap keeps no offer for ever."""

from datetime import timedelta
from typing import Any

import pytest

from services.scheduler.domain.completing import Closing, KindOfWork
from services.scheduler.handlers.completing import Closed, UnknownMode
from tests.integration.scheduler.test_cycles import a_cycle, with_cycles
from tests.support.scheduler.builders import (
    COLLABORATION,
    CONSULTATION,
    Division,
    a_coach,
    a_request,
    an_id,
)

PLANNED = Closing(kind=KindOfWork.PLANNING, turned_out=COLLABORATION)
ANA = an_id("ana")


@pytest.fixture
def division(database: Any) -> Division:
    made = Division(database).with_model(**with_cycles())
    return made.with_coaches(a_coach("ana"))


def over(division: Division, number: int = 0) -> Any:
    """A session whose time is over."""
    session = division.sessions("state = 'scheduled'")[number]
    division.now = session.starts_at + timedelta(hours=1)
    return session


def test_a_session_is_closed_with_what_it_was(division: Division) -> None:
    division.hear(a_request(support_mode=CONSULTATION))
    session = over(division)
    (shown,) = division.application.completing.to_close(ANA)
    assert (shown.session.id, dict(shown.modes).keys()) == (
        session.id,
        {CONSULTATION, COLLABORATION},
    )
    answer = division.application.completing.close(ANA, session.id, PLANNED)
    assert answer == Closed(request_id=session.request_id)
    (row,) = division.sessions()
    assert (row.state, row.kind_of_work, row.turned_out) == (
        "completed",
        "planning",
        COLLABORATION,
    )
    (told,) = division.announced("session.completed")
    assert (told["mode_name"], told["version"]) == ("Collaboration", 2)
    assert division.application.completing.to_close(ANA) == []
    # A second tap changes nothing and tells nobody.
    assert division.application.completing.close(ANA, session.id, PLANNED) == answer
    assert len(division.announced("session.completed")) == 1


def test_only_its_coach_closes_it_and_not_before_it_begins(division: Division) -> None:
    division.hear(a_request())
    (session,) = division.sessions()
    close = division.application.completing.close
    assert close(ANA, session.id, PLANNED) is None
    over(division)
    assert close(an_id("bo"), session.id, PLANNED) is None
    wrong = Closing(kind=KindOfWork.PLANNING, turned_out="repairs")
    assert close(ANA, session.id, wrong) == UnknownMode()
    assert division.sessions()[0].state == "scheduled"


def test_who_did_not_meet_is_offered_the_next_time_with_the_same_coach(division: Division) -> None:
    division.with_coaches(a_coach("bo"))
    request = a_request()
    division.hear(request)
    session = over(division)
    answer = division.application.completing.missed(request.teacher.id, session.id)
    assert answer == Closed(request_id=request.request_id)
    (offered,) = division.announced("session.offered")
    assert offered["offer"]["coach"]["id"] == str(session.coach_id)
    assert [reason["code"] for reason in offered["reasons"]] == ["missed", "same_coach"]
    (held,) = division.sessions("state = 'held'")
    assert (held.meeting, held.starts_at > division.now) == (2, True)
    division.application.closing.take(request.teacher.id, held.id)
    assert [s.state for s in division.sessions()] == ["missed", "scheduled"]


def test_a_missed_meeting_of_a_cycle_is_owed(division: Division) -> None:
    request = a_cycle(2)
    division.hear(request)
    session = over(division)
    division.application.completing.missed(ANA, session.id)
    told = sorted(division.announced("cycle.scheduled"), key=lambda told: told["version"])
    missed, offered = told[-2:]
    assert (missed["because"], offered["because"]) == ("missed", "offered")
    assert [m["state"] for m in missed["meetings"]] == ["missed", "scheduled"]
    assert len(offered["offers"]) == 1


def test_a_cycle_whose_meetings_were_all_held_is_over(division: Division) -> None:
    division.hear(a_cycle(2))
    for number in range(2):
        division.application.completing.close(ANA, over(division).id, PLANNED)
        told = division.announced("cycle.scheduled")[-1]
        assert (told["because"], told["state"]) == ("completed", ("open", "ended")[number])
    (row,) = division.database.sql("SELECT state FROM scheduler.request")
    assert row.state == "completed"


def test_what_nobody_closes_is_closed_after_a_while_and_keeps_no_offer(division: Division) -> None:
    division.hear(a_request())
    session = over(division)
    sql = division.database.sql
    sql("UPDATE bus.timer SET due_at = now() WHERE name = 'close_over' RETURNING 1")
    division.drain()
    assert division.sessions()[0].state == "scheduled"  # she still may say what it was
    division.now = session.starts_at + timedelta(days=8)
    sql("UPDATE bus.timer SET due_at = now() WHERE name = 'close_over' RETURNING 1")
    division.drain()
    (row,) = division.sessions()
    assert (row.state, row.kind_of_work, row.live_coach_type) == ("completed", None, None)
    assert len(division.announced("session.completed")) == 1
