"""A day on which schools close: what it makes impossible falls away, another time is held, one yes books it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.scheduler.adapters import checker
from services.scheduler.domain.closing import Declaration, NotDeclared
from services.scheduler.domain.school_time import SchoolTime, Timetable
from services.scheduler.handlers.answering import Answered, NotHeld
from shared.events import RequestCancelled, RequestSubmitted
from shared.events.vocabulary import School, SchoolWindow
from tests.support.scheduler.builders import (
    LARCH,
    MONDAY,
    ZONE,
    Division,
    a_coach,
    a_model,
    a_person,
    a_request,
    a_window,
    an_id,
)
from tests.support.scheduler.school import a_school

# 2026-11-23 is Day 6 of the year that began on Tuesday, September 1st.
TODAY = date(2026, 11, 23)
BY = an_id("admin")
OAK = School(id=an_id("oak"), name="Oak School")
PERIOD_FOUR = time(12, 30)


def outside_class() -> dict[str, Any]:
    from dataclasses import replace

    modes = tuple(replace(mode, where_in_day="outside_class") for mode in a_model().support_modes)
    return {"support_modes": modes}


@pytest.fixture
def snowy(division: Division) -> Division:
    """Two schools, one coach who serves both; Larch shifts its labels, Oak does not."""
    division.with_model(**outside_class())
    division.with_coaches(a_coach("ana", school_ids=(LARCH.id, OAK.id)))
    division.application.schooling.keep_school_time(
        str(BY), [a_school(), a_school(school_id=OAK.id, name=OAK.name, shifts=False)]
    )
    return division


def label_of(school: SchoolTime, day: date) -> str:
    from services.scheduler.domain.school_time import school_year

    return school_year(school)[day].label


def local(instant: datetime) -> datetime:
    return instant.astimezone(ZoneInfo(ZONE))


def in_period(label: str, period: str, **other: Any) -> RequestSubmitted:
    return a_request(school_windows=(SchoolWindow(label=label, period=period),), **other)


def close(division: Division, day: date, *schools: School, drain: bool = True) -> Declaration:
    answer = division.application.closing.declare(
        BY, day=day, school_ids=[school.id for school in schools], reason="Snow"
    )
    assert isinstance(answer, Declaration)
    if drain:
        division.drain()
    return answer


def held(division: Division) -> Sequence[Any]:
    return division.sessions("state = 'held'")


def test_a_period_of_a_label_is_booked_on_its_date(snowy: Division) -> None:
    snowy.hear(in_period("2", "4"))
    (session,) = snowy.sessions()
    assert local(session.starts_at).time() == PERIOD_FOUR
    assert label_of(a_school(), local(session.starts_at).date()) == "2"


def test_my_prep_waits_with_a_plain_reason_until_her_timetable_is_known(snowy: Division) -> None:
    request = a_request(school_windows=(SchoolWindow(prep=True),))
    snowy.hear(request)
    (told,) = snowy.announced("request.waiting")
    assert "prep_unknown" in [reason["code"] for reason in told["reasons"]]

    timetable = Timetable(prepares=frozenset({("2", "4")}))
    snowy.application.timetabling.keep_timetables(
        str(BY), {(request.teacher.id, LARCH.id): timetable}
    )
    snowy.drain()
    (offer,) = held(snowy)  # she waited: so she is asked
    assert local(offer.starts_at).time() == PERIOD_FOUR
    snowy.hear(a_request(teacher=request.teacher, school_windows=request.school_windows))
    (session,) = snowy.sessions("state = 'scheduled'")
    assert local(session.starts_at).time() == PERIOD_FOUR


def test_a_snow_day_moves_labels_releases_and_holds_the_same_labels_next_date(
    snowy: Division,
) -> None:
    label = label_of(a_school(), TODAY)
    request = in_period(label, "4")
    snowy.hear(request)
    (before,) = snowy.sessions()
    assert local(before.starts_at).date() == TODAY

    declared = close(snowy, TODAY, LARCH)

    (offer,) = held(snowy)
    # The label goes to the next school day, with its period and the same coach.
    assert local(offer.starts_at) == local(before.starts_at) + timedelta(days=1)
    assert (offer.coach_id, offer.instead_of) == (before.coach_id, before.id)
    (released,) = snowy.announced("session.released")
    assert released["because"] == "school_closed"
    assert released["offer"]["session_id"] == str(offer.id)
    assert [reason["code"] for reason in released["reasons"]] == ["school_closed", "same_label"]
    (shown,) = snowy.application.closing.declared()
    assert (shown.id, shown.is_done, shown.released, shown.held) == (declared.id, True, 1, 1)


def test_where_labels_do_not_shift_the_next_date_is_a_cycle_later(snowy: Division) -> None:
    label = label_of(a_school(), TODAY)
    snowy.hear(in_period(label, "4", school=OAK))
    close(snowy, TODAY, OAK)
    (offer,) = held(snowy)
    assert local(offer.starts_at).date() == TODAY + timedelta(days=8)  # six school days
    assert label_of(a_school(shifts=False), local(offer.starts_at).date()) == label


def test_one_yes_books_the_held_time_and_tells_both(snowy: Division) -> None:
    request = in_period(label_of(a_school(), TODAY), "4")
    snowy.hear(request)
    close(snowy, TODAY, LARCH)
    (offer,) = held(snowy)

    answer = snowy.application.closing.take(request.teacher.id, offer.id)

    assert answer == Answered(request_id=request.request_id)
    (session,) = snowy.sessions("state = 'scheduled'")
    assert session.id == offer.id
    told = snowy.announced("session.scheduled")[-1]
    assert (told["session_id"], told["sequence"]) == (str(offer.id), 0)
    again = snowy.application.closing.take(request.teacher.id, offer.id)
    assert again == NotHeld(was_hers=True)


def test_nobody_else_can_say_yes(snowy: Division) -> None:
    snowy.hear(in_period(label_of(a_school(), TODAY), "4"))
    close(snowy, TODAY, LARCH)
    (offer,) = held(snowy)
    stranger = a_person("somebody").id
    assert snowy.application.closing.take(stranger, offer.id) == NotHeld(was_hers=False)
    assert snowy.application.closing.turn_down(stranger, offer.id) == NotHeld(was_hers=False)
    assert len(held(snowy)) == 1


def test_only_whose_time_changed_is_told(snowy: Division) -> None:
    label = label_of(a_school(), TODAY)
    touched = in_period(label, "4")
    elsewhere = in_period(label, "1", school=OAK)
    online = a_request(meeting="online", windows=(a_window(MONDAY + timedelta(hours=1), 60),))
    later_by_the_clock = a_request(windows=(a_window(MONDAY + timedelta(days=2, hours=1), 60),))
    snowy.hear(touched, elsewhere, online, later_by_the_clock)
    assert len(snowy.sessions()) == 4
    before = len(snowy.announced("session.scheduled"))

    close(snowy, TODAY, LARCH)

    told = [event["request_id"] for event in snowy.announced("session.released")]
    assert told == [str(touched.request_id)]
    assert len(snowy.announced("session.scheduled")) == before
    assert not snowy.announced("session.cancelled")


def test_a_later_session_whose_label_moved_is_held_on_the_labels_new_date(
    snowy: Division,
) -> None:
    wednesday = TODAY + timedelta(days=2)
    label = label_of(a_school(), wednesday)
    snowy.hear(in_period(label, "3"))
    (before,) = snowy.sessions()
    assert local(before.starts_at).date() == wednesday

    close(snowy, TODAY, LARCH)

    (released,) = snowy.announced("session.released")
    assert released["because"] == "day_moved"
    (offer,) = held(snowy)
    assert local(offer.starts_at).date() == wednesday + timedelta(days=1)


def test_silence_ends_the_hold_and_she_waits_at_the_head(snowy: Division) -> None:
    waiting = [in_period("2", "9") for _ in range(2)]
    request = in_period(label_of(a_school(), TODAY), "4")
    snowy.hear(*waiting, request)
    close(snowy, TODAY, LARCH)
    (offer,) = held(snowy)

    snowy.now = offer.held_until + timedelta(minutes=1)
    snowy.database.sql("UPDATE bus.timer SET due_at = now() WHERE name = 'end_holds' RETURNING 1")
    snowy.drain()

    told = snowy.announced("request.waiting")[-1]
    assert told["request_id"] == str(request.request_id)
    assert [reason["code"] for reason in told["reasons"]] == ["lapsed"]
    (row,) = snowy.database.sql(
        "SELECT state, ahead FROM scheduler.request WHERE id = :id", id=request.request_id
    )
    assert (row.state, row.ahead) == ("waiting", True)
    # She is first: what is free and suits her is offered to her, but never the time that she let go.
    assert offer.starts_at not in [session.starts_at for session in held(snowy)]
    assert {one.request_id for one in held(snowy)} <= {request.request_id}


def test_no_is_no_and_that_time_is_not_held_for_her_again(snowy: Division) -> None:
    request = in_period(label_of(a_school(), TODAY), "4")
    snowy.hear(request)
    close(snowy, TODAY, LARCH)
    (offer,) = held(snowy)
    answer = snowy.application.closing.turn_down(request.teacher.id, offer.id)
    snowy.drain()
    assert answer == Answered(request_id=request.request_id)
    live = snowy.sessions("state IN ('held', 'scheduled')")
    assert offer.starts_at not in [session.starts_at for session in live]


def test_what_can_not_be_held_waits_at_the_head(division: Division) -> None:
    """The coach has hours on that one day only, and no time before the horizon's end."""
    from tests.support.scheduler.builders import HoursSeed

    hours = (HoursSeed(iso_weekday=1, starts=time(12), ends=time(13, 30)),)
    division.with_model(**outside_class()).with_coaches(a_coach("ana", hours=hours))
    division.application.schooling.keep_school_time(str(BY), [a_school()])
    request = a_request(windows=(a_window(datetime(2026, 11, 23, 19, 0, tzinfo=UTC), 120),))
    division.hear(request)
    assert len(division.sessions()) == 1

    close(division, TODAY, LARCH)

    (released,) = division.announced("session.released")
    assert released["offer"] is None
    (row,) = division.database.sql("SELECT state, ahead FROM scheduler.request")
    assert (row.state, row.ahead) == ("waiting", True)


