"""A school year as its admin types it: what is written reads back, and every fault has its field and line."""

import string
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scheduler.domain.school_time import (
    BellSchedule,
    Closure,
    ClosureKind,
    Period,
    SchoolTime,
    Term,
)
from services.scheduler.domain.schools import KnownSchool
from services.scheduler.domain.travel import Spot
from services.scheduler.domain.typed_time import a_clock, a_date, a_weekday
from services.scheduler.domain.year_rules import SAID, Wrong, checked
from services.scheduler.domain.year_text import Reading, YearText, read, written
from tests.support.scheduler.builders import LARCH
from tests.support.scheduler.school import FIRST_DAY, LAST_DAY, a_school

SCHOOL = KnownSchool(id=LARCH.id, key="larch", name=LARCH.name)
A_YEAR = YearText(first_day="2026-09-01", last_day="2027-06-25", labels="1 2 3 4 5 6")

_VISIBLE = st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters=";:")
_ODD_WORDS = st.sampled_from(
    [
        "to",
        "-",
        "8h30",
        "9h25",
        "8h30-9h25",
        "Sep",
        "1",
        "2026",
        "2026-09-01",
        "pm",
        "special",
        "days",
    ]
)
_WORD = st.one_of(_ODD_WORDS, st.text(_VISIBLE, min_size=1, max_size=8))
NAMES = st.lists(_WORD, min_size=1, max_size=3).map(" ".join).filter(lambda name: len(name) <= 40)
LABELS = st.text(
    st.sampled_from(string.ascii_letters + string.digits + "-.()é"), min_size=1, max_size=6
)
DAYS = st.integers(0, (LAST_DAY - FIRST_DAY).days).map(lambda n: FIRST_DAY + timedelta(days=n))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    starts, ends = sorted(draw(st.sets(st.integers(0, 24 * 60 - 1), min_size=2, max_size=2)))
    return Period(name=draw(NAMES), starts=time(*divmod(starts, 60)), ends=time(*divmod(ends, 60)))


@st.composite
def terms(draw: st.DrawFn) -> Term:
    first, last = sorted((draw(DAYS), draw(DAYS)))
    return Term(name=draw(NAMES), first_day=first, last_day=last)


@st.composite
def years(draw: st.DrawFn) -> SchoolTime:
    labels = tuple(draw(st.lists(LABELS, max_size=6, unique=True)))
    weekdays = tuple(sorted(draw(st.sets(st.integers(1, 7), min_size=1))))
    blank = a_school(labels=labels, weekdays=weekdays, bells=())
    bells = st.builds(
        BellSchedule,
        periods=st.lists(periods(), max_size=4).map(tuple),
        labels=st.lists(st.sampled_from(blank.day_labels), max_size=3).map(tuple),
        weekdays=st.lists(st.integers(1, 7), max_size=3).map(tuple),
        special=st.one_of(st.just(""), NAMES),
    )
    shut = sorted(draw(st.sets(DAYS, max_size=12)))
    return replace(
        blank,
        version=1,
        shifts=draw(st.booleans()),
        cover=draw(st.one_of(st.just(""), NAMES)),
        terms=tuple(draw(st.lists(terms(), max_size=3))),
        bells=tuple(draw(st.lists(bells, max_size=4))),
        closures=tuple(
            Closure(day=d, kind=draw(st.sampled_from(ClosureKind)), shifts=draw(st.booleans()))
            for d in shut
        ),
        specials=tuple((d, draw(NAMES)) for d in sorted(draw(st.sets(DAYS, max_size=4)))),
        spot=draw(
            st.none() | st.builds(Spot, latitude=st.floats(-90, 90), longitude=st.floats(-180, 180))
        ),
    )


@given(years())
def test_what_is_written_reads_back_as_the_same_year(year: SchoolTime) -> None:
    checked(year)
    back = read(written(year), SCHOOL)
    assert back.faults == []
    assert back.year == year


@given(years())
def test_what_was_declared_on_short_notice_is_not_written(year: SchoolTime) -> None:
    snow = Closure(day=LAST_DAY, kind=ClosureKind.CLOSED, declared=True)
    planned = tuple(closure for closure in year.closures if closure.day != LAST_DAY)
    year = replace(year, closures=planned)
    assert written(replace(year, closures=(*planned, snow))) == written(year)


@given(st.builds(YearText, **dict.fromkeys(("terms", "bells", "closures", "specials"), st.text())))
def test_whatever_is_typed_is_answered(typed: YearText) -> None:
    typed = replace(typed, first_day="2026-09-01", last_day="2027-06-25", labels=typed.terms)
    found = read(replace(typed, spot=typed.bells, cover=typed.closures), SCHOOL)
    assert found.faults or checked(found.year or a_school())


def bells(typed: str) -> tuple[BellSchedule, ...]:
    found = read(replace(A_YEAR, bells=typed), SCHOOL)
    assert found.faults == []
    assert found.year
    return found.year.bells


def period(name: str, starts: str, ends: str) -> Period:
    return Period(name=name, starts=time.fromisoformat(starts), ends=time.fromisoformat(ends))


def test_bells_are_read_by_label_weekday_and_special_with_both_variants_of_a_lunch() -> None:
    typed = """
        1  8:30 - 9:25
        Lunch: 11h15 to 12h00
        Lunch 12:00 pm \u2013 12:45 pm

        Days 1, 3 ; on Fridays
        1:05-1:50 last one

        SPECIAL late start:
        1 10:00 until 10.30
    """
    assert bells(typed) == (
        BellSchedule(
            periods=(
                period("1", "08:30", "09:25"),
                period("Lunch", "11:15", "12:00"),
                period("Lunch", "12:00", "12:45"),
            )
        ),
        BellSchedule(
            periods=(period("last one", "13:05", "13:50"),), labels=("1", "3"), weekdays=(5,)
        ),
        BellSchedule(periods=(period("1", "10:00", "10:30"),), special="late start"),
    )


