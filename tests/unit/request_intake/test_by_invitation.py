"""Coaching is by invitation: who sends somebody else is declined kindly; one's own and a team's ask is not."""

import pytest

from services.request_intake.domain.need import LikelyRedirect, LikelyTopics
from services.request_intake.domain.remit import InRemit, OutOfRemit, decide
from tests.support.request_intake.builders import starter, starter_reader

RULE = "coaching_for_another"


@pytest.mark.parametrize(
    "words",
    [
        "Can you coach Mrs. Bell in room 3? Her class is out of control.",
        "Please get in touch with my colleague Sam, he needs help with his math lessons",
        "I would like to sign up one of my teachers for coaching, she would not ask",
        "assign the literacy coach to our new hire",
        "Inscrivez ma collègue à l'accompagnement, elle ne veut pas demander",
        "Quiero que un coach ayude a una maestra de mi escuela, ella no lo sabe",
    ],
)
def test_who_sends_somebody_else_is_told_why_and_what_to_do_instead(words: str) -> None:
    model = starter()
    reading = starter_reader().read(words)
    decision = decide(model, topic=None, support_mode=None, reading=reading)
    assert isinstance(decision, OutOfRemit)
    assert decision.topic.key == RULE
    assert "only the teacher herself can ask" in decision.clause
    assert "only she can ask" in decision.redirect.sentence


@pytest.mark.parametrize(
    "words",
    [
        "as a principal I would like a coach for my own feedback conversations with teachers",
        "our grade 4 team would like a coach to plan our fractions unit together",
        "my colleague and I want to plan a unit together with a coach",
        "I co-teach with Ana and we want help with stations",
        "my staff asked for a session on AI in the classroom",
        "I want a coach to watch me teach and give me feedback",
        "Mes collègues et moi aimerions planifier une unité ensemble",
    ],
)
def test_a_leaders_own_practice_and_what_a_team_wants_together_are_welcome(words: str) -> None:
    reading = starter_reader().read(words)
    assert isinstance(reading, LikelyTopics)
    decision = decide(starter(), topic=None, support_mode=None, reading=reading)
    assert isinstance(decision, InRemit)


def test_a_need_of_ones_own_beside_it_is_offered_with_the_rule_beside_it() -> None:
    words = "I'd like a coach for one of my teachers, she struggles with reading groups"
    reading = starter_reader().read(words)
    assert isinstance(reading, LikelyTopics)
    assert reading.beside == RULE


def test_chosen_from_the_list_it_is_declined_by_its_own_words() -> None:
    decision = decide(starter(), topic=RULE, support_mode=None, reading=None)
    assert isinstance(decision, OutOfRemit)
    assert decision.topic.key == RULE
    assert not isinstance(starter_reader().read("I want to be coached"), LikelyRedirect)
