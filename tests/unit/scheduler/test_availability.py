"""Weekly hours as slots, across every clock change, and the free starts among them."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scheduler.domain.availability import (
    DaysOfLabel,
    ExceptionKind,
    HoursException,
    WeeklyHours,
    as_stored,
    earliest_by_day,
    free_starts,
    from_stored,
    worked,
)
from services.scheduler.domain.local_week import (
    SLOT,
    SLOTS_IN_LONGEST_WEEK,
    Horizon,
    LocalWeek,
    instant_of,
    local_week,
    monday_of,
)

ZONES = [
    ZoneInfo(name)
    for name in ("America/Edmonton", "America/St_Johns", "Pacific/Auckland", "Europe/Berlin")
]
# Every Monday of a year in which all of these zones still change their clocks twice.
MONDAYS = [date(2024, 1, 1) + timedelta(weeks=n) for n in range(53)]
NINE_TO_FIVE = [WeeklyHours(on=day, starts=time(9), ends=time(17)) for day in range(1, 8)]


def wall_slots(week: LocalWeek, slots: int, zone: ZoneInfo) -> dict[date, set[time]]:
    """The wall times of a week's slots, date by date."""
    found: dict[date, set[time]] = {}
    for index in range(week.slots):
        if slots >> (week.slots - 1 - index) & 1:
            local = (week.starts_at + index * SLOT).astimezone(zone)
            found.setdefault(local.date(), set()).add(local.time())
    return found


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_nine_to_five_stays_nine_to_five_in_every_week_of_the_year(zone: ZoneInfo) -> None:
    expected = {time(9 + n // 12, n % 12 * 5) for n in range(8 * 12)}
    for monday in MONDAYS:
        week = local_week(monday, zone)
        days = wall_slots(week, worked(week, zone, NINE_TO_FIVE).open, zone)
        assert days == {monday + timedelta(days=n): expected for n in range(7)}


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_a_year_has_two_odd_weeks_of_167_and_169_hours(zone: ZoneInfo) -> None:
    lengths = [local_week(monday, zone).slots // 12 for monday in MONDAYS]
    assert sorted(hours for hours in lengths if hours != 168) == [167, 169]


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_hours_within_the_lost_hour_vanish(zone: ZoneInfo) -> None:
    short = next(w for m in MONDAYS if (w := local_week(m, zone)).slots == 167 * 12)
    night = [WeeklyHours(on=7, starts=time(2), ends=time(3))]
    assert worked(short, zone, night).open == 0


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_hours_over_the_doubled_hour_last_an_hour_longer(zone: ZoneInfo) -> None:
    long = next(w for m in MONDAYS if (w := local_week(m, zone)).slots == 169 * 12)
    night = [WeeklyHours(on=7, starts=time(0), ends=time(6))]
    assert worked(long, zone, night).open.bit_count() == 7 * 12


def test_a_time_that_a_clock_change_leaves_out_is_the_change_itself() -> None:
    zone = ZoneInfo("America/St_Johns")
    lost = instant_of(date(2024, 3, 10), time(2, 30), zone)
    assert lost == datetime(2024, 3, 10, 5, 30, tzinfo=UTC)
    assert lost.astimezone(zone).time() == time(3)


@given(
    st.sampled_from(ZONES),
    st.sampled_from(MONDAYS),
    st.integers(0, 287),
    st.integers(1, 96),
    st.integers(1, 7),
)
def test_stored_and_read_again_slots_are_the_same(
    zone: ZoneInfo, monday: date, first: int, length: int, day: int
) -> None:
    week = local_week(monday, zone)
    ends = min(first + length, 287)
    if ends <= first:
        return
    hours = WeeklyHours(
        on=day,
        starts=time(first // 12, first % 12 * 5),
        ends=time(ends // 12, ends % 12 * 5),
    )
    slots = worked(week, zone, [hours]).open
    text = as_stored(slots, week)
    assert len(text) == SLOTS_IN_LONGEST_WEEK
    assert from_stored(int(text, 2), week) == slots


def test_a_day_off_closes_its_whole_day_and_an_extra_hour_opens_one() -> None:
    zone = ZONES[0]
    week = local_week(date(2026, 11, 23), zone)
    tuesday, saturday = date(2026, 11, 24), date(2026, 11, 28)
    weekdays = NINE_TO_FIVE[:5]
    exceptions = [
        HoursException(day=tuesday, kind=ExceptionKind.OFF),
        HoursException(day=saturday, kind=ExceptionKind.EXTRA, starts=time(10), ends=time(11)),
        HoursException(day=date(2026, 12, 1), kind=ExceptionKind.OFF),
    ]
    days = wall_slots(week, worked(week, zone, weekdays, exceptions).open, zone)
    assert tuesday not in days
    assert len(days[saturday]) == 12
    assert len(days) == 5


def test_off_wins_over_extra() -> None:
    zone = ZONES[0]
    week = local_week(date(2026, 11, 23), zone)
    day = date(2026, 11, 24)
    exceptions = [
        HoursException(day=day, kind=ExceptionKind.EXTRA, starts=time(10), ends=time(12)),
        HoursException(day=day, kind=ExceptionKind.OFF, starts=time(11), ends=time(12)),
    ]
    opened = wall_slots(week, worked(week, zone, [], exceptions).open, zone)
    assert max(opened[day]) == time(10, 55)


@pytest.mark.parametrize("zone", ZONES, ids=str)
@given(data=st.data())
def test_every_free_start_has_its_whole_length_free_and_no_other_has(
    zone: ZoneInfo, data: st.DataObject
) -> None:
    horizon = Horizon.of(datetime(2024, 3, 6, tzinfo=UTC), 2, zone)
    stretches = data.draw(
        st.lists(st.tuples(st.integers(0, horizon.slots), st.integers(1, 60)), max_size=8)
    )
    length = data.draw(st.integers(1, 30))
    free = 0
    for first, count in stretches:
        free |= horizon.mask(first, first + count)
    bits = format(free, f"0{horizon.slots}b")
    starts = format(free_starts(free, length, horizon), f"0{horizon.slots}b")
    for slot in range(horizon.slots):
        on_the_quarter = horizon.instant(slot).minute % 15 == 0
        fits = bits[slot : slot + length] == "1" * length
        assert (starts[slot] == "1") == (fits and on_the_quarter)


def test_the_earliest_of_each_day_come_in_order() -> None:
    horizon = Horizon.of(datetime(2026, 11, 23, 12, tzinfo=UTC), 2, ZONES[0])
    free = horizon.mask(100, 130) | horizon.mask(400, 420) | horizon.mask(2100, 2130)
    slots = list(earliest_by_day(free_starts(free, 6, horizon), horizon, most=5))
    assert slots == [102, 402, 2100]
    assert list(earliest_by_day(free_starts(free, 6, horizon), horizon, most=2)) == [102, 402]


def test_windows_count_whole_slots_and_sessions_every_slot_they_touch() -> None:
    horizon = Horizon.of(datetime(2026, 11, 23, 12, tzinfo=UTC), 1, ZONES[0])
    starts = horizon.instant(10) + timedelta(minutes=2)
    ends = horizon.instant(13) + timedelta(minutes=2)
    assert horizon.within(starts, ends).bit_count() == 2
    assert horizon.touching(starts, ends).bit_count() == 4


def test_what_lies_outside_the_horizon_is_cut_off() -> None:
    horizon = Horizon.of(datetime(2026, 11, 23, 12, tzinfo=UTC), 1, ZONES[0])
    long_ago, far_ahead = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    assert horizon.within(long_ago, far_ahead).bit_count() == horizon.slots
    assert horizon.within(far_ahead, far_ahead + timedelta(hours=1)) == 0


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_the_days_of_a_horizon_cover_it_without_a_gap(zone: ZoneInfo) -> None:
    for monday in MONDAYS[:-6]:
        horizon = Horizon.of(instant_of(monday, time(12), zone), 6, zone)
        assert monday_of(horizon.starts_at, zone) == monday
        assert sum(mask.bit_count() for mask in horizon.day_masks) == horizon.slots
        assert horizon.starts_at + horizon.slots * SLOT == horizon.ends_at
        assert len(horizon.day_of_slot) == horizon.slots


LARCH = uuid4()


def test_hours_of_a_label_fall_on_its_days_alone() -> None:
    zone, monday = ZoneInfo("America/Edmonton"), date(2026, 11, 23)
    week = local_week(monday, zone)
    labels = {
        LARCH: {monday: "2", monday + timedelta(days=3): "2", monday + timedelta(days=1): "3"}
    }
    hours = [
        WeeklyHours(on=DaysOfLabel(school_id=LARCH, label="2"), starts=time(9), ends=time(10)),
        WeeklyHours(on=DaysOfLabel(school_id=uuid4(), label="2"), starts=time(12), ends=time(13)),
    ]
    days = wall_slots(week, worked(week, zone, hours, labels=labels).open, zone)
    assert sorted(days) == [monday, monday + timedelta(days=3)]
    assert {at.hour for times in days.values() for at in times} == {9}


def test_protected_hours_are_open_and_what_is_plain_too_is_not_protected() -> None:
    zone, monday = ZoneInfo("America/Edmonton"), date(2026, 11, 23)
    week = local_week(monday, zone)
    hours = [
        WeeklyHours(on=1, starts=time(9), ends=time(12), protected=True),
        WeeklyHours(on=1, starts=time(11), ends=time(13)),
    ]
    exceptions = [HoursException(day=monday, kind=ExceptionKind.OFF, starts=time(9), ends=time(10))]
    found = worked(week, zone, hours, exceptions)
    assert found.protected & ~found.open == 0
    assert {at.hour for at in wall_slots(week, found.open, zone)[monday]} == {10, 11, 12}
    assert {at.hour for at in wall_slots(week, found.protected, zone)[monday]} == {10}


def test_hours_at_a_school_say_where_she_is() -> None:
    zone, monday = ZoneInfo("America/Edmonton"), date(2026, 11, 23)
    week = local_week(monday, zone)
    hours = [
        WeeklyHours(on=1, starts=time(9), ends=time(10), at_school=LARCH),
        WeeklyHours(on=1, starts=time(10), ends=time(11)),
    ]
    found = worked(week, zone, hours)
    assert {at.hour for at in wall_slots(week, found.at[LARCH], zone)[monday]} == {9}
