"""Starts on a day: none that does not fit, none hidden, in every zone and across both clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scheduler.domain.diary import Diary
from services.scheduler.domain.free_times import (
    DayNotOffered,
    WantedTime,
    horizon_around,
    starts_on,
)
from services.scheduler.domain.local_week import SLOT, Horizon, instant_of
from tests.support.scheduler.builders import MONDAY, an_id
from tests.support.scheduler.domain import a_diary

# Ordinary days, and those on which clocks change: two in Denver, St John's and Auckland, none in Regina.
DAYS = {
    "America/Denver": (date(2026, 11, 24), date(2027, 3, 14), date(2027, 11, 7)),
    "America/St_Johns": (date(2027, 3, 14), date(2027, 11, 7)),
    "America/Regina": (date(2027, 3, 14),),
    "Pacific/Auckland": (date(2027, 4, 4), date(2027, 9, 26)),
}


def diary_of(horizon: Horizon, free: int) -> Diary:
    coach = a_diary().coach
    return Diary(coach=coach, horizon=horizon, free=free)


def is_free(horizon: Horizon, free: int, starts_at: datetime, minutes: int) -> bool:
    """Looked at slot by slot, the slow way."""
    first = (starts_at - horizon.starts_at) // SLOT
    return all(
        slot < horizon.slots and free >> (horizon.slots - 1 - slot) & 1
        for slot in range(first, first - -minutes // 5)
    )


@given(
    place=st.sampled_from([(zone, day) for zone, days in DAYS.items() for day in days]),
    taken=st.lists(st.tuples(st.integers(0, 300), st.integers(1, 60)), max_size=12),
    minutes=st.integers(2, 24).map(lambda steps: steps * 5),
    soon=st.integers(0, 600),
)
def test_a_start_is_told_exactly_when_all_of_its_slots_are_free(
    place: tuple[str, date], taken: list[tuple[int, int]], minutes: int, soon: int
) -> None:
    zone, day = ZoneInfo(place[0]), place[1]
    midnight = instant_of(day, time(), zone)
    horizon = horizon_around(day, midnight - timedelta(hours=30), 4, zone)
    assert isinstance(horizon, Horizon)
    free = (1 << horizon.slots) - 1
    for after, slots in taken:
        begins = midnight + after * SLOT
        free &= ~horizon.touching(begins, begins + slots * SLOT)
    wanted = WantedTime(coach_id=an_id("ana"), day=day, minutes=minutes)
    not_before = midnight + timedelta(minutes=soon)
    told = starts_on(diary_of(horizon, free), wanted, not_before)

    quarter, after_it = timedelta(minutes=15), instant_of(day + timedelta(days=1), time(), zone)
    every = [midnight + n * quarter for n in range((after_it - midnight) // quarter)]
    assert list(told) == [
        starts_at
        for starts_at in every
        if starts_at >= not_before and is_free(horizon, free, starts_at, minutes)
    ]


@pytest.mark.parametrize(
    ("day", "offered"),
    [
        (date(2026, 11, 22), False),
        (date(2026, 11, 23), True),
        (date(2027, 1, 3), True),
        (date(2027, 1, 4), False),
    ],
)
def test_a_day_is_offered_from_today_to_the_end_of_the_horizon(day: date, *, offered: bool) -> None:
    found = horizon_around(day, MONDAY, 6, ZoneInfo("America/Denver"))
    assert isinstance(found, Horizon) is offered
    if isinstance(found, DayNotOffered):
        assert (found.first, found.last) == (date(2026, 11, 23), date(2027, 1, 3))


def test_the_day_is_the_divisions_and_not_that_of_utc() -> None:
    late = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)  # still Monday in Denver
    found = horizon_around(date(2026, 11, 23), late, 6, ZoneInfo("America/Denver"))
    assert isinstance(found, Horizon)
    assert found.weeks[0].monday == date(2026, 11, 23)
