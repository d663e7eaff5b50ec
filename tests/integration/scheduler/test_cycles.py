"""Cycles: booked together or not at all, changed by their teacher, told whole at each change."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.scheduler.domain.closing import Declaration
from services.scheduler.domain.moving import Wanted
from services.scheduler.handlers.answering import Answered
from services.scheduler.handlers.cycles import Changed, NotChanged
from shared.events import RequestCancelled, RequestSubmitted
from tests.support.scheduler.builders import (
    COLLABORATION,
    LARCH,
    LITERACY,
    MONDAY,
    ZONE,
    Division,
    a_coach,
    a_model,
    a_request,
    a_window,
    an_id,
    off,
)
from tests.support.scheduler.school import a_school

BY = an_id("admin")
TUESDAY_AT_9 = datetime(2026, 11, 24, 9, tzinfo=ZoneInfo(ZONE))
WEEK = timedelta(days=7)


def with_cycles(**terms: Any) -> dict[str, Any]:
    """Collaboration in one to six meetings; at most two cycles at once."""
    model = a_model()
    modes = [
        replace(mode, sessions_max=6, **terms) if mode.key == COLLABORATION else mode
        for mode in model.support_modes
    ]
    return {"support_modes": tuple(modes)}


@pytest.fixture
def division(database: Any) -> Division:
    made = Division(database).with_model(**with_cycles())
    return made.with_coaches(a_coach("ana", cycles_at_once=2))


def a_cycle(meetings: int = 4, **other: Any) -> RequestSubmitted:
    return a_request(**{"support_mode": COLLABORATION, "meetings": meetings, **other})


def told(division: Division) -> dict[str, Any]:
    return division.announced("cycle.scheduled")[-1]


def local(instant: datetime) -> datetime:
    return instant.astimezone(ZoneInfo(ZONE))


def hers(request: RequestSubmitted, **other: Any) -> dict[str, Any]:
    return {"teacher_id": request.teacher.id, "request_id": request.request_id, **other}


def live(division: Division) -> list[Any]:
    return list(division.sessions("state IN ('held', 'scheduled')"))


def test_all_meetings_of_a_cycle_are_booked_with_one_coach_a_week_apart(division: Division) -> None:
    division.with_coaches(a_coach("bo"))
    request = a_cycle(4, windows=(a_window(TUESDAY_AT_9, 60),))
    division.hear(request)
    sessions = live(division)
    assert [local(s.starts_at) for s in sessions] == [TUESDAY_AT_9 + n * WEEK for n in range(4)]
    assert len({s.coach_id for s in sessions}) == 1
    assert [s.meeting for s in sessions] == [1, 2, 3, 4]
    event = told(division)
    assert (event["because"], event["sequence"], event["planned"]) == ("booked", 0, 4)
    assert [m["number"] for m in event["meetings"]] == [1, 2, 3, 4]
    assert not division.announced("session.scheduled")


def test_the_hour_stays_on_the_wall_across_the_clock_change(database: Any) -> None:
    before = datetime(2027, 3, 2, 16, tzinfo=ZoneInfo("UTC"))
    division = (
        Division(database, now=before).with_model(**with_cycles()).with_coaches(a_coach("ana"))
    )
    tuesday = datetime(2027, 3, 9, 9, tzinfo=ZoneInfo(ZONE))
    division.hear(a_cycle(2, windows=(a_window(tuesday, 60),)))
    assert [local(s.starts_at).hour for s in live(division)] == [9, 9]


def test_a_week_without_time_is_passed_over(division: Division) -> None:
    away = tuple(off(date(2026, 12, day)) for day in range(1, 5))
    division.with_coaches(a_coach("ana", exceptions=away))
    division.hear(a_cycle(3, windows=(a_window(TUESDAY_AT_9, 60),)))
    weeks = [(local(s.starts_at) - TUESDAY_AT_9).days // 7 for s in live(division)]
    assert weeks == [0, 2, 3]


def test_a_cycle_that_does_not_fit_whole_is_not_begun(division: Division) -> None:
    away = tuple(off(date(2026, 11, 30) + timedelta(days=n)) for n in range(120))
    division.with_coaches(a_coach("ana", exceptions=away))
    division.hear(a_cycle(2))
    assert not live(division)
    assert len(division.announced("request.waiting")) == 1


def test_nobody_has_more_cycles_at_once_than_she_may(division: Division) -> None:
    division.hear(*(a_cycle(2) for _ in range(3)))
    assert len(division.announced("cycle.scheduled")) == 2
    (waiting,) = division.announced("request.waiting")
    assert "fully_booked" in [reason["code"] for reason in waiting["reasons"]]
    # A meeting by itself is no cycle.
    division.hear(a_cycle(1))
    assert len(division.announced("session.scheduled")) == 1


def test_a_meeting_of_a_cycle_is_moved_alone_and_keeps_its_turn(division: Division) -> None:
    request = a_cycle(3, windows=(a_window(TUESDAY_AT_9, 60),))
    division.hear(request)
    _first, second, third = live(division)
    found = division.application.moving.meeting(request.teacher.id, second.id)
    assert found is not None
    days = {local(time).date() for time in found.times}
    week = {date(2026, 12, 1) + timedelta(days=n) for n in range(-1, 4)}
    assert days
    assert days <= week
    answer = division.application.moving.move(
        request.teacher.id, second.id, seen=0, wanted=Wanted(starts_at=found.times[-1])
    )
    assert answer is not None
    event = told(division)
    assert (event["because"], event["sequence"]) == ("moved", 1)
    (moved,) = [s for s in live(division) if s.id == second.id]
    assert moved.starts_at == found.times[-1] < third.starts_at


def test_a_closed_day_takes_one_meeting_and_holds_another_for_it(division: Division) -> None:
    division.application.schooling.keep_school_time(str(BY), [a_school()])
    request = a_cycle(3, windows=(a_window(TUESDAY_AT_9, 60),))
    division.hear(request)
    second = live(division)[1]
    answer = division.application.closing.declare(
        BY, day=local(second.starts_at).date(), school_ids=[LARCH.id], reason="Snow"
    )
    assert isinstance(answer, Declaration)
    division.drain()
    event = told(division)
    assert (event["because"], event["state"]) == ("released", "open")
    assert len(event["meetings"]) == 2
    (offer,) = event["offers"]
    (held,) = division.sessions("state = 'held'")
    assert (str(held.id), held.coach_id) == (offer["session_id"], second.coach_id)
    # No other meeting of the cycle stands in its week.
    others = {local(s.starts_at).isocalendar().week for s in division.sessions("state='scheduled'")}
    assert local(held.starts_at).isocalendar().week not in others
    taken = division.application.closing.take(request.teacher.id, held.id)
    assert isinstance(taken, Answered)
    event = told(division)
    assert (event["because"], event["sequence"], event["offers"]) == ("taken", 2, [])
    assert len(event["meetings"]) == 3


def test_what_was_turned_down_is_owed_and_not_offered_again(division: Division) -> None:
    division.application.schooling.keep_school_time(str(BY), [a_school()])
    request = a_cycle(2, windows=(a_window(TUESDAY_AT_9, 60),))
    division.hear(request)
    second = live(division)[1]
    division.application.closing.declare(
        BY, day=local(second.starts_at).date(), school_ids=[LARCH.id], reason="Snow"
    )
    division.drain()
    (held,) = division.sessions("state = 'held'")
    division.application.closing.turn_down(request.teacher.id, held.id)
    division.drain()
    offered = {s.starts_at for s in division.sessions("state = 'held'")}
    assert held.starts_at not in offered
    assert len(offered) == 1  # the coach has other time, and owes her one


def test_a_cycle_rests_and_goes_on(division: Division) -> None:
    request = a_cycle(3)
    division.hear(request)
    cycling = division.application.cycling
    version = told(division)["version"]
    paused = cycling.pause(**hers(request), seen=version)
    assert isinstance(paused, Changed)
    assert not live(division)
    event = told(division)
    assert (event["because"], event["state"], event["meetings"]) == ("paused", "paused", [])
    division.drain()
    assert not live(division)  # nothing is offered while it rests
    resumed = cycling.resume(**hers(request), seen=event["version"])
    assert isinstance(resumed, Changed)
    again = told(division)
    assert (again["because"], len(again["meetings"])) == ("resumed", 3)
    # The entry was taken out of the calendars, so another one begins.
    assert again["series_id"] != event["series_id"]
    assert again["sequence"] == 0


def test_a_cycle_is_extended_as_far_as_the_model_goes(division: Division) -> None:
    request = a_cycle(5)
    division.hear(request)
    cycling = division.application.cycling
    first = cycling.extend(**hers(request), seen=told(division)["version"])
    assert isinstance(first, Changed)
    assert len(live(division)) == 6
    second = cycling.extend(**hers(request), seen=told(division)["version"])
    assert isinstance(second, NotChanged)
    assert second.why == "as_many_as_may_be"


def test_the_second_of_two_changes_is_told(division: Division) -> None:
    request = a_cycle(2)
    division.hear(request)
    cycling = division.application.cycling
    seen = told(division)["version"]
    assert isinstance(cycling.pause(**hers(request), seen=seen), Changed)
    late = cycling.end(**hers(request), seen=seen)
    assert isinstance(late, NotChanged)
    assert late.why == "changed_since"


def test_a_cycle_that_ends_frees_what_has_not_begun(division: Division) -> None:
    request = a_cycle(3)
    division.hear(request)
    ended = division.application.cycling.end(**hers(request), seen=told(division)["version"])
    assert isinstance(ended, Changed)
    assert (told(division)["state"], live(division)) == ("ended", [])
    division.hear(a_cycle(2), a_cycle(2))
    assert len(division.announced("request.waiting")) == 0  # her place is free again


def test_only_its_teacher_changes_it(division: Division) -> None:
    request = a_cycle(2)
    division.hear(request)
    version = told(division)["version"]
    other = {"teacher_id": an_id("ana"), "request_id": request.request_id}
    assert division.application.cycling.pause(**other, seen=version) is None
    assert len(live(division)) == 2


def test_taking_the_request_back_ends_the_cycle(division: Division) -> None:
    request = a_cycle(3)
    division.hear(request)
    division.hear(RequestCancelled(version=2, request_id=request.request_id, cancelled_at=MONDAY))
    assert not live(division)
    event = told(division)
    assert (event["because"], event["state"], event["meetings"]) == ("cancelled", "ended", [])
    assert not division.announced("session.cancelled")


def test_a_whole_cycle_is_offered_to_who_waits(division: Division) -> None:
    first, second, third = (a_cycle(2) for _ in range(3))
    division.hear(first, second)
    division.hear(third)
    assert len(division.announced("request.waiting")) == 1
    division.hear(RequestCancelled(version=2, request_id=first.request_id, cancelled_at=MONDAY))
    (offered,) = division.announced("session.offered")
    assert len(offered["offer"]["later"]) == 1
    held = division.sessions("state = 'held'")
    assert {str(s.offer_id) for s in held} == {offered["offer"]["session_id"]}
    assert isinstance(
        division.application.closing.take(third.teacher.id, held[0].offer_id), Answered
    )
    event = told(division)
    assert (event["because"], event["sequence"], len(event["meetings"])) == ("booked", 0, 2)
    assert not division.sessions("state = 'held'")


def test_a_coach_who_leaves_hands_the_rest_to_a_colleague_with_one_yes(division: Division) -> None:
    division.with_coaches(a_coach("bo"))
    request = a_cycle(3, coach_types=(LITERACY,))
    division.hear(request)
    sessions = live(division)
    was, other = sessions[0].coach_id, an_id("bo")
    if was == other:
        other = an_id("ana")
    division.application.covering.leave(BY, was, local(sessions[0].starts_at).date())
    event = told(division)
    assert len(event["meetings"]) == 1
    (offer,) = event["offers"]
    assert (offer["coach"]["id"], len(offer["later"])) == (str(other), 1)
    held = division.sessions("state = 'held'")
    division.application.closing.take(request.teacher.id, held[0].offer_id)
    event = told(division)
    assert (event["because"], event["coach"]["id"]) == ("handed_over", str(other))
    assert event["former"]["coach"]["id"] == str(was)
    assert event["former"]["series_id"] != event["series_id"]
    assert [m["series_id"] == event["series_id"] for m in event["meetings"]] == [False, True, True]
