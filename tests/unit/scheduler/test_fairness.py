"""Who comes first, whose coaches are spared, who may not, and how a load is reckoned."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from services.scheduler.domain.answer import IN_WORDS
from services.scheduler.domain.candidate import Match, NoMatch, Verdict
from services.scheduler.domain.diary import Diary, TeacherTime
from services.scheduler.domain.fairness import CoachAtWork, SchoolWait, Stay, Turns, loads
from services.scheduler.domain.matching import find_match
from services.scheduler.domain.reasons import why_this, why_waiting
from services.scheduler.domain.request import Request
from services.scheduler.domain.rules import Rules
from services.scheduler.domain.travel import Travel
from services.scheduler.domain.weights import OF_CANDIDATES, REWARDS, Weights, faults
from tests.support.scheduler.builders import LARCH, LITERACY, MONDAY, a_window, an_id
from tests.support.scheduler.domain import TERMS, a_diary, a_wish, hours, rules

TODAY = MONDAY.date()
DAY = timedelta(days=1)
BIRCH, OAK = an_id("birch"), an_id("oak")


def matched(
    request: Request,
    *diaries: Diary,
    teacher: TeacherTime | None = None,
    by: Rules | None = None,
) -> Match:
    found = find_match(request, TERMS, diaries, teacher or TeacherTime(), by or rules())
    assert isinstance(found, Match)
    return found


def chosen(found: Match) -> str:
    return found.chosen.diary.coach.person.name


def turns(**other: object) -> Turns:
    return Turns(weights=Weights(), today=TODAY, **other)


@pytest.mark.parametrize(("left", "days"), [(20, 0.0), (14, 0.0), (7, 3.5), (0, 7.0), (-3, 7.0)])
def test_what_is_needed_soon_counts_as_waiting_longer(left: int, days: float) -> None:
    request = a_wish(needed_by=TODAY + left * DAY)
    assert turns().head_start(request) == timedelta(days=days)
    assert turns().head_start(a_wish()) == timedelta(0)


def test_a_school_that_waits_longer_than_others_comes_sooner() -> None:
    waits = {LARCH.id: SchoolWait(asks=5, days=12.0), OAK: SchoolWait(asks=95, days=4.0)}
    by = turns(waits=waits, mean=4.4)
    assert by.head_start(a_wish()) == timedelta(hours=91)  # half of 7.6 days: five asks tell half
    elsewhere = a_wish(school=replace(LARCH, id=OAK))
    assert by.head_start(elsewhere) == timedelta(0)


def test_who_lost_a_told_time_comes_before_everybody_with_a_head_start() -> None:
    urgent = a_wish(head_start=timedelta(days=30))
    lost = a_wish(ahead=True, waiting_since=MONDAY + DAY)
    assert min([urgent, lost], key=lambda request: request.turn) is lost


def test_a_coach_who_is_rare_elsewhere_is_spared_where_another_can_help() -> None:
    next_week = hours(7, 8, 16)
    rare = a_diary("ana", free=next_week, fewest={LITERACY: 1})
    other = a_diary("bea", free=next_week, fewest={LITERACY: 4})
    by = replace(rules(), coaches={(LARCH.id, LITERACY): 4})
    for order in permutations([rare, other]):
        found = matched(a_wish(), *order, by=by)
        assert chosen(found) == "Bea"
    reasons = why_this(found, a_wish(), TERMS, TeacherTime())
    assert "spares_the_rare" not in [reason.code for reason in reasons]  # they were equal else
    busy = a_diary("bea", free=next_week, fewest={LITERACY: 4}, minutes=[600, 0])
    found = matched(a_wish(), rare, busy, by=by)
    assert chosen(found) == "Bea"
    reasons = why_this(found, a_wish(), TERMS, TeacherTime())
    assert "spares_the_rare" in [reason.code for reason in reasons]


def test_a_rare_coachs_time_that_is_near_is_not_kept_and_not_lost() -> None:
    rare = a_diary(
        "ana", free=hours(0, 8, 16) | hours(3, 8, 16) | hours(7, 8, 16), fewest={LITERACY: 1}
    )
    by = replace(rules(), coaches={(LARCH.id, LITERACY): 4})
    earned = []
    for hour in (2, 3 * 24 + 2, 7 * 24 + 2):
        windows = (a_window(MONDAY + timedelta(hours=hour), 60),)
        points = matched(a_wish(windows=windows), rare, by=by).chosen.points
        assert points
        earned.append(round(points.rarity, 1))
    assert earned == pytest.approx([20, 11, 5], abs=0.5)


def test_a_coach_who_is_rare_is_not_spared_at_the_school_that_needs_her() -> None:
    rare = a_diary("ana", fewest={LITERACY: 1})
    by = replace(rules(), coaches={(LARCH.id, LITERACY): 1})
    points = matched(a_wish(), rare, by=by).chosen.points
    assert points
    assert points.rarity == by.weights.rarity


def test_before_stock_was_taken_nobody_is_rare() -> None:
    points = matched(a_wish(), a_diary("ana")).chosen.points
    assert points
    assert points.rarity == Weights().rarity


def test_the_window_that_she_named_first_is_dearer() -> None:
    late = a_window(MONDAY + timedelta(hours=6), 30)
    early = a_window(MONDAY + timedelta(hours=2), 30)
    horizon = rules().horizon
    for windows, dear in (((late, early), late), ((early, late), early)):
        found = matched(a_wish(windows=windows), a_diary())
        assert horizon.instant(found.chosen.slot) == dear.starts_at


def test_a_window_named_first_is_worth_no_more_than_a_day() -> None:
    """The weights say how much: 5 of a meeting soon's 60 in a fortnight."""
    first = a_window(MONDAY + 4 * DAY + timedelta(hours=2), 30)
    second = a_window(MONDAY + DAY + timedelta(hours=2), 30)
    found = matched(a_wish(windows=(first, second)), a_diary())
    assert rules().horizon.instant(found.chosen.slot) == second.starts_at


