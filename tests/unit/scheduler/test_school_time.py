"""A school's own time: labels, bells, closures; and which slots her words mean in it."""

from dataclasses import replace
from datetime import date, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scheduler.domain.asked import HerTime, asked
from services.scheduler.domain.local_week import Horizon, instant_of
from services.scheduler.domain.model import ModelTerms
from services.scheduler.domain.school_time import (
    BellSchedule,
    Closure,
    ClosureKind,
    SchoolTime,
    Timetable,
    next_of_label,
    school_year,
    slots_of,
)
from services.scheduler.domain.year_rules import SchoolTimeError, checked
from shared.events.vocabulary import SchoolWindow
from tests.support.scheduler.builders import MONDAY, READING, a_window
from tests.support.scheduler.domain import HORIZON, TERMS, a_wish
from tests.support.scheduler.school import BELLS, FIRST_DAY, LAST_DAY, a_period, a_school

LATE = BellSchedule(periods=(a_period("1", "10:00", "10:30"),), special="late start")
FRIDAY = BellSchedule(periods=(a_period("1", "08:00", "08:45"),), weekdays=(5,))


def closed(day: date, *, shifts: bool, kind: ClosureKind = ClosureKind.CLOSED) -> Closure:
    return Closure(day=day, kind=kind, shifts=shifts)


def labels(school: SchoolTime, first: date, days: int) -> list[str]:
    year = school_year(school)
    dates = (first + timedelta(days=n) for n in range(days))
    return [year[day].label if day in year else "" for day in dates]


def test_labels_follow_school_days_over_a_weekend() -> None:
    assert labels(a_school(), FIRST_DAY, 8) == ["1", "2", "3", "4", "", "", "5", "6"]


def test_a_closure_that_shifts_hands_its_label_to_the_next_school_day() -> None:
    wednesday = date(2026, 9, 2)
    shifting = a_school(closures=(closed(wednesday, shifts=True),))
    lost = a_school(closures=(closed(wednesday, shifts=False),))
    assert labels(shifting, FIRST_DAY, 4) == ["1", "", "2", "3"]
    assert labels(lost, FIRST_DAY, 4) == ["1", "", "3", "4"]


def test_without_labels_a_day_is_called_by_its_weekday() -> None:
    school = a_school(labels=(), closures=(closed(date(2026, 9, 2), shifts=True),))
    assert labels(school, FIRST_DAY, 4) == ["tue", "", "thu", "fri"]
    assert school.day_labels == ("mon", "tue", "wed", "thu", "fri")


def test_bells_depend_on_label_weekday_and_special_schedule() -> None:
    of_day_two = BellSchedule(periods=(a_period("1", "09:00", "09:40"),), labels=("2",))
    school = a_school(
        bells=(BELLS, LATE, FRIDAY, of_day_two), specials=((date(2026, 9, 3), "late start"),)
    )
    year = school_year(school)
    assert year[FIRST_DAY].periods == BELLS.periods
    assert year[date(2026, 9, 2)].periods == of_day_two.periods
    assert year[date(2026, 9, 3)].periods == LATE.periods
    assert year[date(2026, 9, 4)].periods == FRIDAY.periods


def test_a_special_schedule_that_nobody_wrote_down_is_an_ordinary_day() -> None:
    school = a_school(specials=((FIRST_DAY, "assembly"),))
    assert school_year(school)[FIRST_DAY].periods == BELLS.periods


def test_both_variants_of_a_split_lunch_count() -> None:
    split = BellSchedule(
        periods=(a_period("lunch", "11:30", "12:00"), a_period("lunch", "12:00", "12:30"))
    )
    school = a_school(bells=(split,))
    slots = slots_of(school, HORIZON).window("", "lunch")
    assert slots.bit_count() == 12 * len(
        [day for day in HORIZON.days if day in school_year(school)]
    )