def test_closures_are_read_in_ranges_and_say_whether_their_label_is_lost() -> None:
    typed = "2026-10-12\nDec 21, 2026 to 2026/12/23 holiday\n23 Oct 2026: PD day, label lost"
    found = read(replace(A_YEAR, closures=typed), SCHOOL)
    assert found.faults == []
    assert found.year
    assert [(c.day, c.kind, c.shifts) for c in found.year.closures] == [
        (date(2026, 10, 12), ClosureKind.HOLIDAY, True),
        (date(2026, 12, 21), ClosureKind.HOLIDAY, True),
        (date(2026, 12, 22), ClosureKind.HOLIDAY, True),
        (date(2026, 12, 23), ClosureKind.HOLIDAY, True),
        (date(2026, 10, 23), ClosureKind.PD_DAY, False),
    ]


def wrong(reading: Reading) -> list[tuple[str, int, Wrong]]:
    return [(fault.field, fault.line, fault.wrong) for fault in reading.faults]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({"first_day": "soon"}, [("first_day", 0, Wrong.NO_DATE)]),
        ({"last_day": "2026-08-01"}, [("last_day", 0, Wrong.ENDS_FIRST)]),
        ({"labels": "1 1"}, [("labels", 0, Wrong.TWICE)]),
        ({"weekdays": ()}, [("weekdays", 0, Wrong.NO_WEEKDAY)]),
        ({"cover": "x" * 201}, [("cover", 0, Wrong.BAD_COVER)]),
        ({"spot": "here"}, [("spot", 0, Wrong.NO_PLACE)]),
        ({"spot": "91, 0"}, [("spot", 0, Wrong.NO_PLACE)]),
        ({"spot": "53.5"}, [("spot", 0, Wrong.NO_PLACE)]),
        ({"terms": "\nFall"}, [("terms", 2, Wrong.NO_TERM)]),
        ({"terms": "Fall 2026-09-01 to 2026-02-30"}, [("terms", 1, Wrong.NO_DATE)]),
        ({"terms": "A 2026-09-01 to 2026-09-02\nB 2027-05-01 to 2027-07-30"}, [("terms", 2, Wrong.OUTSIDE)]),
        ({"closures": "2026-10-12\n\n2026-10-12 PD day"}, [("closures", 3, Wrong.TWICE)]),
        ({"closures": "2026-10-12 picnic"}, [("closures", 1, Wrong.NO_CLOSURE)]),
        ({"closures": "2026-10-14 to 2026-10-12"}, [("closures", 1, Wrong.ENDS_FIRST)]),
        ({"closures": "2026-08-01 to 2026-08-09"}, [("closures", 1, Wrong.OUTSIDE)]),
        ({"specials": "2026-10-12"}, [("specials", 1, Wrong.NO_SPECIAL)]),
        ({"bells": "1 8:30-9:25\n2 9:30"}, [("bells", 2, Wrong.NO_PERIOD)]),
        ({"bells": "1 8:30-9:25\n2 9:30-25:00"}, [("bells", 2, Wrong.NO_CLOCK)]),
        ({"bells": "1 9:25-8:30"}, [("bells", 1, Wrong.ENDS_FIRST)]),
        ({"bells": "days 9:\n1 8:30-9:25"}, [("bells", 1, Wrong.NO_LABEL)]),
        ({"bells": "sometimes\n1 8:30-9:25\n2 9:25-8:30"}, [("bells", 1, Wrong.NO_SCHEDULE), ("bells", 3, Wrong.ENDS_FIRST)]),
    ],
)  # fmt: skip
def test_every_fault_names_its_field_and_line(
    typed: dict[str, str], found: list[tuple[str, int, Wrong]]
) -> None:
    assert wrong(read(replace(A_YEAR, **typed), SCHOOL)) == found


def test_every_kind_of_fault_says_what_would_be_right() -> None:
    assert all(SAID[kind][0] and SAID[kind][1] for kind in Wrong)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("8:30", time(8, 30)),
        ("08.30", time(8, 30)),
        ("8 h 30", time(8, 30)),
        ("1:05", time(13, 5)),
        ("01:05", time(1, 5)),
        ("1:05 p.m.", time(13, 5)),
        ("12:10 am", time(0, 10)),
        ("12:10 pm", time(12, 10)),
        ("1 pm", time(13, 0)),
        ("24:00", None),
        ("13:00 pm", None),
        ("noon", None),
    ],
)
def test_a_clock_time_is_read_as_people_write_it(typed: str, meant: time | None) -> None:
    assert a_clock(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-09-01", date(2026, 9, 1)),
        ("2026/9/1", date(2026, 9, 1)),
        ("Sept. 1, 2026", date(2026, 9, 1)),
        ("1 september 2026", date(2026, 9, 1)),
        ("2026-02-30", None),
        ("1 x 2026", None),
        ("2026", None),
        ("", None),
    ],
)
def test_a_date_is_read_as_people_write_it(typed: str, meant: date | None) -> None:
    assert a_date(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("Mon", 1), ("tues", 2), ("Wednesdays", 3), ("fri.", 5), ("mo", None), ("1", None)],
)
def test_a_weekday_is_read_by_its_first_letters(typed: str, meant: int | None) -> None:
    assert a_weekday(typed) == meant