def test_she_may_take_the_request_back_while_a_time_is_held(snowy: Division) -> None:
    request = in_period(label_of(a_school(), TODAY), "4")
    snowy.hear(request)
    close(snowy, TODAY, LARCH)
    (offer,) = held(snowy)
    snowy.hear(RequestCancelled(version=2, request_id=request.request_id, cancelled_at=MONDAY))
    assert not held(snowy)
    assert snowy.application.closing.take(request.teacher.id, offer.id) == NotHeld(was_hers=True)


def test_a_second_telling_of_a_closure_changes_nothing(snowy: Division) -> None:
    snowy.hear(in_period(label_of(a_school(), TODAY), "4"))
    close(snowy, TODAY, LARCH)
    events = len(snowy.announced("session.released"))
    again = snowy.application.closing.declare(BY, day=TODAY, school_ids=[LARCH.id], reason="Snow")
    snowy.drain()
    assert isinstance(again, NotDeclared)
    assert len(snowy.announced("session.released")) == events


def test_a_withdrawn_closure_moves_labels_back_and_nobody_without_asking(
    snowy: Division,
) -> None:
    snowy.hear(in_period(label_of(a_school(), TODAY), "4"))
    declared = close(snowy, TODAY, LARCH)
    assert snowy.application.closing.withdraw(BY, declared.id)
    snowy.drain()
    (school,) = (s for s in snowy.application.closing.schools() if s.school_id == LARCH.id)
    assert label_of(school, TODAY) == label_of(a_school(), TODAY)
    # What was held stood on a moved label: it is held anew where that label now is, and asked again.
    live = snowy.sessions("state IN ('held', 'scheduled')")
    assert all(session.state == "held" for session in live)
    assert not snowy.application.closing.withdraw(BY, declared.id)


def test_a_day_that_has_passed_can_not_be_closed(snowy: Division) -> None:
    answer = snowy.application.closing.declare(
        BY, day=TODAY - timedelta(days=1), school_ids=[LARCH.id], reason=""
    )
    assert isinstance(answer, NotDeclared)
    assert answer.field == "day"


def test_a_whole_school_is_worked_through_and_nothing_overlaps(snowy: Division) -> None:
    requests = [a_request(school=school) for school in (LARCH, OAK) for _ in range(12)]
    snowy.hear(*requests)
    close(snowy, TODAY, LARCH, OAK)
    live = snowy.sessions("state IN ('held', 'scheduled')")
    assert all(local(session.starts_at).date() != TODAY for session in live)
    released = snowy.announced("session.released")
    (shown,) = snowy.application.closing.declared()
    assert (shown.released, shown.schools_done) == (len(released), 2)
    with snowy.engine.begin() as connection:
        assert checker.differences(connection) == []


def test_the_zone_is_the_divisions(snowy: Division) -> None:
    assert local(MONDAY).date() == TODAY
