"""Ways between schools: by table or map, in each direction; and no plan lets a coach be in two places."""

from dataclasses import replace
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scheduler.domain.availability import slots_in
from services.scheduler.domain.candidate import Match, NoMatch, Verdict
from services.scheduler.domain.diary import Booked, Diary, TeacherTime
from services.scheduler.domain.matching import find_match, starts_with
from services.scheduler.domain.planning import Picture, plan
from services.scheduler.domain.reasons import why_this, why_waiting
from services.scheduler.domain.rules import Rules
from services.scheduler.domain.travel import Spot, Travel, kilometres
from shared.events.vocabulary import School
from tests.support.scheduler.builders import CONSULTATION, an_id
from tests.support.scheduler.domain import HORIZON, TERMS, a_diary, a_wish, hours, rules

NAMES = ("larch", "oak", "pine", "yew")
SCHOOLS = [School(id=an_id(name), name=f"{name.title()} School") for name in NAMES]
LARCH, OAK, PINE, YEW = (school.id for school in SCHOOLS)
EVERYWHERE = frozenset(school.id for school in SCHOOLS)
QUARTER = replace(TERMS.modes[CONSULTATION], minutes=15)


def with_travel(travel: Travel) -> Rules:
    usual = rules()
    return Rules(
        horizon=usual.horizon,
        not_before=usual.not_before,
        weights=usual.weights,
        travel=travel,
    )


def minutes(table: dict[tuple[UUID, UUID], int]) -> Travel:
    return Travel(table=table)


def test_the_table_goes_before_the_map_and_each_direction_is_its_own() -> None:
    spots = {
        LARCH: Spot(latitude=53.5, longitude=-113.5),
        OAK: Spot(latitude=53.6, longitude=-113.5),
    }
    travel = Travel(spots=spots, table={(LARCH, OAK): 7})
    assert travel.slots(LARCH, OAK) == 2
    assert travel.slots(OAK, LARCH) == 4  # 11.1 km by the crow, 14.5 by road, 17.3 minutes
    assert travel.slots(OAK, OAK) == 0
    assert travel.slots(OAK, PINE) == 0  # not known


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    far = kilometres(Spot(latitude=0, longitude=0), Spot(latitude=1, longitude=0))
    assert round(far) == 111


def test_between_two_schools_there_is_time_to_drive() -> None:
    diary = a_diary(free=hours(0, 9, 12), school_ids=EVERYWHERE)
    diary.book(36 + 9 * 12 - 36, Booked(length=6, minutes=30, at=OAK))  # 9:00 to 9:30 at Oak
    travel = with_travel(minutes({(OAK, LARCH): 20, (LARCH, OAK): 20}))
    starts = starts_with(a_wish(), TERMS, diary, TeacherTime(), travel)
    first = HORIZON.slots - starts.bit_length()
    assert first == 9 * 12 + 6 + 6  # 10:00: at 9:50 she is there, and starts are each quarter


def test_online_needs_no_way() -> None:
    diary = a_diary(free=hours(0, 9, 12), school_ids=EVERYWHERE)
    diary.book(9 * 12, Booked(length=6, minutes=30, at=OAK))
    travel = with_travel(minutes({(OAK, LARCH): 60, (LARCH, OAK): 60}))
    starts = starts_with(a_wish(meeting="online"), TERMS, diary, TeacherTime(), travel)
    assert HORIZON.slots - starts.bit_length() == 9 * 12 + 6


def first_and_last(starts: int) -> tuple[int, int]:
    return HORIZON.slots - starts.bit_length(), HORIZON.slots - (starts & -starts).bit_length()


@pytest.mark.parametrize(("way", "first"), [(30, 10 * 12 + 6), (15, 9 * 12 + 6)])
def test_nobody_drives_in_an_online_meeting(way: int, first: int) -> None:
    """Half an hour is left between Oak and Larch; a quarter online leaves another to drive."""
    diary = a_diary(free=hours(0, 9, 11), school_ids=EVERYWHERE)
    diary.book(9 * 12, Booked(length=6, minutes=30, at=OAK))
    diary.book(10 * 12, Booked(length=6, minutes=30, at=LARCH))
    travel, wish = with_travel(minutes({(OAK, LARCH): way})), a_wish(meeting="online")
    starts = starts_with(wish, TERMS, diary, TeacherTime(), travel)
    assert first_and_last(starts)[0] == 10 * 12 + 6
    short = replace(TERMS, modes={**TERMS.modes, CONSULTATION: QUARTER})
    starts = starts_with(wish, short, diary, TeacherTime(), travel)
    assert first_and_last(starts)[0] == first