@given(
    count=st.integers(1, 15),
    shut=st.sets(st.integers(0, 120), max_size=20),
    shifts=st.booleans(),
)
def test_labels_go_round_in_order_and_none_is_doubled(
    count: int, shut: set[int], shifts: bool
) -> None:
    names = tuple("ABCDEFGHIJKLMNO"[:count])
    closures = tuple(closed(FIRST_DAY + timedelta(days=n), shifts=shifts) for n in sorted(shut))
    school = a_school(labels=names, closures=closures)
    seen = [names.index(day.label) for day in school_year(school).values()]
    steps = {(b - a) % count for a, b in pairwise(seen)}
    if shifts and count > 1:
        assert steps <= {1}
    assert all(day not in school_year(school) for day in (c.day for c in closures))


@given(shut=st.integers(0, 60))
def test_a_shift_moves_each_later_day_by_exactly_one_label(shut: int) -> None:
    day = FIRST_DAY + timedelta(days=shut)
    before, after = a_school(), a_school(closures=(closed(day, shifts=True),))
    old, new = school_year(before), school_year(after)
    assert all(new[d].label == old[d].label for d in new if d < day)
    if day in old:
        assert all(int(new[d].label) % 6 == (int(old[d].label) - 1) % 6 for d in new if d > day)


def test_the_next_date_of_a_label() -> None:
    school = a_school(closures=(closed(date(2026, 9, 2), shifts=True),))
    assert next_of_label(school, "2", FIRST_DAY) == date(2026, 9, 3)
    assert next_of_label(school, "2", LAST_DAY) is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"last_day": FIRST_DAY}, "last_day"),
        ({"last_day": date(2029, 1, 1)}, "last_day"),
        ({"labels": tuple(f"{n}" for n in range(16))}, "labels"),
        ({"labels": ("1", "1")}, "labels"),
        ({"weekdays": ()}, "weekdays"),
        ({"bells": (BellSchedule(periods=(a_period("1", "10:00", "09:00"),)),)}, "bells.0"),
        ({"bells": (BellSchedule(periods=(), labels=("9",)),)}, "bells.0.labels"),
    ],
)
def test_what_no_school_can_live_by_is_refused_with_its_field(
    wrong: dict[str, object], field: str
) -> None:
    with pytest.raises(SchoolTimeError, match=f"^{field}"):
        checked(a_school(**wrong))


def outside_class() -> ModelTerms:
    modes = {key: replace(mode, where_in_day="outside_class") for key, mode in TERMS.modes.items()}
    return replace(TERMS, modes=modes)


def in_class() -> ModelTerms:
    topics = {key: replace(topic, where_in_day="in_class") for key, topic in TERMS.topics.items()}
    return replace(outside_class(), topics=topics)


def hers(timetable: Timetable | None = None, **school: object) -> HerTime:
    return HerTime(school=slots_of(a_school(**school), HORIZON), timetable=timetable)


EVERY = (1 << HORIZON.slots) - 1
TEACHES = Timetable(
    teaches=frozenset({("3", "1"), ("4", "4")}), prepares=frozenset({("2", "4"), ("3", "3")})
)


def day_and_period(slots: int) -> set[tuple[str, str]]:
    """The (label, period) pairs of which every slot of the horizon is among `slots`."""
    school = slots_of(a_school(), HORIZON)
    return {
        (label, period.name)
        for label in a_school().labels
        for period in BELLS.periods
        if (mask := school.window(label, period.name)) and mask & slots == mask
    }


def test_a_period_of_a_label_is_found_on_its_dates_alone() -> None:
    wish = a_wish(school_windows=(SchoolWindow(label="2", period="4"),))
    found = asked(wish, TERMS, hers(), HORIZON, EVERY).at_school
    days = [
        day for day in HORIZON.days if (d := school_year(a_school()).get(day)) and d.label == "2"
    ]
    assert days
    expected = 0
    for day in days:
        begins = instant_of(day, time(12, 30), HORIZON.zone)
        expected |= HORIZON.within(begins, begins + timedelta(minutes=55))
    assert found == expected


