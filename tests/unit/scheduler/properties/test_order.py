"""The same answer in whatever order things come: coaches, asks, hours, meetings, ways.

Only the windows of an ask are in an order that she means: what she named first is dearer to her. But
whether there is a time does not hang on it.
"""

import random
from dataclasses import replace
from typing import TypeVar

from hypothesis import given
from hypothesis import strategies as st

from services.scheduler.domain.candidate import Match
from services.scheduler.domain.matching import starts_with
from services.scheduler.domain.planning import Decision, Picture, plan
from tests.unit.scheduler.properties.worlds import TERMS, CoachFacts, World, examples, worlds

shuffles = st.integers(0, 99).map(random.Random)


T = TypeVar("T")


def mixed(order: random.Random, things: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(order.sample(things, len(things)))


def shuffled(world: World, order: random.Random) -> World:
    """The same world, told in another order."""
    return replace(
        world,
        schools=mixed(order, world.schools),
        coaches=tuple(_coach(facts, order) for facts in mixed(order, world.coaches)),
        asks=mixed(order, world.asks),
        ways=dict(mixed(order, tuple(world.ways.items()))),
    )


def _coach(facts: CoachFacts, order: random.Random) -> CoachFacts:
    return replace(
        facts,
        hours=mixed(order, facts.hours),
        exceptions=mixed(order, facts.exceptions),
        meetings=mixed(order, facts.meetings),
        outside=mixed(order, facts.outside),
    )


def told(decisions: list[Decision]) -> list[object]:
    """Everything that anybody is told of it: who, when, the points, and what the others lacked."""
    return [
        (
            decision.request.id,
            [
                (c.coach_id, c.coach_type, c.verdict, c.slots, c.points)
                for c in decision.found.candidates
            ],
            decision.found.chosen.coach_id if isinstance(decision.found, Match) else None,
        )
        for decision in decisions
    ]


def planned(picture: Picture, world: World) -> list[object]:
    return told(plan(world.asks, {1: TERMS}, picture))


@examples(40)
@given(worlds(coaches=3, asks=6), shuffles)
def test_a_plan_and_its_reasons_do_not_depend_on_the_order_of_anything(
    world: World, order: random.Random
) -> None:
    other = shuffled(world, order)
    assert planned(world.picture, world) == planned(other.picture, other)


@examples(20)
@given(worlds(coaches=2, asks=6))
def test_the_same_question_twice_has_the_same_answer(world: World) -> None:
    assert planned(world.picture, world) == planned(world.picture, world)


@examples(30)
@given(worlds(coaches=1, asks=6), shuffles)
def test_the_same_times_fit_in_whatever_order_she_names_her_windows(
    world: World, order: random.Random
) -> None:
    (facts,), rules = world.coaches, world.rules
    for ask in world.asks:
        diary, teacher = world.diary(facts), world.teacher(ask.teacher.id)
        other = replace(
            ask,
            windows=mixed(order, ask.windows),
            school_windows=mixed(order, ask.school_windows),
        )
        first, second = (starts_with(one, TERMS, diary, teacher, rules) for one in (ask, other))
        assert first == second