def test_an_online_meeting_between_two_schools_leaves_the_drive_before_or_behind_it() -> None:
    diary = a_diary(free=hours(0, 9, 12), school_ids=EVERYWHERE)
    diary.book(9 * 12, Booked(length=6, minutes=30, at=OAK))
    diary.book(11 * 12, Booked(length=12, minutes=60, at=LARCH))
    travel = with_travel(minutes({(OAK, LARCH): 45}))
    starts = starts_with(a_wish(meeting="online"), TERMS, diary, TeacherTime(), travel)
    assert list(slots_in(starts, HORIZON)) == [9 * 12 + 6, 9 * 12 + 9, 10 * 12 + 3, 10 * 12 + 6]


def test_a_school_is_reached_only_when_the_online_meeting_on_the_way_is_over() -> None:
    diary = a_diary(free=hours(0, 9, 12), school_ids=EVERYWHERE)
    diary.book(9 * 12, Booked(length=6, minutes=30, at=OAK))
    diary.book(9 * 12 + 9, Booked(length=6, minutes=30))  # a quarter to ten to a quarter past
    travel = with_travel(minutes({(OAK, LARCH): 30, (LARCH, OAK): 30}))
    starts = starts_with(a_wish(), TERMS, diary, TeacherTime(), travel)
    assert first_and_last(starts)[0] == 10 * 12 + 9


def test_her_day_begins_and_ends_at_her_base() -> None:
    diary = a_diary(free=hours(0, 9, 11), school_ids=EVERYWHERE, home_base=PINE)
    travel = with_travel(minutes({(PINE, LARCH): 30, (LARCH, PINE): 15}))
    starts = starts_with(a_wish(), TERMS, diary, TeacherTime(), travel)
    first = HORIZON.slots - starts.bit_length()
    last = HORIZON.slots - ((starts & -starts).bit_length() - 1) - 1
    assert (first, last) == (9 * 12 + 6, 10 * 12 + 3)  # 9:30, and 10:15 to be back at 11:00


def test_who_could_not_get_there_is_said_so() -> None:
    diary = a_diary(free=hours(0, 9, 10), school_ids=EVERYWHERE)
    diary.book(9 * 12, Booked(length=6, minutes=30, at=OAK))
    travel = with_travel(minutes({(OAK, LARCH): 60, (LARCH, OAK): 60}))
    found = find_match(a_wish(), TERMS, [diary], TeacherTime(), travel)
    assert isinstance(found, NoMatch)
    assert [c.verdict for c in found.candidates] == [Verdict.TOO_FAR]
    assert "too_far" in [reason.code for reason in why_waiting(found, a_wish())]


def test_a_day_on_which_she_is_there_already_is_worth_points() -> None:
    there, elsewhere = a_diary("ana", school_ids=EVERYWHERE), a_diary("bea", school_ids=EVERYWHERE)
    there.book(9 * 12, Booked(length=6, minutes=30, at=LARCH))
    elsewhere.book(9 * 12, Booked(length=6, minutes=30, at=OAK))
    wish = a_wish()
    found = find_match(wish, TERMS, [elsewhere, there], TeacherTime(), rules())
    assert isinstance(found, Match)
    assert found.chosen.diary is there
    reasons = why_this(found, wish, TERMS, TeacherTime())
    assert "there_already" in [reason.code for reason in reasons]


ways = st.dictionaries(
    st.tuples(st.sampled_from(sorted(EVERYWHERE)), st.sampled_from(sorted(EVERYWHERE))),
    st.integers(0, 90),
    max_size=12,
)
asks = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(("in_person", "online"))), min_size=1, max_size=14
)


@settings(max_examples=60, deadline=None)
@given(table=ways, wanted=asks, base=st.sampled_from([None, OAK]))
def test_in_every_plan_travel_always_fits(
    table: dict[tuple[UUID, UUID], int], wanted: list[tuple[int, str]], base: UUID | None
) -> None:
    """Also where the table knows a shorter way round: each meeting is checked against all of its day."""
    travel = minutes(table)
    diaries = {
        an_id(name): a_diary(name, school_ids=EVERYWHERE, home_base=base) for name in ("ana", "bea")
    }
    requests = [a_wish(school=SCHOOLS[index], meeting=meeting) for index, meeting in wanted]
    teachers = {request.teacher.id: TeacherTime() for request in requests}
    plan(
        requests,
        {1: TERMS},
        Picture(rules=with_travel(travel), diaries=diaries, teachers=teachers),
    )
    for diary in diaries.values():
        _fits(diary, travel)


def _fits(diary: Diary, travel: Travel) -> None:
    stands = sorted(diary.stands, key=lambda stand: stand.first)
    for before, after in pairwise(stands):
        assert after.first - before.end >= travel.slots(before.school_id, after.school_id)
