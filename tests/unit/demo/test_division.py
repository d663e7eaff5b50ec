"""The demo division: the same from the same seed, complete, and in remit."""

import hashlib
import json
from collections import Counter, defaultdict
from functools import cache
from itertools import pairwise, product
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.demo.coaches import modes_of
from deploy.demo.division import CITY, SIZES, SMALL, Division, Size
from deploy.demo.draw import Draw, shares
from deploy.demo.generate import division
from deploy.demo.names import plain
from services.request_intake.domain.coaching_model import CoachingModel
from services.request_intake.domain.model_document import read
from shared.events.vocabulary import Combination

_STARTER = Path(__file__).parents[3] / "deploy/starter/coaching_model.json"
_TINY = Size(name="tiny", schools=5, teachers=60, coaches=9, past_sessions=150)


@cache
def _model() -> CoachingModel:
    return read(json.loads(_STARTER.read_text()))


_generated = cache(lambda size, seed: division(size, _model(), seed))


def _made(size: Size, seed: int = 3) -> Division:
    return _generated(size, seed)


def _fingerprint(made: Division) -> str:
    return hashlib.sha256(repr(made).encode()).hexdigest()


@pytest.fixture(params=sorted(SIZES))
def made(request: pytest.FixtureRequest) -> Division:
    return _made(SIZES[request.param])


def test_the_same_seed_makes_the_same_division_byte_for_byte() -> None:
    again = division(SMALL, _model(), 3)
    assert repr(again).encode() == repr(_made(SMALL)).encode()


def test_the_small_division_of_the_usual_seed_is_the_one_that_was_always_made() -> None:
    people = "\n".join(f"{p.id} {p.name} {p.email} {p.room}" for p in _made(SMALL).people)
    assert hashlib.sha256(people.encode()).hexdigest()[:16] == "4dd40c0bdc11a2c5"


def test_another_seed_makes_another_division() -> None:
    assert _fingerprint(_made(_TINY, 4)) != _fingerprint(_made(_TINY, 5))


def test_the_counts_are_exactly_those_of_the_size(made: Division) -> None:
    roles = Counter(person.role for person in made.people)
    assert len(made.schools) == made.size.schools
    assert roles == {
        "teacher": made.size.teachers,
        "coach": made.size.coaches,
        "leader": made.size.schools,
        "admin": 1,
    }
    assert len(made.coaches) == made.size.coaches
    assert len(made.past_sessions) == made.size.past_sessions


def test_ids_are_version_7_and_none_is_used_twice(made: Division) -> None:
    ids = [
        *(s.id for s in made.schools),
        *(p.id for p in made.people),
        *(i for s in made.past_sessions for i in (s.id, s.request_id)),
    ]
    assert len(set(ids)) == len(ids)
    assert {i.version for i in ids} == {7}


def test_addresses_are_ascii_at_example_org_and_nobody_shares_one(made: Division) -> None:
    addresses = [person.email for person in made.people]
    assert len(set(addresses)) == len(addresses)
    assert all(a.isascii() and a.endswith(".example.org") and " " not in a for a in addresses)


def test_every_school_has_its_own_key_name_leader_and_teachers(made: Division) -> None:
    assert (
        len({s.key for s in made.schools})
        == len({s.name for s in made.schools})
        == len(made.schools)
    )
    for role in ("leader", "teacher"):
        at = {p.school_ids[0] for p in made.people if p.role == role}
        assert at == {s.id for s in made.schools}


def test_no_two_teachers_of_a_school_have_the_same_room(made: Division) -> None:
    rooms = [(p.school_ids[0], p.room) for p in made.teachers]
    assert len(set(rooms)) == len(rooms)
    assert all(room for _, room in rooms)


@pytest.mark.parametrize(
    ("size", "seed"), [(SMALL, 1), (SMALL, 2), (SMALL, 3), (_TINY, 1), (_TINY, 2), (CITY, 3)]
)
def test_every_school_is_served_by_every_type_in_every_mode_of_that_type(
    size: Size, seed: int
) -> None:
    made = _made(size, seed)
    served = {
        (school, coach.coach_type, mode)
        for coach in made.coaches
        for school, mode in product(coach.school_ids, coach.modes)
    }
    wanted = {
        (school.id, coach_type.key, mode)
        for school in made.schools
        for coach_type in _model().coach_types
        for mode in modes_of(coach_type.key, _model())
    }
    assert wanted <= served


