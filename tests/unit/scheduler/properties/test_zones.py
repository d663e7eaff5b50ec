"""Across both clock changes: what people agreed on by the clock on the wall stays there."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.scheduler.domain.availability import WeeklyHours, worked
from services.scheduler.domain.candidate import Match
from services.scheduler.domain.diary import TeacherTime
from services.scheduler.domain.free_times import WantedTime, starts_on
from services.scheduler.domain.local_week import Horizon, instant_of
from services.scheduler.domain.matching import find_match, starts_with
from services.scheduler.domain.release import Moved
from services.scheduler.domain.rules import Rules
from services.scheduler.domain.school_time import BellSchedule, SchoolTime, slots_of
from services.scheduler.domain.weights import Weights
from shared.events.vocabulary import SchoolWindow
from tests.support.scheduler.builders import COLLABORATION, LARCH, a_window
from tests.support.scheduler.domain import TERMS, a_diary, a_wish
from tests.support.scheduler.school import a_period

# The Sunday of a change, so that meetings lie on both sides of it; none in Regina.
SUNDAYS = {
    "America/Edmonton": (date(2025, 3, 9), date(2025, 11, 2)),
    "America/St_Johns": (date(2027, 3, 14), date(2027, 11, 7)),
    "America/Regina": (date(2027, 3, 14), date(2027, 11, 7)),
    "Pacific/Auckland": (date(2026, 9, 27), date(2027, 4, 4)),
}
CHANGES = [(ZoneInfo(zone), sunday) for zone, sundays in SUNDAYS.items() for sunday in sundays]
WEEKS = 5
HOURS = tuple(WeeklyHours(on=day, starts=time(9), ends=time(11)) for day in range(1, 6))


class Around:
    """Two weeks before a change to three weeks after it; one coach, nine to eleven."""

    def __init__(self, zone: ZoneInfo, sunday: date) -> None:
        self.zone, self.monday = zone, sunday - timedelta(days=13)
        self.now = instant_of(self.monday, time(7), zone)
        self.horizon = horizon = Horizon.of(self.now, WEEKS, zone)
        weeks = [(week.monday, worked(week, zone, HOURS).open) for week in horizon.weeks]
        self.diary = replace(a_diary(free=horizon.joined(weeks)), horizon=horizon, minutes=[])
        self.diary.week_ceilings = self.diary.unprotected_ceilings = [1200] * WEEKS
        self.diary.minutes, self.diary.unprotected = [0] * WEEKS, [0] * WEEKS
        self.rules = Rules(
            horizon=horizon, not_before=horizon.mask(0, horizon.slots), weights=Weights()
        )

    def school(self, **other: object) -> SchoolTime:
        bells = (BellSchedule(periods=(a_period("1", "09:00", "09:50"),)),)
        values: dict[str, Any] = {"labels": ("1", "2", "3"), "bells": bells, **other}
        return SchoolTime(
            school_id=LARCH.id,
            name=LARCH.name,
            first_day=self.monday - timedelta(days=20),
            last_day=self.monday + timedelta(days=200),
            **values,
        )

    def wall(self, slot: int) -> datetime:
        return self.horizon.instant(slot).astimezone(self.zone).replace(tzinfo=None)


@pytest.fixture(params=CHANGES, ids=lambda change: f"{change[0]} {change[1]}")
def around(request: pytest.FixtureRequest) -> Around:
    return Around(*request.param)


def test_a_cycle_keeps_its_weekday_and_the_clock_on_the_wall(around: Around) -> None:
    window = a_window(instant_of(around.monday + timedelta(days=2), time(9, 30), around.zone), 45)
    request = a_wish(support_mode=COLLABORATION, meetings=4, windows=(window,))
    found = find_match(request, TERMS, [around.diary], TeacherTime(), around.rules)
    assert isinstance(found, Match)
    times = [around.wall(slot) for slot in found.chosen.slots]
    assert [at.time() for at in times] == [time(9, 30)] * 4
    assert [at.date() for at in times] == [
        around.monday + timedelta(days=2 + 7 * week) for week in range(4)
    ]
    assert len(found.chosen.slots) == 4


def test_her_hours_begin_and_end_by_the_clock_on_every_day(around: Around) -> None:
    for day in around.horizon.days:
        wanted = WantedTime(coach_id=around.diary.coach.person.id, day=day, minutes=30)
        told = [at.astimezone(around.zone) for at in starts_on(around.diary, wanted, around.now)]
        expected = [
            time(9),
            time(9, 15),
            time(9, 30),
            time(9, 45),
            time(10),
            time(10, 15),
            time(10, 30),
        ]
        assert [at.time() for at in told] == (expected if day.isoweekday() < 6 else [])
        assert {at.date() for at in told} <= {day}


def test_a_period_rings_by_the_clock_before_and_after(around: Around) -> None:
    school = around.school()
    rules = replace(around.rules, school_time={LARCH.id: slots_of(school, around.horizon)})
    request = a_wish(school_windows=(SchoolWindow(label="2", period="1"),))
    starts = starts_with(request, TERMS, around.diary, TeacherTime(), rules)
    walls = [
        around.wall(slot) for slot in range(around.horizon.slots) if _has(starts, slot, around)
    ]
    assert {at.time() for at in walls} == {time(9), time(9, 15)}
    # Every third school day, on both sides of the change.
    assert len({at.date() for at in walls}) in (8, 9)


def test_what_is_held_in_place_of_a_lost_time_stands_at_the_same_clock(around: Around) -> None:
    """The Friday before the change is lost: its label comes next behind it."""
    friday = around.monday + timedelta(days=11)
    year = around.school(labels=("1", "2"))
    target = Moved(before=year, now=year).target(
        instant_of(friday, time(9, 10), around.zone), around.horizon
    )
    assert target is not None
    local = target.astimezone(around.zone)
    assert (local.date(), local.time()) == (friday + timedelta(days=4), time(9, 10))


def _has(starts: int, slot: int, around: Around) -> bool:
    return bool(starts >> (around.horizon.slots - 1 - slot) & 1)
