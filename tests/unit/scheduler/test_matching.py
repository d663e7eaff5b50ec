"""Which coach takes a request, and when: hard rules, points, reasons, and whole plans."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.scheduler.domain.booking import place_of
from services.scheduler.domain.candidate import Match, NoMatch, Verdict
from services.scheduler.domain.diary import Diary, TeacherTime
from services.scheduler.domain.matching import find_match
from services.scheduler.domain.planning import Decision, plan
from services.scheduler.domain.reasons import why_this, why_waiting
from services.scheduler.domain.request import Request
from services.scheduler.domain.weights import Weights
from shared.events.vocabulary import School
from tests.support.scheduler.builders import (
    COLLABORATION,
    CONSULTATION,
    FRACTIONS,
    LARCH,
    LITERACY,
    MATH,
    MONDAY,
    READING,
    a_person,
    a_window,
    an_id,
)
from tests.support.scheduler.domain import (
    HORIZON,
    TERMS,
    a_diary,
    a_picture,
    a_wish,
    hours,
    rules,
)

OAK = School(id=an_id("oak"), name="Oak School")


def matched(request: Request, *diaries: Diary, teacher: TeacherTime | None = None) -> Match:
    found = find_match(request, TERMS, diaries, teacher or TeacherTime(), rules())
    assert isinstance(found, Match)
    return found


def unmatched(request: Request, *diaries: Diary, teacher: TeacherTime | None = None) -> NoMatch:
    found = find_match(request, TERMS, diaries, teacher or TeacherTime(), rules())
    assert isinstance(found, NoMatch)
    return found


def codes(reasons: tuple) -> list[str]:
    return [reason.code for reason in reasons]


def test_the_earliest_time_is_taken() -> None:
    found = matched(a_wish(), a_diary(free=hours(2, 9, 12)))
    assert HORIZON.instant(found.chosen.slot) == HORIZON.starts_at + timedelta(days=2, hours=9)


def test_a_math_coach_is_not_offered_a_reading_request() -> None:
    math = a_diary(offers=frozenset({(MATH, CONSULTATION)}))
    assert unmatched(a_wish(coach_types=(LITERACY, MATH)), math).candidates == ()


def test_a_coach_who_does_not_offer_the_mode_is_not_a_candidate() -> None:
    diary = a_diary(offers=frozenset({(LITERACY, CONSULTATION)}))
    assert unmatched(a_wish(support_mode=COLLABORATION), diary).candidates == ()


def test_a_coach_of_another_school_is_not_a_candidate() -> None:
    assert unmatched(a_wish(school=OAK), a_diary()).candidates == ()


def test_nobody_is_her_own_coach() -> None:
    found = unmatched(a_wish(teacher=a_person("ana")), a_diary("ana"))
    assert found.candidates[0].verdict is Verdict.HERSELF


def test_her_windows_are_kept() -> None:
    window = a_window(HORIZON.starts_at + timedelta(days=1, hours=13), 40)
    found = matched(a_wish(windows=(window,)), a_diary())
    assert HORIZON.instant(found.chosen.slot) == window.starts_at


def test_a_window_that_is_too_short_fits_nothing() -> None:
    window = a_window(HORIZON.starts_at + timedelta(days=1, hours=13), 25)
    assert unmatched(a_wish(windows=(window,)), a_diary()).asked_slots


def test_her_own_sessions_are_kept_free() -> None:
    busy = TeacherTime(busy=hours(0, 8, 11))
    found = matched(a_wish(), a_diary(), teacher=busy)
    assert HORIZON.instant(found.chosen.slot) == HORIZON.starts_at + timedelta(hours=11)


def test_the_minimum_notice_is_kept() -> None:
    found = matched(a_wish(), a_diary(free=hours(0, 0, 16)))
    assert HORIZON.instant(found.chosen.slot) == MONDAY + timedelta(hours=1)


def test_a_full_day_is_left_out_and_said() -> None:
    found = unmatched(a_wish(), a_diary(free=hours(0, 8, 16), sessions={0: 5}))
    assert found.candidates[0].verdict is Verdict.FULLY_BOOKED
    assert codes(why_waiting(found, a_wish())) == ["covering", "fully_booked"]


def test_a_full_week_is_left_out() -> None:
    diary = a_diary(minutes=[1190, 0], free=hours(0, 8, 16) | hours(8, 8, 16))
    assert HORIZON.day_of_slot[matched(a_wish(), diary).chosen.slot] == 8


def test_a_raised_ceiling_of_one_day_counts() -> None:
    diary = a_diary(free=hours(0, 8, 16), sessions={0: 5}, day_ceilings={0: 6})
    assert matched(a_wish(), diary)


def test_a_day_with_a_ceiling_of_none_takes_nothing() -> None:
    diary = a_diary(free=hours(0, 8, 16) | hours(1, 8, 16), day_ceilings={0: 0})
    assert HORIZON.day_of_slot[matched(a_wish(), diary).chosen.slot] == 1


def test_the_first_accepted_type_is_preferred() -> None:
    math = a_diary("bo", offers=frozenset({(MATH, CONSULTATION)}))
    found = matched(a_wish(topic=FRACTIONS, coach_types=(MATH, LITERACY)), a_diary("ana"), math)
    assert found.chosen.diary is math


def test_a_coach_with_less_this_fortnight_is_preferred_at_the_same_time() -> None:
    found = matched(a_wish(), a_diary("ana", minutes=[300, 0]), a_diary("bo", minutes=[60, 0]))
    assert found.chosen.coach_id == an_id("bo")


def test_a_coach_she_knows_is_preferred_at_the_same_time() -> None:
    met = TeacherTime(met=frozenset({an_id("bo")}))
    found = matched(a_wish(), a_diary("ana"), a_diary("bo"), teacher=met)
    assert found.chosen.coach_id == an_id("bo")
    assert "continuity" in codes(why_this(found, a_wish(), TERMS, met))


def test_weights_decide_what_matters() -> None:
    request, met = a_wish(), TeacherTime(met=frozenset({an_id("bo")}))
    diaries = [a_diary("ana"), a_diary("bo", free=hours(4, 8, 16))]
    soon = replace(Weights(), continuity=0.0)
    known = replace(Weights(), continuity=100.0)
    first = find_match(request, TERMS, diaries, met, rules(weights=soon))
    second = find_match(request, TERMS, diaries, met, rules(weights=known))
    assert isinstance(first, Match)
    assert isinstance(second, Match)
    assert (first.chosen.coach_id, second.chosen.coach_id) == (an_id("ana"), an_id("bo"))


def test_the_reasons_name_coach_time_and_choice() -> None:
    request = a_wish(topic=FRACTIONS, coach_types=(MATH, LITERACY))
    found = matched(request, a_diary("ana"), a_diary("bo", free=0))
    reasons = why_this(found, request, TERMS, TeacherTime())
    assert codes(reasons) == ["covers", "other_type", "earliest", "only_one"]
    assert reasons[0].sentence == (
        "Ana serves Larch School as Literacy coach, whose role covers “Fractions”."
    )
    assert reasons[2].sentence == "It is the earliest time that suits both."


def test_waiting_is_explained_with_counts() -> None:
    window = a_window(HORIZON.starts_at + timedelta(days=1, hours=9), 60)
    request = a_wish(windows=(window,))
    diaries = [
        a_diary("ana", free=0),
        a_diary("bo", free=hours(0, 8, 16)),
        a_diary("cy", sessions={1: 5}),
    ]
    sentences = [r.sentence for r in why_waiting(unmatched(request, *diaries), request)]
    assert sentences == [
        "3 coaches cover this at Larch School.",
        "2 have no free time at the times asked for.",
        "1 already has as much in those days or weeks as a coach should.",
    ]


def test_windows_that_have_passed_are_said() -> None:
    request = a_wish(windows=(a_window(MONDAY - timedelta(days=3), 60),))
    assert codes(why_waiting(unmatched(request, a_diary()), request)) == ["covering", "windows"]


def test_a_school_without_a_coach_is_said() -> None:
    request = a_wish(school=OAK)
    assert codes(why_waiting(unmatched(request), request)) == ["no_coach"]


def test_online_is_her_standing_address_only_where_the_mode_allows_it() -> None:
    coach = a_diary().coach
    online = place_of(a_wish(meeting="online"), coach, TERMS)
    assert (online.kind, online.address) == ("online", coach.online_address)
    together = a_wish(meeting="online", support_mode=COLLABORATION)
    assert place_of(together, coach, TERMS).kind == "room"
    assert place_of(a_wish(meeting="either"), coach, TERMS).address == "Room 12"
    assert place_of(a_wish(room=""), coach, TERMS).address == "Larch School"


def test_who_has_waited_longest_comes_first() -> None:
    late = a_wish(waiting_since=MONDAY, teacher=a_person("late"))
    early = a_wish(waiting_since=MONDAY - timedelta(days=9), teacher=a_person("early"))
    diary = a_diary(free=hours(0, 8, 8) | HORIZON.mask(96, 102))
    placed = plan([late, early], {1: TERMS}, a_picture([diary], [late, early]))
    assert [d.request for d in placed if isinstance(d.found, Match)] == [early]


def test_a_coach_who_is_booked_as_a_teacher_is_not_booked_as_a_coach() -> None:
    as_teacher = a_wish(teacher=a_person("ana"), waiting_since=MONDAY - timedelta(days=1))
    of_ana = a_wish(teacher=a_person("maya"))
    one_hour = hours(0, 9, 10) & HORIZON.mask(108, 114)
    diaries = [a_diary("ana", free=one_hour), a_diary("bo", free=one_hour)]
    placed = plan([of_ana, as_teacher], {1: TERMS}, a_picture(diaries, [of_ana, as_teacher]))
    assert isinstance(placed[0].found, Match)
    assert isinstance(placed[1].found, NoMatch)


# Whole plans, over many small divisions. ---------------------------------------------------------

offers = st.frozensets(
    st.sampled_from([(t, m) for t in (LITERACY, MATH) for m in (CONSULTATION, COLLABORATION)]),
    min_size=1,
)
stretches = st.lists(
    st.tuples(st.integers(0, 9), st.integers(7, 15), st.integers(1, 5)), min_size=1, max_size=6
)


@st.composite
def divisions(draw: st.DrawFn) -> tuple[list[Diary], list[Request]]:
    schools = [LARCH, OAK]
    diaries = []
    for n in range(draw(st.integers(1, 5))):
        free = 0
        for day, first, length in draw(stretches):
            free |= hours(day, first, first + length)
        diaries.append(
            a_diary(
                f"coach {n}",
                free=free,
                offers=draw(offers),
                school_ids=frozenset({draw(st.sampled_from(schools)).id, LARCH.id}),
                sessions_per_day=draw(st.integers(0, 4)),
                weekly_minutes=draw(st.integers(0, 200)),
            )
        )
    people = [a_person(f"teacher {n}") for n in range(4)] + [d.coach.person for d in diaries[:1]]
    requests = [
        a_wish(
            id=an_id(f"request {n}"),
            teacher=draw(st.sampled_from(people)),
            school=draw(st.sampled_from(schools)),
            topic=draw(st.sampled_from([READING, FRACTIONS])),
            support_mode=draw(st.sampled_from([CONSULTATION, COLLABORATION])),
            coach_types=draw(st.sampled_from([(LITERACY,), (MATH, LITERACY), (MATH,)])),
            waiting_since=MONDAY - timedelta(minutes=draw(st.integers(0, 3))),
            windows=tuple(
                a_window(HORIZON.starts_at + timedelta(days=day, hours=first), 60 * length)
                for day, first, length in draw(st.one_of(st.just([]), stretches))
            ),
        )
        for n in range(draw(st.integers(1, 12)))
    ]
    return diaries, requests


def copies(diaries: list[Diary]) -> list[Diary]:
    return [Diary(coach=d.coach, horizon=d.horizon, free=d.free) for d in diaries]


def told(decisions: list[Decision]) -> list[tuple]:
    return [
        (d.request.id, d.found.chosen.coach_id, d.found.chosen.slot)
        if isinstance(d.found, Match)
        else (d.request.id, [c.verdict for c in d.found.candidates])
        for d in decisions
    ]


@settings(max_examples=150, deadline=None)
@given(divisions())
def test_a_plan_keeps_every_promise(division: tuple[list[Diary], list[Request]]) -> None:
    diaries, requests = division
    before = {d.coach.person.id: d for d in copies(diaries)}
    decisions = plan(requests, {1: TERMS}, a_picture(diaries, requests))
    taken: dict[object, int] = {}
    sessions: dict[object, int] = {}
    minutes: dict[object, int] = {}
    for decision in decisions:
        if not isinstance(decision.found, Match):
            continue
        request, found = decision.request, decision.found
        coach, slot = found.chosen.diary.coach, found.chosen.slot
        length = TERMS.modes[request.support_mode].minutes
        slots = HORIZON.mask(slot, slot + length // 5)
        assert TERMS.allows(found.chosen.coach_type, request.topic, request.support_mode)
        assert found.chosen.coach_type in request.coach_types
        assert (found.chosen.coach_type, request.support_mode) in coach.offers
        assert request.school.id in coach.school_ids
        assert coach.person.id != request.teacher.id
        assert slots & before[coach.person.id].free == slots
        assert HORIZON.instant(slot) >= MONDAY + timedelta(hours=1)
        starts, ends = HORIZON.instant(slot), HORIZON.instant(slot + length // 5)
        assert not request.windows or any(
            w.starts_at <= starts and ends <= w.ends_at for w in request.windows
        )
        for person in (coach.person.id, request.teacher.id):
            assert not taken.get(person, 0) & slots
            taken[person] = taken.get(person, 0) | slots
        day, week = HORIZON.day_of_slot[slot], HORIZON.day_of_slot[slot] // 7
        sessions[coach.person.id, day] = sessions.get((coach.person.id, day), 0) + 1
        minutes[coach.person.id, week] = minutes.get((coach.person.id, week), 0) + length
        assert sessions[coach.person.id, day] <= coach.sessions_per_day
        assert minutes[coach.person.id, week] <= coach.weekly_minutes


@settings(max_examples=100, deadline=None)
@given(divisions(), st.randoms(use_true_random=False))
def test_a_plan_does_not_depend_on_the_order_of_arrival(
    division: tuple[list[Diary], list[Request]], random: object
) -> None:
    diaries, requests = division
    shuffled, others = list(requests), copies(diaries)
    random.shuffle(shuffled)
    random.shuffle(others)
    first = plan(requests, {1: TERMS}, a_picture(copies(diaries), requests))
    assert told(first) == told(plan(shuffled, {1: TERMS}, a_picture(others, shuffled)))


@settings(max_examples=100, deadline=None)
@given(divisions())
def test_who_waits_could_not_have_been_placed(
    division: tuple[list[Diary], list[Request]],
) -> None:
    diaries, requests = division
    picture = a_picture(diaries, requests)
    for decision in plan(requests, {1: TERMS}, picture):
        if isinstance(decision.found, NoMatch):
            again = find_match(
                decision.request,
                TERMS,
                picture.diaries.values(),
                picture.teachers[decision.request.teacher.id],
                picture.rules,
            )
            assert isinstance(again, NoMatch)
