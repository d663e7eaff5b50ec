"""Weekly hours as lines: what is written reads back, and every fault is known by its line."""

from collections import Counter
from datetime import time
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scheduler.domain.availability import DaysOfLabel, WeeklyHours
from services.scheduler.domain.hours_lines import read_hours, written_hours
from services.scheduler.domain.own_time import OwnWrong

OAK, PINE = UUID(int=1), UUID(int=2)
SCHOOLS = {"oak": OAK, "pine-hill": PINE}
KEYS = {id_: key for key, id_ in SCHOOLS.items()}

clocks = st.builds(time, st.integers(0, 23), st.sampled_from(range(0, 60, 5)))
labels = st.builds(
    DaysOfLabel,
    school_id=st.sampled_from([OAK, PINE]),
    label=st.from_regex(r"\A[A-Za-z0-9.\-]{1,6}\Z").filter(lambda label: label.lower() != "and"),
)
stretches = st.builds(
    WeeklyHours,
    on=st.integers(1, 7) | labels,
    starts=clocks,
    ends=clocks,
    protected=st.booleans(),
    at_school=st.sampled_from([None, OAK, PINE]),
)


@given(st.lists(stretches, unique=True))
def test_what_is_written_reads_back_as_the_same_hours(hours: list[WeeklyHours]) -> None:
    read = read_hours(written_hours(hours, KEYS), SCHOOLS)
    assert read.faults == []
    assert Counter(read.hours) == Counter(hours)
    assert len(read.lines) == len(read.hours)


@given(st.text())
def test_whatever_is_typed_is_read_or_named(typed: str) -> None:
    read = read_hours(typed, SCHOOLS)
    assert len(read.lines) == len(read.hours)


def on(
    *days: int | DaysOfLabel, starts: time = time(8), ends: time = time(12)
) -> list[WeeklyHours]:
    return [WeeklyHours(on=day, starts=starts, ends=ends) for day in days]


def of_oak(*names: str) -> list[DaysOfLabel]:
    return [DaysOfLabel(school_id=OAK, label=name) for name in names]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("mon 8:00-12:00", on(1)),
        ("Monday: 8-12", on(1)),
        ("mon-fri 8:00 to 12:00", on(1, 2, 3, 4, 5)),
        ("Mon, Wed and Fri 8 am - 12 pm", on(1, 3, 5)),
        ("weekdays 8:00-12:00", on(1, 2, 3, 4, 5)),
        ("tue to thu 8-12", on(2, 3, 4)),
        ("fri 1:00-3:30", on(5, starts=time(13), ends=time(15, 30))),
        ("days 1, 3 of oak 8:00-12:00", on(*of_oak("1", "3"))),
        ("Day B of OAK: 8:00-12:00", on(*of_oak("B"))),
        ("day 2 and 4 of oak 8-12", on(*of_oak("2", "4"))),
    ],
)
def test_hours_are_typed_in_many_ways(typed: str, meant: list[WeeklyHours]) -> None:
    read = read_hours(typed, SCHOOLS)
    assert (read.hours, read.faults) == (meant, [])


@pytest.mark.parametrize(
    "rest",
    [
        "at pine-hill protected",
        "protected at pine-hill",
        ", protected, at Pine-Hill",
        "at pine-hill, protected",
    ],
)
def test_where_she_is_and_what_is_protected_stand_behind_the_times(rest: str) -> None:
    (one,) = read_hours(f"mon 8-12 {rest}".replace(" ,", ","), SCHOOLS).hours
    assert (one.at_school, one.protected) == (PINE, True)


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ("mon", OwnWrong.NO_HOURS),
        ("8-12", OwnWrong.NO_HOURS),
        ("mon 8-12 maybe", OwnWrong.NO_HOURS),
        ("moon 8-12", OwnWrong.NO_DAY),
        ("fri-mon 8-12", OwnWrong.NO_DAY),
        ("mon 8:75-12", OwnWrong.NO_CLOCK),
        ("mon 8-12 at elm", OwnWrong.NO_SCHOOL),
        ("day 1 of elm 8-12", OwnWrong.NO_SCHOOL),
    ],
)
def test_every_fault_is_known_by_its_line(typed: str, wrong: OwnWrong) -> None:
    assert read_hours(f"tue 8-9\n\n{typed}", SCHOOLS).faults == [(3, wrong)]


def test_alike_days_are_written_as_one_line() -> None:
    hours = [*on(1, 2, 3, 5), *on(*of_oak("1", "3"))]
    assert written_hours(hours, KEYS) == "mon-wed, fri 08:00-12:00\ndays 1, 3 of oak 08:00-12:00"
