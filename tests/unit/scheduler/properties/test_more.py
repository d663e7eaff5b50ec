"""For one request, more never means less: another hour, coach, window or a higher cap ends no match."""

from dataclasses import replace
from datetime import time, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from services.scheduler.domain.availability import ExceptionKind, HoursException, WeeklyHours
from services.scheduler.domain.candidate import Match
from services.scheduler.domain.matching import find_match
from services.scheduler.domain.request import Request
from shared.events.vocabulary import SchoolWindow, Window
from tests.unit.scheduler.properties.worlds import TERMS, CoachFacts, World, examples, worlds


def matched(world: World, ask: Request, coaches: tuple[CoachFacts, ...] | None = None) -> bool:
    diaries = [world.diary(facts) for facts in (world.coaches if coaches is None else coaches)]
    teacher = world.teacher(ask.teacher.id)
    return isinstance(find_match(ask, TERMS, diaries, teacher, world.rules), Match)


def stays_matched(world: World, more: World) -> None:
    for ask, again in zip(world.asks, more.asks, strict=True):
        assert matched(more, again) or not matched(world, ask)


@examples(30)
@given(worlds(coaches=2, asks=4), st.integers(1, 5), st.integers(7, 17), st.booleans())
def test_one_more_hour(world: World, weekday: int, hour: int, once: bool) -> None:
    facts, *others = world.coaches
    starts, ends = time(hour), time(hour, 50)
    if once:
        day = world.monday + timedelta(days=weekday - 1)
        extra = HoursException(day=day, kind=ExceptionKind.EXTRA, starts=starts, ends=ends)
        more = replace(facts, exceptions=(*facts.exceptions, extra))
    else:
        stretch = WeeklyHours(on=weekday, starts=starts, ends=ends)
        more = replace(facts, hours=(*facts.hours, stretch))
    stays_matched(world, replace(world, coaches=(more, *others)))


@examples(25)
@given(worlds(coaches=3, asks=4))
def test_one_more_coach(world: World) -> None:
    assume(len(world.coaches) > 1)
    for ask in world.asks:
        assert matched(world, ask) or not matched(world, ask, world.coaches[:-1])


@examples(30)
@given(worlds(coaches=1, asks=4), st.sampled_from(("day", "week", "one day", "cycles", "floor")))
def test_a_higher_cap(world: World, which: str) -> None:
    (facts,) = world.coaches
    coach = facts.coach
    match which:
        case "day":
            coach = replace(coach, sessions_per_day=coach.sessions_per_day + 1)
        case "week":
            coach = replace(coach, weekly_minutes=coach.weekly_minutes + 45)
        case "one day":
            ceilings = {day: ceiling + 1 for day, ceiling in facts.day_ceilings.items()}
            facts = replace(facts, day_ceilings=ceilings)
        case "cycles":
            facts = replace(facts, cycles_free=facts.cycles_free + 1)
        case _:
            facts = replace(facts, floor=max(facts.floor - 30, 0))
    stays_matched(world, replace(world, coaches=(replace(facts, coach=coach),)))


@examples(25)
@given(worlds(coaches=1, asks=4))
def test_less_in_the_way(world: World) -> None:
    """One meeting less, a shorter way, no buffer, no other appointment."""
    (facts,) = world.coaches
    stays_matched(world, replace(world, ways={way: m // 2 for way, m in world.ways.items()}))
    stays_matched(world, replace(world, busy={}))
    fewer = (
        replace(facts, meetings=facts.meetings[1:]),
        replace(facts, outside=()),
        replace(facts, notice=None),
        replace(facts, coach=replace(facts.coach, buffer=0)),
        replace(facts, coach=replace(facts.coach, home_base=None)),
    )
    for less in fewer:
        stays_matched(world, replace(world, coaches=(less,)))


@examples(30)
@given(worlds(coaches=2, asks=4), st.integers(0, 9), st.integers(7, 15), st.booleans())
def test_one_more_window(world: World, day: int, hour: int, named: bool) -> None:
    """Who named no time at all asked for any: her no window widens."""
    asks = tuple(ask for ask in world.asks if ask.windows or ask.school_windows)
    starts_at = world.at(day, hour * 60)
    window = Window(starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))
    more = tuple(
        replace(ask, school_windows=(*ask.school_windows, SchoolWindow(period="2")))
        if named
        else replace(ask, windows=(*ask.windows, window))
        for ask in asks
    )
    stays_matched(replace(world, asks=asks), replace(world, asks=more))
