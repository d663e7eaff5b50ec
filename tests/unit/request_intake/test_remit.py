"""The decision: a chosen topic exactly by the model, words only when they are sure."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.request_intake.domain.coaching_model import CoachingModel
from services.request_intake.domain.need import LikelyRedirect, LikelyTopics, Reading, Uncertain
from services.request_intake.domain.remit import InRemit, NotOffered, OutOfRemit, Unclear, decide
from tests.support.request_intake.builders import starter

MODEL = starter()
TOPICS = st.sampled_from([topic.key for topic in MODEL.topics])
OUTSIDE = st.sampled_from([topic.key for topic in MODEL.out_of_remit])
MODES = st.none() | st.sampled_from(list(MODEL.mode_of))
READINGS: st.SearchStrategy[Reading | None] = st.one_of(
    st.none(),
    st.builds(LikelyRedirect, topic=OUTSIDE),
    st.builds(LikelyTopics, topics=st.lists(TOPICS, min_size=1, max_size=3).map(tuple)),
    st.builds(Uncertain, topics=st.lists(TOPICS | OUTSIDE, max_size=3).map(tuple)),
)


@given(topic=st.none() | TOPICS | OUTSIDE, mode=MODES, reading=READINGS)
def test_what_is_in_remit_is_a_published_combination(
    topic: str | None, mode: str | None, reading: Reading | None
) -> None:
    decision = decide(MODEL, topic=topic, support_mode=mode, reading=reading)
    if isinstance(decision, InRemit):
        allowed = {(c.coach_type, c.topic, c.support_mode) for c in MODEL.combinations()}
        assert decision.coach_types
        for coach_type in decision.coach_types:
            assert (coach_type, decision.topic.key, decision.support_mode) in allowed


@given(topic=OUTSIDE, mode=MODES, reading=READINGS)
def test_a_chosen_topic_out_of_remit_is_declined_with_its_own_redirect(
    topic: str, mode: str | None, reading: Reading | None
) -> None:
    decision = decide(MODEL, topic=topic, support_mode=mode, reading=reading)
    assert isinstance(decision, OutOfRemit)
    assert decision.redirect.key == topic
    assert decision.clause.startswith(decision.topic.title)


@given(topic=TOPICS, mode=MODES, reading=READINGS)
def test_a_chosen_topic_in_remit_is_never_declined(
    topic: str, mode: str | None, reading: Reading | None
) -> None:
    decision = decide(MODEL, topic=topic, support_mode=mode, reading=reading)
    assert isinstance(decision, InRemit | NotOffered)


@given(topic=st.none() | TOPICS | OUTSIDE, mode=MODES, reading=READINGS, order=st.randoms())
def test_the_order_in_which_the_model_lists_things_decides_nothing(
    topic: str | None, mode: str | None, reading: Reading | None, order: object
) -> None:
    def shuffled(items: tuple[object, ...]) -> tuple[object, ...]:
        mixed = list(items)
        order.shuffle(mixed)  # type: ignore[attr-defined]
        return tuple(mixed)

    mixed: CoachingModel = replace(
        MODEL,
        topics=shuffled(MODEL.topics),
        out_of_remit=shuffled(MODEL.out_of_remit),
        coach_types=shuffled(MODEL.coach_types),
        support_modes=shuffled(MODEL.support_modes),
    )
    first = decide(MODEL, topic=topic, support_mode=mode, reading=reading)
    second = decide(mixed, topic=topic, support_mode=mode, reading=reading)
    if isinstance(first, NotOffered):
        assert isinstance(second, NotOffered)
        assert first.field == second.field
    else:
        assert first == second


@given(topics=st.lists(TOPICS | OUTSIDE, max_size=3).map(tuple), mode=MODES)
def test_unsure_words_are_never_declined(topics: tuple[str, ...], mode: str | None) -> None:
    decision = decide(MODEL, topic=None, support_mode=mode, reading=Uncertain(topics=topics))
    assert isinstance(decision, Unclear)
    assert decision.question.endswith("?")


def test_without_a_mode_the_topics_first_is_meant() -> None:
    decision = decide(MODEL, topic="unit_planning", support_mode=None, reading=None)
    assert isinstance(decision, InRemit)
    assert decision.support_mode == "consultation"


def test_a_mode_that_the_topic_does_not_allow_names_those_it_does() -> None:
    decision = decide(MODEL, topic="classroom_routines", support_mode="coordination", reading=None)
    assert isinstance(decision, NotOffered)
    assert decision.field == "support_mode"
    assert decision.right == "one of: consultation, collaboration, cognitive_coaching"


@pytest.mark.parametrize(
    ("chosen", "field"),
    [({"topic": "astrology"}, "topic"), ({"support_mode": "magic"}, "support_mode")],
)
def test_what_the_model_does_not_have_is_named(chosen: dict[str, str], field: str) -> None:
    given_ = {"topic": None, "support_mode": None, **chosen}
    decision = decide(MODEL, reading=None, **given_)
    assert isinstance(decision, NotOffered)
    assert decision.field == field


def test_an_urgent_redirect_stands_beside_a_chosen_topic() -> None:
    reading = LikelyRedirect(topic="pupil_crisis")
    decision = decide(MODEL, topic="wellbeing_lessons", support_mode=None, reading=reading)
    assert isinstance(decision, InRemit)
    assert decision.beside
    assert decision.beside.urgent


def test_another_part_of_her_words_gets_its_redirect_beside_the_offer() -> None:
    reading = LikelyTopics(topics=("classroom_routines",), beside="facilities")
    decision = decide(starter(), topic=None, support_mode=None, reading=reading)
    assert isinstance(decision, InRemit)
    assert decision.beside is not None
    assert decision.beside.key == "facilities"


def test_a_topic_read_from_her_words_gives_way_to_one_that_is_offered_in_her_mode() -> None:
    reading = LikelyTopics(topics=("classroom_routines", "peer_visits"))
    decision = decide(MODEL, topic=None, support_mode="coordination", reading=reading)
    assert isinstance(decision, InRemit)
    assert decision.topic.key == "peer_visits"
