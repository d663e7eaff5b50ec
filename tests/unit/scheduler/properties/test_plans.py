"""What no plan does, however nasty the world: leave a remit, overlap, overload, take what is protected."""

from collections import Counter
from itertools import combinations, pairwise

from hypothesis import given

from tests.unit.scheduler.properties.by_hand import ByHand, Taken
from tests.unit.scheduler.properties.plans import busy_as_anything, new_of, placed
from tests.unit.scheduler.properties.worlds import NEAR, TERMS, World, examples, worlds

published = {(c.coach_type, c.topic, c.support_mode) for c in TERMS.combinations}


@examples(40)
@given(worlds(coaches=3, asks=8))
def test_nothing_is_booked_out_of_remit(world: World) -> None:
    for one in placed(world, ByHand(world)):
        coach, ask = one.facts.coach, one.ask
        assert (one.coach_type, ask.topic, ask.support_mode) in published
        assert one.coach_type in ask.coach_types
        assert (one.coach_type, ask.support_mode) in coach.offers
        assert ask.school.id in coach.school_ids
        assert ask.teacher.id != coach.person.id
        assert coach.person.id not in world.appraisers.get(ask.teacher.id, ())


@examples(40)
@given(worlds(coaches=3, asks=8))
def test_nobody_is_in_two_meetings_at_once_in_whichever_part(world: World) -> None:
    """Ana asks, too: what she has as a coach and what she asked for are one person's time."""
    by_hand = ByHand(world)
    new = placed(world, by_hand)
    for one in new:
        assert not by_hand.busy(one.facts.outside) & set(one.slots)
    mine = {(one.facts.coach.person.id, one.slots) for one in new}
    mine |= {(one.ask.teacher.id, one.slots) for one in new}
    for person_id, spans in busy_as_anything(new, by_hand).items():
        for one, other in combinations(sorted(spans, key=lambda span: span.start), 2):
            if (person_id, one) in mine or (person_id, other) in mine:
                assert one.stop <= other.start


@examples(40)
@given(worlds(coaches=3, asks=8))
def test_no_day_no_week_and_no_number_of_cycles_goes_over_its_cap(world: World) -> None:
    by_hand = ByHand(world)
    new = placed(world, by_hand)
    for facts in world.coaches:
        mine = new_of(new, facts)
        every = [*by_hand.taken(facts.meetings), *(one.taken for one in mine)]
        for one in mine:
            day = by_hand.clock[one.taken.first][0]
            ceiling = facts.day_ceilings.get(
                (day - world.monday).days, facts.coach.sessions_per_day
            )
            assert sum(by_hand.clock[t.first][0] == day for t in every) <= ceiling
            week = by_hand.week(one.taken.first)
            that_week = [t for t in every if by_hand.week(t.first) == week]
            assert sum(t.minutes for t in that_week) <= facts.coach.weekly_minutes
        cycles = {one.ask.id for one in mine if one.ask.meetings > 1}
        assert len(cycles) <= facts.cycles_free


@examples(40)
@given(worlds(coaches=3, asks=8))
def test_protected_time_is_for_the_modes_that_may_use_it(world: World) -> None:
    by_hand = ByHand(world)
    new = placed(world, by_hand)
    for facts in world.coaches:
        opened, protected, _ = by_hand.works(facts)
        others = [one for one in new_of(new, facts) if not one.taken.uses_protected]
        every = [*by_hand.taken(facts.meetings), *(one.taken for one in others)]
        for one in others:
            assert not protected & set(one.slots)
            week = by_hand.week(one.taken.first)
            used = [t for t in every if by_hand.week(t.first) == week and not t.uses_protected]
            left = max(facts.coach.weekly_minutes - facts.floor, 0)
            assert sum(t.minutes for t in used) <= left
        assert all(set(one.slots) <= opened for one in new_of(new, facts))


@examples(40)
@given(worlds(coaches=3, asks=8))
def test_every_meeting_stands_where_she_asked_and_with_notice(world: World) -> None:
    by_hand = ByHand(world)
    first: dict[object, int] = {}
    for one in placed(world, by_hand):
        online = one.taken.school_id is None
        assert set(one.slots) <= by_hand.wanted(one.ask, online=online)
        assert by_hand.in_time(one.facts, one.taken.first)
        first.setdefault(one.ask.id, by_hand.week(one.taken.first))
    assert all(week < NEAR for week in first.values())


@examples(60)
@given(worlds(coaches=2, asks=8))
def test_she_gets_from_each_meeting_to_the_next_with_her_buffer_and_to_her_base(
    world: World,
) -> None:
    by_hand = ByHand(world)
    new = placed(world, by_hand)
    for facts in world.coaches:
        mine = {one.taken for one in new_of(new, facts)}
        every = sorted((*by_hand.taken(facts.meetings), *mine), key=lambda taken: taken.first)
        for before, after in pairwise(every):
            if before in mine or after in mine:
                assert after.first - before.end >= facts.coach.buffer
        for day in {by_hand.clock[taken.first][0] for taken in mine}:
            that_day = [t for t in every if by_hand.clock[t.first][0] == day]
            _drives(by_hand, that_day, mine)


def _drives(by_hand: ByHand, day: list[Taken], mine: set[Taken]) -> None:
    """From school to school there is time to drive: all at once, and in no meeting."""
    stands = [taken for taken in day if taken.school_id is not None]
    for before, after in pairwise(stands):
        between = [t for t in day if before.end <= t.first and t.end <= after.first]
        if mine & {before, after, *between}:
            borders = [before.end, *(b for t in between for b in (t.first, t.end)), after.first]
            free = [borders[n + 1] - borders[n] for n in range(0, len(borders), 2)]
            assert max(free) >= by_hand.way(before.school_id, after.school_id)


@examples(30)
@given(worlds(coaches=3, asks=8))
def test_a_cycle_is_booked_whole_with_one_coach_and_a_week_to_each_meeting(world: World) -> None:
    by_hand = ByHand(world)
    cycles = [one for one in placed(world, by_hand) if one.ask.meetings > 1]
    count = Counter(one.ask.id for one in cycles)
    for ask_id, meetings in count.items():
        of_it = [one for one in cycles if one.ask.id == ask_id]
        assert meetings == of_it[0].ask.meetings
        assert len({one.facts.coach.person.id for one in of_it}) == 1
        assert len({by_hand.week(one.taken.first) for one in of_it}) == meetings
