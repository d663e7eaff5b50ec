"""A coach's own time in the matcher: hours by label and place, buffers, notice, weeks with less."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.scheduler.adapters import checker
from services.scheduler.adapters.bulk_load import HoursSeed
from services.scheduler.domain.school_time import school_year
from shared.events.vocabulary import School
from tests.support.postgres import Database
from tests.support.scheduler.builders import (
    LARCH,
    MONDAY,
    ZONE,
    Division,
    a_coach,
    a_request,
    a_window,
    an_id,
)
from tests.support.scheduler.school import SIX_DAYS, a_school

BIRCH = School(id=an_id("birch"), name="Birch School")
HOUR = timedelta(hours=1)
BY = "system:test"


@pytest.fixture
def division(database: Database) -> Division:
    return Division(database).with_model()


def local(instant: datetime) -> datetime:
    return instant.astimezone(ZoneInfo(ZONE))


def on_labels(*labels: str, school: Any = LARCH) -> tuple[HoursSeed, ...]:
    return tuple(
        HoursSeed(label_school=school.id, label=label, starts=time(8), ends=time(12))
        for label in labels
    )


def sound(division: Division) -> bool:
    with division.engine.begin() as connection:
        return checker.differences(connection) == []


def test_hours_by_day_label_follow_the_schools_cycle(division: Division) -> None:
    division.application.schooling.keep_school_time(BY, [a_school()])
    division.with_coaches(a_coach("ana", hours=on_labels("3")))
    division.hear(*(a_request() for _ in range(2)))
    days = [local(s.starts_at).date() for s in division.sessions()]
    year = a_school()
    assert {school_year(year)[day].label for day in days} == {"3"}
    assert sound(division)


def test_when_the_schools_days_move_so_do_hours_by_label(division: Division) -> None:
    division.application.schooling.keep_school_time(BY, [a_school(shifts=True)])
    division.with_coaches(a_coach("ana", hours=on_labels(*SIX_DAYS)))
    before = opened(division)
    division.application.closing.declare(
        an_id("office"), day=date(2026, 11, 25), school_ids=[LARCH.id], reason="Snow"
    )
    division.drain()
    assert opened(division) != before
    assert sound(division)


def opened(division: Division) -> list[Any]:
    return [
        row.open
        for row in division.database.sql(
            "SELECT CAST(open AS text) AS open FROM scheduler.coach_week ORDER BY week"
        )
    ]


def test_where_she_is_nobody_else_meets_her_in_person(division: Division) -> None:
    mornings = tuple(
        HoursSeed(iso_weekday=day, starts=time(8), ends=time(12), at_school=BIRCH.id)
        for day in range(1, 6)
    )
    division.with_coaches(a_coach("ana", hours=mornings, school_ids=(LARCH.id, BIRCH.id)))
    division.hear(a_request())  # at Larch
    assert not division.sessions()
    division.hear(a_request(school=BIRCH), a_request(meeting="online"))
    assert len(division.sessions()) == 2


def test_her_buffer_stays_free_around_each_meeting(division: Division) -> None:
    division.with_coaches(a_coach("ana", buffer_minutes=20))
    tuesday = MONDAY + 25 * HOUR
    division.hear(a_request(windows=(a_window(tuesday + HOUR, 30),)))
    division.hear(*(a_request(windows=(a_window(tuesday, 180),)) for _ in range(3)))
    starts = sorted(s.starts_at for s in division.sessions())
    ends = [s + timedelta(minutes=30) for s in starts]
    assert len(starts) > 2
    assert all(b - a >= timedelta(minutes=20) for a, b in zip(ends, starts[1:], strict=False))


def test_her_own_notice_is_kept_and_the_divisions_at_least(division: Division) -> None:
    division.with_coaches(a_coach("ana", notice_minutes=48 * 60))
    division.hear(a_request())
    assert division.sessions()[0].starts_at >= MONDAY + 48 * HOUR
    division.with_coaches(a_coach("ana", notice_minutes=0))
    division.hear(a_request())
    assert min(s.starts_at for s in division.sessions()) >= MONDAY + HOUR


def test_a_lighter_week_takes_less_and_gives_back_what_was_booked_nothing(
    division: Division,
) -> None:
    division.with_coaches(a_coach("ana", weekly_minutes=300))
    week = tuple(a_window(MONDAY + (25 + 24 * day) * HOUR, 420) for day in range(3))
    division.hear(*(a_request(windows=week) for _ in range(4)))
    assert len(division.sessions()) == 4
    division.database.sql(
        "INSERT INTO scheduler.week_cap (coach_id, week, why, minutes, set_at)"
        " SELECT id, '2026-11-23', 'lighter', 90, now() FROM scheduler.coach"
    )
    assert len(division.sessions("state = 'scheduled'")) == 4
    division.hear(a_request(windows=week))
    assert len(division.announced("request.waiting")) == 1
    division.database.sql("DELETE FROM scheduler.week_cap")
    division.hear(a_request(windows=week))
    assert len(division.sessions()) == 5
    assert sound(division)
