"""A school year is changed: compared and swapped, and what it makes impossible is released and held elsewhere."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.scheduler.domain.closing import Declaration, NotDeclared
from services.scheduler.domain.moving import Moved, Wanted
from services.scheduler.domain.school_time import BellSchedule, Closure, ClosureKind, SchoolTime
from services.scheduler.domain.year_rules import SchoolTimeError, Wrong
from services.scheduler.handlers.keeping import YearChanged
from shared.events import SchoolKept
from shared.events.vocabulary import SchoolWindow
from shared.identity import new_id
from tests.support.postgres import Database
from tests.support.scheduler.builders import (
    LARCH,
    ZONE,
    Division,
    a_coach,
    a_request,
    an_id,
)
from tests.support.scheduler.school import BELLS, a_period, a_school

BY = an_id("admin")
TODAY = date(2026, 11, 23)  # Day 6
WEDNESDAY = TODAY + timedelta(days=2)  # Day 2


@pytest.fixture
def larch(division: Division) -> Division:
    """Larch School is known, and lives by its year."""
    division.hear(SchoolKept(version=1, school_id=LARCH.id, key="larch", school_name=LARCH.name))
    assert changed(division, a_school(), seen=0)
    return division


def changed(division: Division, year: SchoolTime, seen: int) -> Any:
    answer = division.application.schooling.change_year(BY, year, seen=seen)
    division.drain()
    return answer


def year_of(division: Division) -> SchoolTime:
    found = division.application.schooling.year(LARCH.id)
    assert found
    assert found[1]
    return found[1]


def holiday(day: date, *, shifts: bool = True) -> Closure:
    return Closure(day=day, kind=ClosureKind.HOLIDAY, shifts=shifts)


def local(instant: datetime) -> datetime:
    return instant.astimezone(ZoneInfo(ZONE))


def held(division: Division) -> Sequence[Any]:
    return division.sessions("state = 'held'")


def in_period(label: str, period: str) -> Any:
    return a_request(school_windows=(SchoolWindow(label=label, period=period),))


def close(division: Division, day: date) -> Declaration:
    answer = division.application.closing.declare(BY, day=day, school_ids=[LARCH.id], reason="Snow")
    assert isinstance(answer, Declaration)
    return answer


def test_a_year_is_kept_whole_and_tells_its_words(larch: Division) -> None:
    kept = year_of(larch)
    assert kept == a_school(version=1)
    told = larch.announced("school.time_kept")[-1]
    assert (told["labels"], told["periods"]) == (list("123456"), ["1", "2", "3", "4"])


def test_the_second_of_two_writers_is_told_how_it_stands_and_nothing_is_written(
    larch: Division,
) -> None:
    mine = changed(larch, a_school(cover="The principal"), seen=1)
    theirs = changed(larch, a_school(cover="A colleague"), seen=1)
    assert (mine.version, mine.cover) == (2, "The principal")
    assert theirs == YearChanged(now=mine)
    assert year_of(larch) == mine


def test_of_first_writers_at_once_one_is_told(division: Division) -> None:
    division.hear(SchoolKept(version=1, school_id=LARCH.id, key="larch", school_name=LARCH.name))

    def write(cover: str) -> Any:
        return division.application.schooling.change_year(BY, a_school(cover=cover), seen=0)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(write, "abcd"))
    kept = [answer for answer in answers if isinstance(answer, SchoolTime)]
    assert kept == [year_of(division)]
    assert answers.count(YearChanged(now=kept[0])) == 3


def test_a_closure_that_is_declared_meanwhile_is_lost_to_nobody(larch: Division) -> None:
    """Both at once, time and again: whoever comes second waits, and no row is lost or doubled."""
    days = [TODAY + timedelta(days=n) for n in (1, 2, 3, 4)]

    def plan(day: date) -> Any:
        now = year_of(larch)
        return larch.application.schooling.change_year(
            BY,
            replace(now, closures=(*now.planned, holiday(day + timedelta(days=14)))),
            seen=now.version,
        )

    with ThreadPoolExecutor(2) as pool:
        for day in days:
            declared, planned = pool.submit(close, larch, day), pool.submit(plan, day)
            assert isinstance(declared.result(), Declaration)
            assert isinstance(planned.result(), SchoolTime | YearChanged)
    assert [closure.day for closure in year_of(larch).declared] == days


def test_nothing_is_written_of_what_is_written_already(larch: Division) -> None:
    assert changed(larch, a_school(), seen=1).version == 1
    assert len(larch.announced("school.days_changed")) == 1


def test_a_school_that_nobody_told_of_has_no_year(larch: Division) -> None:
    assert changed(larch, a_school(school_id=new_id()), seen=0) is None


def test_what_no_school_can_live_by_is_refused_whole(larch: Division) -> None:
    with pytest.raises(SchoolTimeError) as refused:
        changed(larch, a_school(labels=("1", "1"), weekdays=()), seen=1)
    assert [fault.field for fault in refused.value.faults] == ["labels", "weekdays"]
    assert year_of(larch).version == 1


def test_a_holiday_that_is_entered_releases_and_holds_the_same_labels_next_date(
    larch: Division,
) -> None:
    request = in_period("2", "4")
    elsewhere = a_request(meeting="online")
    larch.hear(request, elsewhere)
    (before,) = larch.sessions("place_kind = 'room'")
    assert local(before.starts_at).date() == WEDNESDAY

    changed(larch, a_school(closures=(holiday(WEDNESDAY),)), seen=1)

    (offer,) = held(larch)
    assert local(offer.starts_at) == local(before.starts_at) + timedelta(days=1)
    assert offer.instead_of == before.id
    (released,) = larch.announced("session.released")
    assert (released["request_id"], released["because"]) == (
        str(request.request_id),
        "school_closed",
    )
    assert [reason["code"] for reason in released["reasons"]] == ["school_closed", "same_label"]


def test_bells_that_move_release_and_hold_the_same_period_at_its_new_time(
    larch: Division,
) -> None:
    larch.hear(in_period("2", "4"))
    (before,) = larch.sessions()
    later = replace(BELLS, periods=(*BELLS.periods[:3], a_period("4", "13:30", "14:25")))

    changed(larch, a_school(bells=(later,)), seen=1)

    (released,) = larch.announced("session.released")
    assert released["because"] == "day_moved"
    (offer,) = held(larch)
    assert local(offer.starts_at).time() == time(13, 30)
    assert offer.starts_at > before.starts_at


def test_nobody_is_written_to_whose_time_still_stands(larch: Division) -> None:
    larch.hear(in_period("2", "4"), a_request(), a_request(meeting="online"))
    scheduled = len(larch.announced("session.scheduled"))
    later = BellSchedule(periods=(a_period("1", "10:00", "10:30"),), special="late start")

    changed(larch, a_school(bells=(BELLS, later), cover="The principal"), seen=1)
    changed(larch, a_school(closures=(holiday(TODAY + timedelta(days=200)),)), seen=2)

    assert not larch.announced("session.released")
    assert len(larch.announced("session.scheduled")) == scheduled
    assert all(session.state == "scheduled" for session in larch.sessions())


def test_a_time_that_she_chose_herself_stands_though_it_is_none_that_she_once_asked_for(
    larch: Division,
) -> None:
    request = in_period("2", "4")
    larch.hear(request)
    (session,) = larch.sessions()
    meeting = larch.application.moving.meeting(request.teacher.id, session.id)
    assert meeting
    chosen = next(at for at in meeting.times if local(at).date() != WEDNESDAY)
    moved = larch.application.moving.move(
        request.teacher.id, session.id, seen=0, wanted=Wanted(starts_at=chosen)
    )
    assert isinstance(moved, Moved)

    changed(larch, a_school(cover="The principal"), seen=1)
    close(larch, TODAY + timedelta(days=30))
    larch.drain()

    assert [s.starts_at for s in larch.sessions("state = 'scheduled'")] == [chosen]
    changed(larch, a_school(closures=(holiday(local(chosen).date()),)), seen=3)
    assert [event["because"] for event in larch.announced("session.released")] == ["school_closed"]


def test_two_changes_that_are_heard_at_once_are_measured_from_before_the_first(
    larch: Division,
) -> None:
    larch.hear(in_period("2", "4"))
    first = a_school(closures=(holiday(WEDNESDAY),))
    for seen, year in ((1, first), (2, replace(first, cover="The principal"))):
        larch.application.schooling.change_year(BY, year, seen=seen)
    close(larch, TODAY + timedelta(days=3))

    larch.drain()

    (released,) = larch.announced("session.released")
    assert [reason["code"] for reason in released["reasons"]] == ["school_closed", "same_label"]
    assert not larch.database.sql("SELECT 1 FROM scheduler.replaced_year")


def test_two_days_that_close_at_once_release_what_stood_on_both(larch: Division) -> None:
    tomorrow = TODAY + timedelta(days=1)
    larch.hear(in_period("1", "4"), in_period("2", "4"))
    days = {local(session.starts_at).date() for session in larch.sessions()}
    assert days == {tomorrow, WEDNESDAY}

    close(larch, tomorrow)
    close(larch, WEDNESDAY)
    larch.drain()

    assert len(larch.announced("session.released")) == 2


def test_who_waits_at_that_school_is_tried_again(larch: Division) -> None:
    request = in_period("2", "5")
    larch.hear(request)
    assert not larch.sessions()
    more = replace(BELLS, periods=(*BELLS.periods, a_period("5", "13:30", "14:25")))

    changed(larch, a_school(bells=(more,)), seen=1)

    (offer,) = held(larch)  # asked, not booked: what she once asked for may have changed since
    assert offer.request_id == request.request_id
    assert local(offer.starts_at).time() == time(13, 30)


def test_the_first_year_of_a_school_releases_what_stands_on_its_holidays(
    division: Division,
) -> None:
    division.with_coaches(a_coach("ana"))
    division.hear(
        SchoolKept(version=1, school_id=LARCH.id, key="larch", school_name=LARCH.name), a_request()
    )
    (before,) = division.sessions()
    closed = holiday(local(before.starts_at).date())

    changed(division, a_school(closures=(closed,)), seen=0)

    assert [event["because"] for event in division.announced("session.released")] == [
        "school_closed"
    ]


def test_a_day_that_is_closed_on_short_notice_is_not_planned_over(larch: Division) -> None:
    declared = close(larch, WEDNESDAY)
    larch.drain()
    now = year_of(larch)
    with pytest.raises(SchoolTimeError) as refused:
        changed(larch, a_school(closures=(holiday(WEDNESDAY),)), seen=now.version)
    assert [(f.field, f.wrong) for f in refused.value.faults] == [("closures.0", Wrong.DECLARED)]

    kept = changed(larch, a_school(cover="The principal"), seen=now.version)
    assert [closure.day for closure in kept.declared] == [WEDNESDAY]
    larch.application.closing.withdraw(BY, declared.id)
    planned = changed(larch, a_school(closures=(holiday(WEDNESDAY),)), seen=kept.version + 1)
    assert [closure.day for closure in planned.planned] == [WEDNESDAY]


def test_a_school_that_is_renamed_is_called_so_in_its_year(larch: Division) -> None:
    larch.hear(SchoolKept(version=2, school_id=LARCH.id, key="larch", school_name="Larch Hill"))
    assert year_of(larch).name == "Larch Hill"


def test_years_may_be_kept_before_the_first_model_and_hours_then_open_by_their_labels(
    database: Database,
) -> None:
    early = Division(database)
    early.hear(SchoolKept(version=1, school_id=LARCH.id, key="larch", school_name=LARCH.name))
    assert changed(early, a_school(), seen=0)
    answer = early.application.closing.declare(BY, day=TODAY, school_ids=[LARCH.id], reason="")
    assert isinstance(answer, NotDeclared)
    assert early.application.covering.cover(BY, early.now, early.now + timedelta(hours=1)) is None
    assert early.delivery_states() == {"done": 2}
    early.with_model().with_coaches(a_coach("ana")).hear(a_request())
    assert early.sessions()
