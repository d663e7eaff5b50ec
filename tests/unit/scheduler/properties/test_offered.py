"""What is offered can be booked, and nothing that can be booked is hidden: once by bits, once by hand."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given

from services.scheduler.domain.availability import slots_in
from services.scheduler.domain.candidate import Match, NoMatch
from services.scheduler.domain.free_times import WantedTime, starts_on
from services.scheduler.domain.matching import find_match, match_at, starts_with
from services.scheduler.domain.request import Request
from tests.unit.scheduler.properties.by_hand import ByHand
from tests.unit.scheduler.properties.worlds import NOTICE, TERMS, World, examples, worlds


@examples(50)
@given(worlds(coaches=1, asks=6))
def test_every_start_that_fits_is_offered_and_no_other(world: World) -> None:
    (facts,), by_hand, rules = world.coaches, ByHand(world), world.rules
    for ask in world.asks:
        diary, teacher = world.diary(facts), world.teacher(ask.teacher.id)
        told = starts_with(ask, TERMS, diary, teacher, rules)
        assert set(slots_in(told, diary.horizon)) == by_hand.starts(facts, ask)


@examples(30)
@given(worlds(coaches=1, asks=4))
def test_each_offered_start_is_booked_when_it_is_chosen_and_no_other_is(world: World) -> None:
    """`match_at` is what a moved meeting, a hand-over and a held time go through."""
    (facts,), by_hand, rules = world.coaches, ByHand(world), world.rules
    for ask in world.asks:
        diary, teacher = world.diary(facts), world.teacher(ask.teacher.id)
        fits = by_hand.starts(facts, ask)
        for slot in sorted(fits)[:3] + [n for n in range(90, 3_000, 111) if n not in fits]:
            found = match_at(ask, TERMS, diary, teacher, rules, slot=slot)
            assert (found is not None) == (slot in fits)
            assert found is None or found.chosen.slot == slot


@examples(40)
@given(worlds(coaches=3, asks=4))
def test_who_waits_has_no_time_with_anybody_and_who_is_matched_has_it(world: World) -> None:
    by_hand, rules = ByHand(world), world.rules
    diaries = [world.diary(facts) for facts in world.coaches]
    for ask in world.asks:
        found = find_match(ask, TERMS, diaries, world.teacher(ask.teacher.id), rules)
        fits = {facts.coach.person.id: by_hand.starts(facts, ask) for facts in world.coaches}
        match found:
            case NoMatch():
                assert not any(fits.values())
            case Match():
                assert found.chosen.slot in fits[found.chosen.coach_id]
                _goes_on(world, by_hand, ask, found)


def _goes_on(world: World, by_hand: ByHand, ask: Request, found: Match) -> None:
    """Of a cycle all meetings are there, each fits, and they keep their cadence."""
    facts = next(f for f in world.coaches if f.coach.person.id == found.chosen.coach_id)
    slots = found.chosen.slots
    assert len(slots) == ask.meetings
    assert set(slots) <= by_hand.single_starts(facts, ask)
    weeks = [by_hand.week(slot) for slot in slots]
    assert all(
        later - week >= TERMS.modes[ask.support_mode].weeks_between
        for week, later in pairwise(weeks)
    )


@examples(40)
@given(worlds(coaches=1))
def test_the_free_times_of_a_day_are_those_at_which_anybody_could_be_booked(world: World) -> None:
    """Whoever asks, wherever: so without the way there, which is not known yet."""
    (facts,) = world.coaches
    world = replace(world, ways={})
    by_hand, diary = ByHand(world), world.diary(facts)
    meetings, (opened, protected, _) = by_hand.taken(facts.meetings), by_hand.works(facts)
    free = opened - by_hand.busy(facts.outside) - protected
    wanted = WantedTime(coach_id=facts.coach.person.id, day=world.monday, minutes=35)
    for day in by_hand.by_day:
        told = starts_on(diary, replace(wanted, day=day), world.now + NOTICE)
        assert list(told) == [
            by_hand.instant(slot)
            for slot in by_hand.by_day[day]
            if by_hand.clock[slot][1] % 15 == 0
            and set(range(slot, slot + 7)) <= free
            and by_hand.in_time(facts, slot)
            and by_hand.within_caps(facts, meetings, slot, 35, uses_protected=False)
            and by_hand.gets_there(facts, meetings, free, None, slot, slot + 7)
        ]
