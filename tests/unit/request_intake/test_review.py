"""What a reader may answer and what comes of it: one function, one model, each once."""

from datetime import timedelta
from typing import Any

import pytest

from services.request_intake.domain.coaching_model import Topic
from services.request_intake.domain.remit import InRemit, NotOffered, OutOfRemit
from services.request_intake.domain.review import (
    ByException,
    Coaching,
    Elsewhere,
    Keep,
    Review,
    Verdict,
    Why,
    answered,
    appealed,
    judge,
    likely,
    may_be_appealed,
    mode_for,
)
from services.request_intake.domain.standing import State
from tests.support.events import NOON, TEACHER
from tests.support.request_intake.builders import a_request, starter, starter_reader


def a_review(topic: str | None = None, **changes: Any) -> Review:
    request = a_request(topic=topic, **changes)
    why = Why.UNCLEAR if topic is None else Why.APPEAL
    return Review(
        request=request, teacher=TEACHER, why=why, sentence="", since=NOON, escalated_at=None
    )


def judged(verdict: Verdict, review: Review | None = None) -> InRemit | OutOfRemit | NotOffered:
    return judge(starter(), review or a_review(), verdict, None)


@pytest.mark.parametrize(
    ("topic", "may"), [("payroll", True), ("unit_planning", False), (None, False)]
)
def test_only_a_declined_request_may_be_appealed_and_once(topic: str | None, may: bool) -> None:
    request = a_request(topic=topic)
    assert may_be_appealed(request) is may
    again = appealed(a_request(topic="payroll"), NOON)
    assert (again.state, again.version, again.appealed) == (State.UNDER_REVIEW, 2, True)
    assert not may_be_appealed(again)
    assert again.may_be_cancelled


def test_coaching_is_decided_as_if_she_had_chosen_the_topic() -> None:
    review = a_review()
    decision = judged(Coaching(topic="unit_planning"), review)
    assert isinstance(decision, InRemit)
    request = answered(review.request, decision, 7, NOON + timedelta(days=1))
    assert (request.state, request.decision, request.topic) == (
        State.WAITING,
        "in_remit",
        "unit_planning",
    )
    assert (request.version, request.model_version, request.suggestions) == (2, 7, ())
    assert request.submitted_at == NOON


def test_elsewhere_declines_with_the_redirect_of_the_topic() -> None:
    decision = judged(Elsewhere(topic="payroll"))
    assert isinstance(decision, OutOfRemit)
    request = answered(a_review().request, decision, 1, NOON)
    assert (request.state, request.redirect) == (State.DECLINED, decision.redirect)


def test_a_decline_is_kept_only_of_an_appeal() -> None:
    kept = judged(Keep(), a_review("payroll"))
    assert isinstance(kept, OutOfRemit)
    assert kept.topic.key == "payroll"
    refused = judged(Keep(), a_review())
    assert isinstance(refused, NotOffered)
    assert refused.field == "answer"


def test_an_urgent_redirect_stands_beside_what_a_reader_calls_coaching() -> None:
    (topic, *_others) = [one for one in starter().out_of_remit if one.urgent and one.signals]
    urgent = starter_reader().urgent(f"My unit, and {topic.signals[0]}")
    decision = judge(starter(), a_review(), Coaching(topic="unit_planning"), urgent)
    assert isinstance(decision, InRemit)
    assert decision.beside == topic.redirect


def test_who_asked_to_meet_online_is_given_a_mode_that_is_held_online() -> None:
    online = a_review(meeting="online")
    in_person = [key for key, mode in starter().mode_of.items() if not mode.online_ok]
    topic = next(t for t in starter().topics if set(t.modes) & set(in_person))
    mode = next(key for key in topic.modes if key in in_person)
    refused = judged(Coaching(topic=topic.key, support_mode=mode), online)
    assert isinstance(refused, NotOffered)
    assert refused.field == "support_mode"
    chosen = mode_for(starter(), topic, online.request)
    assert chosen is None or starter().mode_of[chosen].online_ok


def test_an_exception_names_one_coach_type_of_a_published_combination() -> None:
    exception = ByException(
        topic="unit_planning", coach_type="literacy", support_mode="consultation", reason="once"
    )
    decision = judged(exception)
    assert isinstance(decision, InRemit)
    assert decision.coach_types == ("literacy",)
    published = {(c.topic, c.coach_type, c.support_mode) for c in starter().combinations()}
    assert (decision.topic.key, *decision.coach_types, decision.support_mode) in published


def test_every_combination_may_be_granted_and_no_other() -> None:
    published = {(c.topic, c.coach_type, c.support_mode) for c in starter().combinations()}
    review = a_review()
    for topic in starter().all_topics:
        for kind in starter().coach_type_of:
            for mode in starter().mode_of:
                verdict = ByException(
                    topic=topic.key, coach_type=kind, support_mode=mode, reason="once"
                )
                granted = isinstance(judged(verdict, review), InRemit)
                assert granted is ((topic.key, kind, mode) in published)


def test_the_likeliest_topics_of_both_sides() -> None:
    words = "My projector hums while I plan my unit"
    topics, redirect = likely(starter(), starter_reader().shares(words))
    assert len(topics) == 3
    assert all(isinstance(topic, Topic) for topic in topics)
    assert redirect in starter().out_of_remit


def test_a_review_is_overdue_after_its_time() -> None:
    review, patience = a_review(), timedelta(hours=48)
    assert not review.overdue(patience, NOON + timedelta(hours=47))
    assert review.overdue(patience, NOON + timedelta(hours=48))