def test_every_coach_serves_several_schools_once_each(made: Division) -> None:
    assert all(len(set(c.school_ids)) == len(c.school_ids) >= 3 for c in made.coaches)


def test_some_coaches_work_part_time_and_some_leave_a_mode_to_colleagues() -> None:
    made = _made(CITY)
    assert {len(c.hours) for c in made.coaches} == {6, 8, 10}
    assert {len(c.modes) for c in made.coaches} == {3, 4}
    assert 0 < sum(bool(c.away) for c in made.coaches) < len(made.coaches) / 2


def test_hours_lie_on_weekdays_with_lunch_between_and_do_not_overlap(made: Division) -> None:
    for coach in made.coaches:
        by_day = defaultdict(list)
        for hours in coach.hours:
            by_day[hours.weekday].append((hours.starts, hours.ends))
        assert set(by_day) <= set(range(5))
        assert all(am[1] < pm[0] for am, pm in by_day.values())


def test_nobody_is_in_two_past_sessions_at_once() -> None:
    diaries = defaultdict(list)
    for session in _made(CITY).past_sessions:
        diaries[session.coach.person.id].append((session.starts_at, session.ends_at))
        diaries[session.teacher.id].append((session.starts_at, session.ends_at))
    for diary in diaries.values():
        assert all(before[1] <= after[0] for before, after in pairwise(sorted(diary)))


def test_past_sessions_are_in_remit_at_a_school_served_and_in_the_coach_s_hours() -> None:
    made = _made(CITY)
    allowed = set(_model().combinations())
    zone = ZoneInfo(made.zone)
    for s in made.past_sessions:
        topic = Combination(coach_type=s.coach.coach_type, topic=s.topic, support_mode=s.mode.key)
        assert topic in allowed
        assert s.mode.key in s.coach.modes
        assert s.mode.online_ok or not s.online
        assert s.school.id in s.coach.school_ids
        assert s.teacher.school_ids == (s.school.id,)
        begins, ends = s.starts_at.astimezone(zone), s.ends_at.astimezone(zone)
        assert any(
            h.weekday == begins.weekday() and h.starts <= begins.time() and ends.time() <= h.ends
            for h in s.coach.hours
        )


def test_past_sessions_keep_the_coach_s_caps() -> None:
    made = _made(CITY)
    days, weeks = Counter(), Counter()
    of = {c.person.id: c for c in made.coaches}
    for s in made.past_sessions:
        coach, day = s.coach.person.id, s.starts_at.date()
        days[coach, day] += 1
        weeks[coach, day.isocalendar()[:2]] += s.mode.minutes
    assert all(n <= of[coach].sessions_per_day for (coach, _), n in days.items())
    assert all(n <= of[coach].weekly_minutes for (coach, _), n in weeks.items())


@given(
    total=st.integers(0, 10_000),
    weights=st.lists(st.floats(0.1, 1000), min_size=1, max_size=40),
)
def test_shares_add_up_and_each_is_within_one_of_fair(total: int, weights: list[float]) -> None:
    parts = shares(total, weights)
    assert sum(parts) == total
    fair = [total * w / sum(weights) for w in weights]
    assert all(abs(part - f) < 1 + 1e-6 for part, f in zip(parts, fair, strict=True))


@given(seed=st.integers(), things=st.lists(st.integers(), max_size=30))
@settings(max_examples=30)
def test_shuffling_loses_nothing_and_depends_only_on_the_seed(seed: int, things: list[int]) -> None:
    first = Draw(seed, "cards").shuffled(things)
    assert sorted(first) == sorted(things)
    assert first == Draw(seed, "cards").shuffled(things)


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("Łucja Nørgaard", "lucja-norgaard"),
        ("Zoë O'Hearn", "zoe-ohearn"),
        ("Willow Bend", "willow-bend"),
    ],
)
def test_names_are_spelled_in_the_letters_of_an_address(name: str, spelled: str) -> None:
    assert plain(name) == spelled
