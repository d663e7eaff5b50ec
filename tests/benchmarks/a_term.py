"""A term of an invented division with remote schools: who asks when, and who could come. Drawn by a seed."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import cos, sin, tau
from uuid import UUID
from zoneinfo import ZoneInfo

from services.scheduler.domain.diary import Coach
from services.scheduler.domain.request import Request
from services.scheduler.domain.travel import Spot, Travel
from shared.events.vocabulary import Person, School, Window
from tests.support.scheduler.builders import (
    COLLABORATION,
    CONSULTATION,
    LITERACY,
    READING,
)

ZONE = ZoneInfo("America/Edmonton")
BEGINS = datetime(2026, 9, 7, 14, tzinfo=UTC)  # a Monday, 8:00 there
WEEK, DAY = timedelta(weeks=1), timedelta(days=1)
_SCHOOLS, _REMOTE, _COACHES = 12, 3, 8
_NEAR_SCHOOLS_EACH, _GO_FAR = 5, 4
_ASKS_A_DAY, _ASKING_WEEKS, _ASKED_AHEAD = 20, 10, 8
_TEACHERS_EACH, _WINDOWS_EACH = 8, 4
_MODES = (CONSULTATION, COLLABORATION)


@dataclass(frozen=True, kw_only=True)
class Term:
    """Everybody, and every ask in the order in which they come."""

    schools: Sequence[School]
    remote: frozenset[UUID]
    coaches: Sequence[Coach]
    travel: Travel
    asks: Sequence[Request]
    weeks: int = _ASKING_WEEKS + 6


def a_term(seed: int, load: float) -> Term:
    """Twelve schools, three of them remote and served by few; eight coaches; `load` times 20 asks a day."""
    draw = random.Random(seed)  # noqa: S311  -- invented people, the same each time
    schools = [
        School(
            id=_an_id(draw),
            name=f"Remote {n - 8}" if n >= _SCHOOLS - _REMOTE else f"School {n + 1}",
        )
        for n in range(_SCHOOLS)
    ]
    near, far = schools[:-_REMOTE], schools[-_REMOTE:]
    spots = {school.id: _spot(draw, is_far=school in far) for school in schools}
    coaches = [_coach(draw, number, near, far) for number in range(_COACHES)]
    return Term(
        schools=schools,
        remote=frozenset(school.id for school in far),
        coaches=coaches,
        travel=Travel(spots=spots, kmh=60),
        asks=_asks(draw, schools, load),
    )


def _coach(
    draw: random.Random, number: int, near: Sequence[School], far: Sequence[School]
) -> Coach:
    hers = [school.id for school in draw.sample(near, _NEAR_SCHOOLS_EACH)]
    goes_far = [far[number % len(far)].id] if number < _GO_FAR else []
    return Coach(
        person=_person(draw, f"Coach {number + 1}"),
        online_address="",
        sessions_per_day=5,
        weekly_minutes=900,
        offers=frozenset((LITERACY, mode) for mode in _MODES),
        school_ids=frozenset([*hers, *goes_far]),
        home_base=hers[0],
    )


def _asks(draw: random.Random, schools: Sequence[School], load: float) -> Sequence[Request]:
    teachers = {
        school.id: [_person(draw, f"Teacher {n}") for n in range(_TEACHERS_EACH)]
        for school in schools
    }
    asks = []
    for day in range(7 * _ASKING_WEEKS):
        count = max(round(draw.gauss(_ASKS_A_DAY * load, 4)), 0) if day % 7 < 5 else 0
        for _ in range(count):
            school = draw.choice(schools)
            at = BEGINS + day * DAY + timedelta(minutes=draw.randrange(480))
            teacher = draw.choice(teachers[school.id])
            asks.append(_ask(draw, school, teacher, at))
    return sorted(asks, key=lambda ask: ask.waiting_since)


def _ask(draw: random.Random, school: School, teacher: Person, at: datetime) -> Request:
    """She names four times of her week for eight weeks, none before another."""
    monday = BEGINS + (at - BEGINS) // WEEK * WEEK - timedelta(hours=8)
    windows = []
    for _ in range(_WINDOWS_EACH):
        starts = timedelta(days=draw.randrange(5), hours=draw.randrange(9, 14))
        for week in range(_ASKED_AHEAD):
            begins = monday + week * WEEK + starts
            if begins > at:
                windows.append(Window(starts_at=begins, ends_at=begins + timedelta(minutes=90)))
    return Request(
        id=_an_id(draw),
        waiting_since=at,
        model_version=1,
        teacher=teacher,
        school=school,
        room="Room 1",
        topic=READING,
        support_mode=draw.choice(_MODES),
        coach_types=(LITERACY,),
        meeting="in_person",
        windows=tuple(sorted(windows, key=lambda window: window.starts_at)),
    )


def _spot(draw: random.Random, *, is_far: bool) -> Spot:
    angle = draw.random() * tau
    degrees = draw.uniform(0.5, 0.8) if is_far else draw.uniform(0, 0.1)
    latitude = 53.5 + degrees * cos(angle)
    return Spot(latitude=latitude, longitude=-113.5 + degrees * sin(angle) * 1.6)


def _person(draw: random.Random, name: str) -> Person:
    return Person(id=_an_id(draw), name=name, email=f"{name}@example.org".replace(" ", "."))


def _an_id(draw: random.Random) -> UUID:
    return UUID(int=draw.getrandbits(128))