def test_her_prep_is_what_her_timetable_says() -> None:
    wish = a_wish(school_windows=(SchoolWindow(prep=True),))
    known = asked(wish, outside_class(), hers(TEACHES), HORIZON, EVERY)
    unknown = asked(wish, outside_class(), hers(), HORIZON, EVERY)
    assert day_and_period(known.at_school) == {("2", "4"), ("3", "3")}
    assert (unknown.at_school, unknown.prep_unknown, known.prep_unknown) == (0, True, False)


def test_help_outside_class_never_stands_in_her_class() -> None:
    free = asked(a_wish(), outside_class(), hers(TEACHES), HORIZON, EVERY).at_school
    assert not {("3", "1"), ("4", "4")} & day_and_period(free)
    assert ("3", "3") in day_and_period(free)


def test_a_class_that_somebody_covers_may_be_used() -> None:
    free = asked(
        a_wish(), outside_class(), hers(TEACHES, cover="The principal"), HORIZON, EVERY
    ).at_school
    assert ("3", "1") in day_and_period(free)


def test_help_in_class_stands_only_in_her_class() -> None:
    free = asked(a_wish(), in_class(), hers(TEACHES), HORIZON, EVERY).at_school
    assert day_and_period(free) == {("3", "1"), ("4", "4")}


@pytest.mark.parametrize(
    ("ticked", "where", "cover", "allowed"),
    [
        (True, "outside_class", "", False),
        (True, "outside_class", "A colleague", True),
        (False, "outside_class", "", True),
        (None, "outside_class", "", True),
        (True, "in_class", "", True),
        (False, "in_class", "", False),
        (None, "in_class", "", True),
    ],
)
def test_a_window_ticked_as_in_class_holds_only_help_that_belongs_there(
    ticked: bool | None, where: str, cover: str, allowed: bool
) -> None:
    window = replace(a_window(MONDAY, 120), in_class=ticked)
    terms = in_class() if where == "in_class" else outside_class()
    found = asked(a_wish(windows=(window,)), terms, hers(cover=cover), HORIZON, EVERY)
    assert bool(found.at_school) is allowed


def test_nobody_is_met_at_a_school_that_is_closed_but_online_she_may_be() -> None:
    today = HORIZON.days[0]
    school = hers(closures=(closed(today, shifts=True),))
    found = asked(a_wish(), TERMS, school, HORIZON, EVERY)
    assert not found.at_school & HORIZON.day_masks[0]
    assert found.anywhere & HORIZON.day_masks[0]


def test_a_day_of_the_teachers_own_learning_is_used_when_she_offers_it() -> None:
    today = HORIZON.days[0]
    school = hers(closures=(closed(today, shifts=True, kind=ClosureKind.PD_DAY),))
    wish = a_wish(windows=(a_window(MONDAY, 120),))
    assert not asked(a_wish(), TERMS, school, HORIZON, EVERY).at_school & HORIZON.day_masks[0]
    assert asked(wish, TERMS, school, HORIZON, EVERY).at_school & HORIZON.day_masks[0]


@pytest.mark.parametrize(
    "zone", ["America/Edmonton", "America/St_Johns", "America/Regina", "Pacific/Auckland"]
)
@pytest.mark.parametrize("around", [date(2026, 10, 26), date(2027, 3, 8), date(2027, 4, 5)])
def test_a_period_keeps_its_wall_time_across_a_clock_change(zone: str, around: date) -> None:
    where = ZoneInfo(zone)
    horizon = Horizon.of(instant_of(around, time(7), where), 3, where)
    slots = slots_of(a_school(first_day=date(2026, 8, 24), last_day=LAST_DAY), horizon)
    mask = slots.window("", "4")
    starts = mask & ~(mask >> 1)
    seen = set()
    while starts:
        slot = horizon.slots - starts.bit_length()
        seen.add(horizon.instant(slot).astimezone(where).time())
        starts &= ~(1 << (horizon.slots - 1 - slot))
    assert seen == {time(12, 30)}


def test_the_label_of_a_date_does_not_depend_on_reading_it_again() -> None:
    assert READING in TERMS.topics
    assert school_year(a_school()) is school_year(a_school())
