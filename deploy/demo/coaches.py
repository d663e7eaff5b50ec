"""Invent the coaches' work: types by what the model covers, schools, modes, hours, days away.

The promise: every school is served by every coach type, in every support mode of that type, so that
an ask in remit is never turned away by the demo's own gaps.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta
from math import ceil
from uuid import UUID

from deploy.demo import names
from deploy.demo.division import DOMAIN, Away, Coach, Hours, Person, School
from deploy.demo.draw import Draw, shares
from services.request_intake.domain.coaching_model import CoachingModel, CoachType

_OVERLAP = 2.0  # nearly every school has a second coach of the type to turn to
_FEWEST_SCHOOLS = 3
_WHOLE_WEEK = (0, 1, 2, 3, 4)
_WEEKS = (
    *(_WHOLE_WEEK,) * 6,
    (0, 1, 2, 3),
    (1, 2, 3, 4),
    (0, 1, 3, 4),
    (0, 2, 4),
)
_EIGHT, _BEFORE_NOON, _LUNCH, _AT_SCHOOL = 8 * 60, 11 * 60 + 45, 45, 7 * 60 + 30  # minutes
_NOON, _EVENING = time(12), time(17)
_AWAY = (  # first day, days, from, to: conferences, training, appointments
    (date(2026, 12, 3), 2, None, None),
    (date(2027, 1, 28), 1, None, None),
    (date(2027, 2, 9), 1, _NOON, _EVENING),
    (date(2027, 2, 16), 3, None, None),
    (date(2027, 4, 22), 2, None, None),
    (date(2027, 5, 13), 1, _NOON, _EVENING),
)
_SHARE_AWAY = 0.25
_SHARE_NARROWED = 0.3


def invent(
    people: Sequence[Person], schools: Sequence[School], model: CoachingModel, seed: int
) -> tuple[Coach, ...]:
    """Give each of `people` a coach's work, under the model."""
    draw = Draw(seed, "coaches")
    coaches: list[Coach] = []
    remaining = list(people)
    for coach_type, count in _types(len(people), model):
        team, remaining = remaining[:count], remaining[count:]
        offers = modes_of(coach_type.key, model)
        coaches += _team(team, coach_type, offers, schools, draw)
    return tuple(coaches)


def modes_of(coach_type: str, model: CoachingModel) -> tuple[str, ...]:
    """The support modes that the model allows the type anywhere, in the model's order."""
    allowed = {c.support_mode for c in model.combinations() if c.coach_type == coach_type}
    return tuple(mode.key for mode in model.support_modes if mode.key in allowed)


def _types(count: int, model: CoachingModel) -> list[tuple[CoachType, int]]:
    """How many coaches a type gets: by the number of topics that it covers."""
    covered = {(c.coach_type, c.topic) for c in model.combinations()}
    topics = Counter(coach_type for coach_type, _ in covered)
    parts = shares(count, [topics[coach_type.key] for coach_type in model.coach_types])
    return list(zip(model.coach_types, parts, strict=True))


def _team(
    team: Sequence[Person],
    coach_type: CoachType,
    modes: tuple[str, ...],
    schools: Sequence[School],
    draw: Draw,
) -> Iterator[Coach]:
    served = _rounds(len(team), [school.id for school in schools], draw)
    offered = _offers(served, modes, draw)
    for person, school_ids, offers in zip(team, served, offered, strict=True):
        days = draw.one_of(_WEEKS)
        yield Coach(
            person=person,
            coach_type=coach_type.key,
            modes=offers,
            school_ids=school_ids,
            hours=_hours(days, draw),
            away=_away(draw),
            sessions_per_day=coach_type.caps.sessions_per_day,
            weekly_minutes=coach_type.caps.weekly_minutes * len(days) // len(_WHOLE_WEEK),
            online_address=f"https://meet.{DOMAIN}/{names.plain(person.name)}",
        )


def _rounds(count: int, schools: list[UUID], draw: Draw) -> list[tuple[UUID, ...]]:
    """Neighbouring schools for each of `count` coaches, as stretches of a ring that they all cover."""
    length = min(len(schools), max(_FEWEST_SCHOOLS, ceil(_OVERLAP * len(schools) / count)))
    turn = draw.below(len(schools))
    starts = [turn + index * len(schools) // count for index in range(count)]
    return [
        tuple(schools[(start + step) % len(schools)] for step in range(length)) for start in starts
    ]


def _offers(
    served: list[tuple[UUID, ...]], modes: tuple[str, ...], draw: Draw
) -> list[tuple[str, ...]]:
    """All modes for all, but some coaches leave one out where a colleague offers it at each school."""
    offers = [set(modes) for _ in served]
    for index, schools in enumerate(served):
        if not draw.happens(_SHARE_NARROWED):
            continue
        mode = draw.one_of(modes)
        colleagues = [s for i, s in enumerate(served) if i != index and mode in offers[i]]
        if all(any(school in theirs for theirs in colleagues) for school in schools):
            offers[index].discard(mode)
    return [tuple(mode for mode in modes if mode in offer) for offer in offers]


def _hours(days: tuple[int, ...], draw: Draw) -> tuple[Hours, ...]:
    """A week of one shape a day: from the bell to after school, with lunch between."""
    begins, lunch = _EIGHT + 15 * draw.below(3), _BEFORE_NOON + 15 * draw.below(3)
    return tuple(
        Hours(weekday=day, starts=_wall(start), ends=_wall(end))
        for day in days
        for start, end in ((begins, lunch), (lunch + _LUNCH, begins + _AT_SCHOOL))
    )


def _wall(minutes: int) -> time:
    """The clock time so many minutes after midnight."""
    return time(*divmod(minutes, 60))


def _away(draw: Draw) -> tuple[Away, ...]:
    if not draw.happens(_SHARE_AWAY):
        return ()
    first, days, starts, ends = draw.one_of(_AWAY)
    return tuple(
        Away(day=first + timedelta(days=step), starts=starts, ends=ends) for step in range(days)
    )
