"""What a timetable may say at a school: its own days and periods, each once."""

from services.scheduler.domain.school_time import BellSchedule, Timetable
from services.scheduler.domain.timetabling import (
    HerDays,
    KnownTimetable,
    every_pair,
    faults,
    periods_of,
)
from tests.support.events import an_id
from tests.support.scheduler.school import BELLS, a_period, a_school

_OF_DAY_TWO = BellSchedule(periods=(a_period("club", "14:00", "15:00"),), labels=("2",))
SCHOOL = a_school(bells=(BELLS, _OF_DAY_TWO))


def test_a_day_has_the_periods_that_may_ring_on_it_in_their_order() -> None:
    assert periods_of(SCHOOL, "1") == ("1", "2", "3", "4")
    assert periods_of(SCHOOL, "2") == ("1", "2", "3", "4", "club")
    assert len(every_pair(SCHOOL)) == 6 * 4 + 1


def test_what_there_is_not_and_what_stands_on_both_sides_is_named() -> None:
    wanted = Timetable(
        teaches=frozenset({("1", "1"), ("1", "club")}), prepares=frozenset({("1", "1"), ("9", "1")})
    )
    found = [(fault.field, fault.pair) for fault in faults(wanted, SCHOOL)]
    assert found == [("teaches", ("1", "club")), ("prepares", ("9", "1")), ("prepares", ("1", "1"))]
    assert not faults(Timetable(teaches=every_pair(SCHOOL)), SCHOOL)


def test_what_her_school_no_longer_has_is_known_as_such() -> None:
    known = KnownTimetable(timetable=Timetable(teaches=frozenset({("1", "1"), ("1", "9")})))
    hers = HerDays(teacher_id=an_id(1), school_id=SCHOOL.school_id, year=SCHOOL, known=known)
    assert hers.stale == {("1", "9")}