def test_nobody_is_coached_by_who_appraises_her() -> None:
    ana, bea = a_diary("ana"), a_diary("bea")
    teacher = TeacherTime(appraisers=frozenset({ana.coach.person.id}))
    found = matched(a_wish(), ana, bea, teacher=teacher)
    assert chosen(found) == "Bea"
    assert {c.verdict for c in found.candidates} == {Verdict.POSSIBLE, Verdict.APPRAISES}
    alone = find_match(a_wish(), TERMS, [ana], teacher, rules())
    assert isinstance(alone, NoMatch)
    assert "appraises" in [reason.code for reason in why_waiting(alone, a_wish())]


def test_between_equals_is_drawn_by_seed_and_request_and_not_by_order() -> None:
    diaries = [a_diary(word) for word in ("ana", "bea", "cy")]
    requests = [a_wish(id=an_id(n)) for n in range(30)]

    def drawn(seed: int) -> list[str]:
        by = replace(rules(), seed=seed)
        found = []
        for request in requests:
            orders = {chosen(matched(request, *order, by=by)) for order in permutations(diaries)}
            assert len(orders) == 1
            found.append(orders.pop())
        return found

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)
    assert set(drawn(1)) == {"Ana", "Bea", "Cy"}


def test_a_load_counts_what_is_done_and_what_is_booked() -> None:
    done, booked = a_diary("ana", done=300), a_diary("bea", minutes=[120, 60])
    assert (done.load, booked.load) == (300, 180)
    found = matched(a_wish(), done, booked)
    assert chosen(found) == "Bea"
    codes = [reason.code for reason in why_this(found, a_wish(), TERMS, TeacherTime())]
    assert "load" in codes


def test_who_joined_starts_at_the_mean_of_the_others() -> None:
    ana, bea, new, half = (an_id(word) for word in ("ana", "bea", "new", "half"))
    coaches = [
        CoachAtWork(id=ana, minutes=600),
        CoachAtWork(id=bea, minutes=200),
        CoachAtWork(id=new, minutes=0, joined_after=1.0),
        CoachAtWork(id=half, minutes=90, joined_after=0.5),
    ]
    found = loads(coaches, [], Travel())
    assert {key: load.minutes for key, load in found.items()} == {
        ana: 600,
        bea: 200,
        new: 400,
        half: 290,
    }


def test_ways_between_schools_and_from_her_base_and_back_count() -> None:
    ana, bea = an_id("ana"), an_id("bea")
    table = {(OAK, LARCH.id): 10, (LARCH.id, OAK): 12, (LARCH.id, BIRCH): 20, (BIRCH, OAK): 30}
    coaches = [
        CoachAtWork(id=ana, minutes=0, home_base=OAK),
        CoachAtWork(id=bea, minutes=0),
    ]
    stays = [
        Stay(coach_id=coach, day=TODAY, school_id=school)
        for coach in (ana, bea)
        for school in (LARCH.id, LARCH.id, BIRCH)
    ]
    stays.append(Stay(coach_id=ana, day=TODAY + DAY, school_id=LARCH.id))
    found = loads(coaches, stays, Travel(table=table))
    assert found[ana].travel == (10 + 20 + 30) + (10 + 12)
    assert found[bea].travel == 20


def test_every_weight_has_a_sentence_and_a_name() -> None:
    assert set(REWARDS) == set(vars(Weights()))
    assert set(IN_WORDS) == set(OF_CANDIDATES)
    assert all(sentence.endswith(".") for sentence in REWARDS.values())


def test_what_can_be_no_weight_is_named() -> None:
    good = vars(Weights())
    assert faults(good) == {}
    assert set(faults({**good, "soon": -1.0, "load": 101.0, "travel": float("nan")})) == {
        "soon",
        "load",
        "travel",
    }
    assert set(faults({})) == set(REWARDS)
