"""A coach changes her own time: more is offered at once, less takes nothing away that she did not let go."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.scheduler.adapters import checker
from services.scheduler.adapters.bulk_load import HoursSeed
from services.scheduler.domain.availability import DaysOfLabel, ExceptionKind, WeeklyHours
from services.scheduler.domain.away import Away, AwayWrong
from services.scheduler.domain.own_time import OwnTime, OwnWrong
from services.scheduler.domain.standing import Decision
from services.scheduler.handlers.own_time import (
    AwayRefused,
    Change,
    MeetingsStand,
    TimeChanged,
    TimeKept,
    TimeRefused,
)
from shared.events import SchoolKept
from shared.events.vocabulary import School
from shared.identity import new_id
from tests.support.postgres import Database
from tests.support.scheduler.builders import (
    COLLABORATION,
    LARCH,
    MONDAY,
    ZONE,
    Division,
    a_coach,
    a_request,
    a_window,
    an_id,
)
from tests.support.scheduler.school import a_school

HOUR = timedelta(hours=1)
ANA, BEA = an_id("ana"), an_id("bea")
BIRCH = School(id=an_id("birch"), name="Birch School")
TUESDAY = date(2026, 11, 24)
MORNINGS = tuple(WeeklyHours(on=day, starts=time(8), ends=time(12)) for day in range(1, 6))
AT_TEN = a_window(MONDAY + 27 * HOUR, 30)  # Tuesday
AT_TWO = a_window(MONDAY + 31 * HOUR, 30)


@pytest.fixture
def division(database: Database) -> Division:
    mornings = tuple(
        HoursSeed(iso_weekday=day, starts=time(8), ends=time(12)) for day in range(1, 6)
    )
    division = Division(database).with_model().with_coaches(a_coach("ana", hours=mornings))
    for key, school in (("larch", LARCH), ("birch", BIRCH)):
        division.hear(SchoolKept(version=1, school_id=school.id, key=key, school_name=school.name))
    return division


def kept(division: Division) -> Any:
    found = division.application.own_times.of(ANA)
    assert found
    return found.kept


def change(
    division: Division, seen: int | None = None, said: Decision | None = None, **other: Any
) -> Any:
    """Save her time with these changes."""
    now = kept(division)
    own: OwnTime = replace(now.own, **other)
    revision = now.revision if seen is None else seen
    step = Change(coach_id=ANA, seen=revision, decision=said)
    return division.application.own_times.change(ANA, step, own)


def away(**other: Any) -> Away:
    values = {"kind": ExceptionKind.OFF, "first_day": TUESDAY, "last_day": TUESDAY, **other}
    return Away(id=new_id(), **values)


def add(division: Division, given: Away, said: Decision | None = None) -> Any:
    step = Change(coach_id=ANA, seen=kept(division).revision, decision=said)
    return division.application.own_times.add(ANA, step, given)


def back(division: Division, given: Away, said: Decision | None = None) -> Any:
    step = Change(coach_id=ANA, seen=0, decision=said)
    return division.application.own_times.take_back(ANA, step, given.id)


def sound(division: Division) -> bool:
    with division.engine.begin() as connection:
        return checker.differences(connection) == []


def until(hour: int) -> tuple[WeeklyHours, ...]:
    return tuple(replace(one, ends=time(hour)) for one in MORNINGS)


def booked_at_ten(division: Division) -> Any:
    request = a_request(windows=(AT_TEN, a_window(MONDAY + 50 * HOUR, 60)))
    division.hear(request)
    (session,) = division.sessions("state = 'scheduled'")
    assert session.starts_at == AT_TEN.starts_at
    return session


def said(answer: Any, *, release: bool) -> Decision:
    assert isinstance(answer, MeetingsStand)
    return Decision(seen=frozenset(s.id for s in answer.sessions), release=release)


def test_more_hours_are_offered_at_once_to_who_waits(division: Division) -> None:
    division.hear(a_request(windows=(AT_TWO,)))
    assert division.sessions() == []

    answer = change(division, hours=until(16))
    division.drain()

    assert isinstance(answer, TimeKept)
    assert answer.now.own.hours == until(16)
    (held,) = division.sessions("state = 'held'")
    assert held.starts_at == AT_TWO.starts_at
    assert len(division.announced("session.offered")) == 1
    assert sound(division)


def test_a_meeting_that_would_stand_outside_is_shown_and_nothing_is_written(
    division: Division,
) -> None:
    session = booked_at_ten(division)
    before = kept(division)
    answer = change(division, hours=until(9))
    assert isinstance(answer, MeetingsStand)
    assert [one.id for one in answer.sessions] == [session.id]
    assert kept(division) == before
    assert division.announced("session.released") == []


def test_she_may_keep_it_and_then_it_stays_and_is_not_asked_about_again(division: Division) -> None:
    booked_at_ten(division)
    answer = change(
        division, hours=until(9), said=said(change(division, hours=until(9)), release=False)
    )
    assert isinstance(answer, TimeKept)
    division.drain()
    assert len(division.sessions("state = 'scheduled'")) == 1
    assert isinstance(change(division, hours=until(10)), TimeKept)
    assert sound(division)


def test_she_may_let_it_go_and_its_teacher_is_asked_about_another_time(division: Division) -> None:
    session = booked_at_ten(division)
    later = (*until(9)[:2], WeeklyHours(on=3, starts=time(8), ends=time(16)))
    decision = said(change(division, hours=later), release=True)
    answer = change(division, hours=later, said=decision)
    assert isinstance(answer, TimeKept)
    assert (answer.released, answer.held) == (1, 1)
    division.drain()
    (told,) = division.announced("session.released")
    assert told["because"] == "coach_away"
    (offer,) = division.sessions("state = 'held'")
    assert (offer.request_id, offer.starts_at > session.starts_at) == (session.request_id, True)
    assert sound(division)


def test_what_was_booked_while_she_looked_is_shown_before_anything_is_written(
    division: Division,
) -> None:
    booked_at_ten(division)
    decision = said(change(division, hours=until(9)), release=True)
    division.hear(a_request(windows=(a_window(MONDAY + 28 * HOUR, 30),)))
    answer = change(division, hours=until(9), said=decision)
    assert isinstance(answer, MeetingsStand)
    assert len(answer.sessions) == 2


def test_the_second_of_two_changes_is_told_what_stands(division: Division) -> None:
    now = kept(division)
    assert isinstance(change(division, hours=until(16)), TimeKept)
    answer = change(division, seen=now.revision, hours=until(9))
    assert isinstance(answer, TimeChanged)
    assert answer.now.own.hours == until(16)


def test_of_several_at_once_one_is_kept_and_the_others_are_told(division: Division) -> None:
    own = kept(division).own

    def write(hour: int) -> Any:
        wanted = replace(own, hours=until(hour))
        step = Change(coach_id=ANA, seen=0)
        return division.application.own_times.change(ANA, step, wanted)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(write, (13, 14, 15, 16)))
    (one,) = (answer for answer in answers if isinstance(answer, TimeKept))
    assert answers.count(TimeChanged(now=one.now)) == 3


def test_a_school_that_she_no_longer_serves_shows_its_meetings(division: Division) -> None:
    session = booked_at_ten(division)
    answer = change(division, school_ids=frozenset({BIRCH.id}))
    assert isinstance(answer, MeetingsStand)
    assert [one.id for one in answer.sessions] == [session.id]


def test_where_she_is_by_then_shows_what_she_can_not_reach(division: Division) -> None:
    booked_at_ten(division)
    at_birch = tuple(replace(one, at_school=BIRCH.id) for one in MORNINGS)
    both = frozenset({LARCH.id, BIRCH.id})
    assert isinstance(change(division, hours=at_birch, school_ids=both), MeetingsStand)


def test_hours_by_label_are_kept_and_open_those_days(division: Division) -> None:
    division.application.schooling.keep_school_time("system:test", [a_school()])
    by_label = (
        WeeklyHours(on=DaysOfLabel(school_id=LARCH.id, label="3"), starts=time(8), ends=time(12)),
    )
    assert isinstance(change(division, hours=by_label), TimeKept)
    assert kept(division).own.hours == by_label
    assert sound(division)


def test_caps_buffer_notice_and_home_base_are_kept(division: Division) -> None:
    now = kept(division).own
    caps = replace(now.caps, sessions_per_day=2, weekly_minutes=300, cycles_at_once=1)
    answer = change(division, caps=caps, buffer_minutes=10, notice_minutes=1440, home_base=BIRCH.id)
    assert isinstance(answer, TimeKept)
    own = answer.now.own
    assert (own.caps, own.buffer_minutes) == (caps, 10)
    assert (own.notice_minutes, own.home_base) == (1440, BIRCH.id)


@pytest.mark.parametrize(
    ("wrong", "field", "changes"),
    [
        (OwnWrong.ENDS_FIRST, "hours.0", {"hours": until(8)[:1]}),
        (OwnWrong.OFF_STEP, "hours.0", {"hours": (replace(MORNINGS[0], ends=time(9, 2)),)}),
        (OwnWrong.OVERLAPS, "hours.1", {"hours": (MORNINGS[0], MORNINGS[0])}),
        (OwnWrong.NOT_SERVED, "hours.0", {"hours": (replace(MORNINGS[0], at_school=BIRCH.id),)}),
        (OwnWrong.NO_SCHOOL, "schools", {"school_ids": frozenset({ANA})}),
        (OwnWrong.NO_SCHOOL, "home_base", {"home_base": ANA}),
        (OwnWrong.BEYOND, "buffer_minutes", {"buffer_minutes": 121}),
        (
            OwnWrong.NO_YEAR,
            "hours.0",
            {"hours": (replace(MORNINGS[0], on=DaysOfLabel(school_id=LARCH.id, label="1")),)},
        ),
    ],
)
def test_what_can_not_be_is_named_and_nothing_is_written(
    division: Division, wrong: OwnWrong, field: str, changes: dict[str, Any]
) -> None:
    answer = change(division, **changes)
    assert isinstance(answer, TimeRefused)
    assert [(fault.field, fault.wrong) for fault in answer.faults] == [(field, wrong)]
    assert kept(division).revision == 0


def test_a_cap_beyond_the_models_is_refused(division: Division) -> None:
    caps = replace(kept(division).own.caps, sessions_per_day=6)
    answer = change(division, caps=caps)
    assert isinstance(answer, TimeRefused)
    assert [(f.field, f.wrong, f.most) for f in answer.faults] == [
        ("sessions_per_day", OwnWrong.BEYOND, 5)
    ]


def test_a_day_away_shows_what_stands_in_it_and_lets_it_go_when_she_says_so(
    division: Division,
) -> None:
    session = booked_at_ten(division)
    given = away()
    answer = add(division, given, said(add(division, given), release=True))
    assert isinstance(answer, TimeKept)
    assert (answer.released, answer.held) == (1, 1)
    division.drain()
    (offer,) = division.sessions("state = 'held'")
    assert offer.request_id == session.request_id
    assert offer.starts_at > AT_TEN.ends_at
    assert sound(division)


def test_nobody_is_booked_while_she_is_away_and_taking_it_back_offers_the_time(
    division: Division,
) -> None:
    given = away(last_day=TUESDAY + timedelta(days=1))
    assert isinstance(add(division, given), TimeKept)
    assert [one.id for one in kept(division).away] == [given.id]
    division.hear(a_request(windows=(AT_TEN,)))
    assert division.sessions() == []

    assert isinstance(back(division, given), TimeKept)
    division.drain()

    assert len(division.sessions("state = 'held'")) == 1
    assert kept(division).away == ()
    assert back(division, given) is None
    assert sound(division)


def test_extra_hours_are_offered_at_once_and_taken_back_only_when_nothing_stands_in_them(
    division: Division,
) -> None:
    division.hear(a_request(windows=(AT_TWO,)))
    given = away(kind=ExceptionKind.EXTRA, starts=time(13), ends=time(16))
    assert isinstance(add(division, given), TimeKept)
    division.drain()
    (held,) = division.sessions("state = 'held'")
    assert held.starts_at == AT_TWO.starts_at
    asked = back(division, given)
    assert [one.id for one in asked.sessions] == [held.id]
    assert isinstance(back(division, given, said(asked, release=True)), TimeKept)
    assert kept(division).away == ()


@pytest.mark.parametrize(
    ("wrong", "changes"),
    [
        (AwayWrong.NO_TIMES, {"kind": ExceptionKind.EXTRA}),
        (AwayWrong.ONE_TIME, {"starts": time(8)}),
        (AwayWrong.ENDS_FIRST, {"starts": time(9), "ends": time(8)}),
        (AwayWrong.OFF_STEP, {"starts": time(8, 1), "ends": time(9)}),
        (AwayWrong.LAST_FIRST, {"last_day": TUESDAY - timedelta(days=1)}),
        (AwayWrong.PASSED, {"first_day": date(2026, 1, 1), "last_day": date(2026, 1, 1)}),
        (AwayWrong.TOO_LONG, {"last_day": TUESDAY + timedelta(days=100)}),
        (AwayWrong.TOO_FAR, {"first_day": date(2028, 1, 1), "last_day": date(2028, 1, 1)}),
    ],
)
def test_days_that_can_not_be_noted_are_refused(
    division: Division, wrong: AwayWrong, changes: dict[str, Any]
) -> None:
    assert add(division, away(**changes)) == AwayRefused(wrong=wrong)


def test_a_second_tap_notes_nothing_twice(division: Division) -> None:
    assert isinstance(add(division, away()), TimeKept)
    assert add(division, away()) == AwayRefused(wrong=AwayWrong.TWICE)


def test_a_meeting_of_a_cycle_goes_and_the_cycle_stays_with_her(division: Division) -> None:
    change(division, hours=until(16))
    division.hear(a_request(support_mode=COLLABORATION, meetings=3))
    first, second, third = division.sessions("state = 'scheduled'")
    zone = ZoneInfo(ZONE)
    day = second.starts_at.astimezone(zone).date()
    given = away(first_day=day, last_day=day)
    answer = add(division, given, said(add(division, given), release=True))
    assert (answer.released, answer.held) == (1, 1)
    division.drain()
    assert [s.id for s in division.sessions("state = 'scheduled'")] == [first.id, third.id]
    (offer,) = division.sessions("state = 'held'")
    assert offer.coach_id == ANA
    assert offer.starts_at.astimezone(zone).date() != day
    assert sound(division)
