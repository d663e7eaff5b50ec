"""A coach asks that a colleague goes on: nothing changes without the teacher's yes, to these times."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from services.scheduler.adapters import checker
from services.scheduler.domain.handing_over import Handing, Seen, Why
from services.scheduler.handlers.handing_over import Done, NotSo
from shared.events import RequestSubmitted
from shared.identity import new_id
from tests.integration.scheduler.test_cycles import (
    TUESDAY_AT_9,
    WEEK,
    a_cycle,
    live,
    with_cycles,
)
from tests.support.scheduler.builders import (
    MATH,
    MONDAY,
    Division,
    a_coach,
    a_request,
    a_window,
    an_id,
    off,
)

HOUR = timedelta(hours=1)
ANA, BEA, CYN = an_id("ana"), an_id("bea"), an_id("cyn")


@pytest.fixture
def division(database: Any) -> Division:
    """Ana is asked for; Bea has the same hours, Cyn none on Tuesdays, and Dan another role."""
    made = Division(database).with_model(**with_cycles())
    return made.with_coaches(a_coach("ana"))


@pytest.fixture
def asked() -> RequestSubmitted:
    return a_request(windows=(a_window(TUESDAY_AT_9, 30),))


def with_colleagues(division: Division) -> Division:
    tuesdays = tuple(off((TUESDAY_AT_9 + n * WEEK).date()) for n in range(20))
    return division.with_coaches(
        a_coach("bea"),
        a_coach("cyn", exceptions=tuesdays),
        a_coach("dan", offers=((MATH, "consultation"),)),
    )


def handing(division: Division, person: Any, request: RequestSubmitted) -> Handing:
    found = division.application.handing_over.handing(person, request.request_id)
    assert found
    return found


def question(division: Division, request: RequestSubmitted, to: Any = BEA) -> Seen:
    """Ana asks; what its teacher sees then."""
    answer = division.application.handing_over.ask(ANA, request.request_id, to, Why.NEARER)
    assert isinstance(answer, Done)
    now = handing(division, request.teacher.id, request)
    assert now.asked
    return Seen(hand_over_id=now.asked.id, starts=now.colleagues[0].starts)


def test_colleagues_who_cover_it_are_named_who_keeps_the_time_first(
    division: Division, asked: RequestSubmitted
) -> None:
    division.hear(asked)
    found = handing(with_colleagues(division), ANA, asked).colleagues
    assert [(one.coach.id, one.kept) for one in found] == [(BEA, 1), (CYN, 0)]
    assert found[0].starts == (TUESDAY_AT_9,)


def test_asking_changes_nothing_and_tells_its_teacher_alone(
    division: Division, asked: RequestSubmitted
) -> None:
    division.hear(asked)
    question(with_colleagues(division), asked)
    (told,) = division.announced("hand_over.asked")
    assert (told["coach"]["name"], told["to"]["name"]) == ("Ana", "Bea")
    assert told["reasons"][0]["code"] == "nearer"
    assert [s.coach_id for s in live(division)] == [ANA]
    again = division.application.handing_over.ask(ANA, asked.request_id, CYN, Why.NEARER)
    assert isinstance(again, NotSo)


def test_a_yes_moves_the_meeting_to_the_colleague_at_its_told_time(
    division: Division, asked: RequestSubmitted
) -> None:
    division.hear(asked)
    (before,) = live(division)
    seen = question(with_colleagues(division), asked)
    waiting = a_request(windows=asked.windows)
    answer = division.application.handing_over.agree(asked.teacher.id, asked.request_id, seen)
    assert isinstance(answer, Done)
    (now,) = live(division)
    assert (now.id, now.coach_id, now.starts_at) == (before.id, BEA, TUESDAY_AT_9)
    (off_for,) = division.announced("session.handed_over")
    assert (off_for["coach"]["name"], off_for["to"]["name"]) == ("Ana", "Bea")
    assert division.announced("session.scheduled")[-1]["reasons"][0]["code"] == "handed_over"
    division.hear(waiting)
    assert ANA in {s.coach_id for s in live(division)}  # her time is free again
    with division.engine.begin() as connection:
        assert checker.differences(connection) == []


def test_a_no_is_told_to_the_coach_and_nothing_else_happens(
    division: Division, asked: RequestSubmitted
) -> None:
    division.hear(asked)
    seen = question(with_colleagues(division), asked)
    over = division.application.handing_over
    assert isinstance(over.decline(asked.teacher.id, asked.request_id, seen), Done)
    assert len(division.announced("hand_over.declined")) == 1
    assert [s.coach_id for s in live(division)] == [ANA]
    assert over.agree(asked.teacher.id, asked.request_id, seen) is None
    assert isinstance(over.ask(ANA, asked.request_id, CYN, Why.NO_TIME), Done)


def test_what_is_taken_back_can_not_be_agreed_to(
    division: Division, asked: RequestSubmitted
) -> None:
    division.hear(asked)
    seen = question(with_colleagues(division), asked)
    over = division.application.handing_over
    assert isinstance(over.withdraw(ANA, asked.request_id), Done)
    assert over.agree(asked.teacher.id, asked.request_id, seen) is None
    assert isinstance(over.withdraw(ANA, asked.request_id), NotSo)


def test_a_yes_is_to_the_times_that_were_seen(division: Division, asked: RequestSubmitted) -> None:
    division.hear(asked)
    seen = question(with_colleagues(division), asked)
    other = a_request(windows=asked.windows, coach_types=asked.coach_types)
    division.with_coaches(a_coach("ana", exceptions=(off(TUESDAY_AT_9.date()),)))
    division.hear(other)  # Bea is taken at that hour
    assert {s.coach_id for s in live(division)} == {ANA, BEA}
    answer = division.application.handing_over.agree(asked.teacher.id, asked.request_id, seen)
    assert isinstance(answer, NotSo)
    times = answer.now.colleagues[0].starts
    assert times != seen.starts
    later = Seen(hand_over_id=seen.hand_over_id, starts=times)
    answer = division.application.handing_over.agree(asked.teacher.id, asked.request_id, later)
    assert isinstance(answer, Done)


def test_of_two_answers_at_once_one_stands(division: Division, asked: RequestSubmitted) -> None:
    division.hear(asked)
    seen = question(with_colleagues(division), asked)
    over, hers = division.application.handing_over, (asked.teacher.id, asked.request_id)
    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(over.agree, *hers, seen), pool.submit(over.decline, *hers, seen)]
    assert sorted(type(one.result()).__name__ for one in answers) == ["Done", "NoneType"]
    told = division.announced("hand_over.declined") + division.announced("session.handed_over")
    assert len(told) == 1


def test_nobody_else_asks_or_answers(division: Division, asked: RequestSubmitted) -> None:
    division.hear(asked)
    over = with_colleagues(division).application.handing_over
    for somebody in (BEA, asked.teacher.id, new_id()):
        assert over.ask(somebody, asked.request_id, CYN, Why.NEARER) is None
    seen = question(division, asked)
    for somebody in (ANA, BEA, new_id()):
        assert over.agree(somebody, asked.request_id, seen) is None
        assert over.decline(somebody, asked.request_id, seen) is None


def test_a_colleague_out_of_the_role_can_not_be_named(
    division: Division, asked: RequestSubmitted
) -> None:
    division.hear(asked)
    over = with_colleagues(division).application.handing_over
    for wrong in (an_id("dan"), new_id(), ANA):
        assert isinstance(over.ask(ANA, asked.request_id, wrong, Why.NEARER), NotSo)


def test_a_cycle_goes_on_with_the_colleague_in_a_series_of_hers(division: Division) -> None:
    request = a_cycle(3, windows=(a_window(TUESDAY_AT_9, 60),))
    division.hear(request)
    before = live(division)
    division.now = TUESDAY_AT_9 + timedelta(hours=2)  # the first was held
    seen = question(with_colleagues(division), request)
    assert seen.starts == (TUESDAY_AT_9 + WEEK, TUESDAY_AT_9 + 2 * WEEK)
    over = division.application.handing_over
    assert isinstance(over.agree(request.teacher.id, request.request_id, seen), Done)
    told = division.announced("cycle.scheduled")[-1]
    assert (told["because"], told["coach"]["name"], told["sequence"]) == ("handed_over", "Bea", 0)
    assert told["former"]["coach"]["name"] == "Ana"
    assert [m["series_id"] == told["series_id"] for m in told["meetings"]] == [False, True, True]
    assert [s.id for s in live(division)] == [s.id for s in before]
    rows = division.database.sql("SELECT coach_id, cycles FROM scheduler.coach_cycles ORDER BY 1")
    assert {row.coach_id: row.cycles for row in rows} == {ANA: 0, BEA: 1}


def test_a_meeting_without_a_time_in_its_week_is_owed(division: Division) -> None:
    request = a_cycle(3, windows=(a_window(TUESDAY_AT_9, 60),))
    division.hear(request)
    second = (TUESDAY_AT_9 + WEEK).date()
    week = tuple(off(second + timedelta(days=n)) for n in range(-1, 5))
    division.with_coaches(a_coach("bea", exceptions=week))
    seen = question(division, request)
    assert len(seen.starts) == 2
    over = division.application.handing_over
    assert isinstance(over.agree(request.teacher.id, request.request_id, seen), Done)
    told = division.announced("cycle.scheduled")[-1]
    assert (told["planned"], len(told["meetings"])) == (3, 2)
    assert "still_owed" in {reason["code"] for reason in told["reasons"]}


def test_who_has_as_many_cycles_as_she_may_is_not_named(division: Division) -> None:
    request = a_cycle(2)
    division.hear(request)
    division.with_coaches(a_coach("bea", cycles_at_once=0))
    assert handing(division, ANA, request).colleagues == ()


def test_what_begins_too_soon_is_not_handed_over(division: Division) -> None:
    asked = a_request(windows=(a_window(MONDAY + 5 * HOUR, 30),))
    division.hear(asked)
    division.now = MONDAY + 4.75 * HOUR
    assert handing(with_colleagues(division), ANA, asked).colleagues == ()
