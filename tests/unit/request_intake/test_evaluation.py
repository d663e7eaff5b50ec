"""The measures of reading: what each counts, and over which asks."""

from dataclasses import replace

import pytest

from services.request_intake.domain.evaluation import (
    Answer,
    LabelledAsk,
    answer_to,
    by_kind,
    evaluate,
)
from services.request_intake.domain.need import LikelyRedirect, LikelyTopics, Uncertain
from tests.support.request_intake.builders import starter

INSIDE = LabelledAsk(
    id="1",
    text="Transitions are chaos",
    in_remit=True,
    topics=frozenset({"classroom_routines", "positive_behaviour"}),
    coach_types=frozenset({"instructional"}),
    modes=frozenset({"consultation"}),
    redirect=None,
    difficulty="easy",
    tags=frozenset(),
)
MIXED = replace(INSIDE, redirect="device_repair", tags=frozenset({"mixed"}))
OUTSIDE = replace(
    INSIDE,
    in_remit=False,
    topics=frozenset(),
    coach_types=frozenset(),
    modes=frozenset(),
    redirect="pupil_crisis",
    difficulty="hard",
)
UNCLEAR = replace(OUTSIDE, in_remit=None, redirect=None, tags=frozenset({"unclear"}))

OFFER = Answer(
    topics=("lesson_planning", "unit_planning", "classroom_routines", "number_sense"),
    coach_types=("instructional", "technology"),
    support_mode="consultation",
)
DECLINE = Answer(redirect="device_repair")
QUESTION = Answer()


@pytest.mark.parametrize(
    ("name", "ask", "answer", "count", "of"),
    [
        ("redirect_accuracy", OUTSIDE, Answer(redirect="pupil_crisis"), 1, 1),
        ("redirect_accuracy", OUTSIDE, DECLINE, 0, 1),
        ("redirect_accuracy", OUTSIDE, replace(OFFER, redirect="pupil_crisis"), 0, 1),
        ("redirect_accuracy", OUTSIDE, QUESTION, 0, 1),
        ("redirect_accuracy", INSIDE, DECLINE, 0, 0),
        ("wrongly_declined", INSIDE, DECLINE, 1, 1),
        ("wrongly_declined", INSIDE, replace(OFFER, redirect="device_repair"), 0, 1),
        ("wrongly_declined", OUTSIDE, DECLINE, 0, 0),
        ("topic_accuracy@1", INSIDE, OFFER, 0, 1),
        ("topic_accuracy@1", INSIDE, replace(OFFER, topics=("positive_behaviour",)), 1, 1),
        ("topic_accuracy@3", INSIDE, OFFER, 1, 1),
        ("topic_accuracy@3", INSIDE, replace(OFFER, topics=OFFER.topics[:2]), 0, 1),
        ("topic_accuracy@3", INSIDE, QUESTION, 0, 1),
        ("coach_type_ok", INSIDE, OFFER, 1, 1),
        ("coach_type_ok", INSIDE, replace(OFFER, coach_types=("math", "instructional")), 0, 1),
        ("mode_ok", INSIDE, OFFER, 1, 1),
        ("mode_ok", INSIDE, QUESTION, 0, 1),
        ("mixed_redirect_recall", MIXED, replace(OFFER, redirect="device_repair"), 1, 1),
        ("mixed_redirect_recall", MIXED, DECLINE, 0, 1),
        ("mixed_redirect_recall", INSIDE, OFFER, 0, 0),
        ("clarification_recall", UNCLEAR, QUESTION, 1, 1),
        ("clarification_recall", UNCLEAR, OFFER, 0, 1),
        ("clarification_recall", INSIDE, QUESTION, 0, 0),
        ("clarification_precision", INSIDE, QUESTION, 0, 1),
        ("clarification_precision", UNCLEAR, OFFER, 0, 0),
        ("urgent_missed", OUTSIDE, QUESTION, 1, 1),
        ("urgent_missed", OUTSIDE, replace(OFFER, redirect="pupil_crisis"), 0, 1),
        ("urgent_missed", MIXED, QUESTION, 0, 0),
    ],
)
def test_a_measure_counts(name: str, ask: LabelledAsk, answer: Answer, count: int, of: int) -> None:
    tally = evaluate([(ask, answer)], {"pupil_crisis"})[name]
    assert (tally.count, tally.of) == (count, of)


def test_a_share_over_nothing_is_none() -> None:
    assert evaluate([], set())["redirect_accuracy"].share is None


def test_asks_are_grouped_by_difficulty_and_tag() -> None:
    judged = [(INSIDE, OFFER), (MIXED, OFFER), (UNCLEAR, QUESTION)]
    sizes = {kind: len(asks) for kind, asks in by_kind(judged)}
    assert sizes == {"easy": 2, "medium": 0, "hard": 1, "mixed": 1, "unclear": 1}


def test_each_reading_has_its_answer() -> None:
    model = starter()
    offer = answer_to(model, LikelyTopics(topics=("classroom_routines", "lesson_planning")))
    assert offer.topics == ("classroom_routines", "lesson_planning")
    assert offer.coach_types == ("instructional",)
    assert offer.is_offer
    decline = answer_to(model, LikelyRedirect(topic="device_repair"))
    assert decline.is_decline
    assert decline.redirect == "device_repair"
    assert answer_to(model, Uncertain(topics=("classroom_routines",))).is_question
