"""Reading a teacher's words: near the model's own, unsure when it should be, urgent first."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.request_intake.domain.coaching_model import OutOfRemitTopic, Topic
from services.request_intake.domain.need import (
    VAGUE,
    Balance,
    LikelyRedirect,
    LikelyTopics,
    Reader,
    Uncertain,
)
from services.request_intake.domain.words import fold, without_denials
from tests.support.request_intake.builders import starter, starter_reader

MODEL = starter()
READER = starter_reader()


class Fixed:
    """Likelihoods that say the same of all words; what is not given shares the rest."""

    def __init__(self, **shares: float) -> None:
        self._given = shares

    def shares(
        self,
        words: Sequence[str],
        kept: Sequence[bytes | None] = (),  # noqa: ARG002  -- the port's
    ) -> list[Balance]:
        others = [key for key in (*MODEL.topic_of, VAGUE) if key not in self._given]
        rest = (1 - sum(self._given.values())) / len(others)
        return [dict.fromkeys(others, rest) | self._given for _ in words]


def weighed(vague: float = 0.0, **shares: float) -> object:
    return Reader(MODEL, Fixed(**shares, **{VAGUE: vague})).read("words")


def test_the_likeliest_topics_in_remit_are_offered_in_order() -> None:
    reading = weighed(reading_culture=0.2, early_reading=0.5, growth_plan=0.1, math_gaps=0.05)
    assert reading == LikelyTopics(topics=("early_reading", "reading_culture", "growth_plan"))


def test_many_read_together_are_read_as_one_by_one() -> None:
    asks = [phrase for topic in MODEL.all_topics for phrase in topic.examples[:2]]
    asks.insert(3, "a boy told me he wants to die")
    assert READER.read_all(asks) == [READER.read(words) for words in asks]
    assert READER.read_all([]) == []


def test_it_declines_only_when_that_side_is_clearly_ahead() -> None:
    assert weighed(payroll=0.7, growth_plan=0.2) == LikelyRedirect(topic="payroll")
    unsure = weighed(payroll=0.5, growth_plan=0.45)
    assert isinstance(unsure, LikelyTopics)
    assert unsure.topics[0] == "growth_plan"
    assert unsure.beside == "payroll"


def test_many_redirects_together_weigh_as_much_as_one() -> None:
    assert weighed(payroll=0.4, hr_leave=0.3, growth_plan=0.2) == LikelyRedirect(topic="payroll")


def test_a_faint_other_need_is_not_shown_beside_unless_it_is_urgent() -> None:
    assert weighed(growth_plan=0.8, payroll=0.12) == LikelyTopics(
        topics=("growth_plan", *_first_others("growth_plan"))
    )
    reading = weighed(growth_plan=0.8, pupil_crisis=0.12)
    assert isinstance(reading, LikelyTopics)
    assert reading.beside == "pupil_crisis"


def test_what_is_too_vague_gets_a_question_with_what_is_near() -> None:
    assert weighed(vague=0.7, growth_plan=0.2, payroll=0.05) == Uncertain(
        topics=("growth_plan", "payroll")
    )
    assert weighed(vague=0.99) == Uncertain(topics=())


def _first_others(key: str) -> list[str]:
    return [topic.key for topic in MODEL.topics if topic.key != key][:2]


@pytest.mark.parametrize("topic", MODEL.topics, ids=lambda topic: topic.key)
def test_a_topics_own_examples_are_read_as_it(topic: Topic) -> None:
    for example in topic.examples:
        reading = READER.read(example)
        assert isinstance(reading, LikelyTopics)
        assert topic.key in reading.topics


@pytest.mark.parametrize("topic", MODEL.out_of_remit, ids=lambda topic: topic.key)
def test_an_out_of_remit_topics_own_examples_lead_to_its_redirect(topic: OutOfRemitTopic) -> None:
    for example in topic.examples:
        assert READER.read(example) == LikelyRedirect(topic=topic.key)


@pytest.mark.parametrize("words", ["help", "hi", "I need a coach", "???", "x", "2 + 2 = 4", "hola"])
def test_words_that_name_no_need_are_unclear(words: str) -> None:
    assert isinstance(READER.read(words), Uncertain)


@pytest.mark.parametrize(
    "words",
    [
        "Can we plan a unit? Also a pupil told me he wants to die.",
        "Une élève se fait du mal et je ne sais pas quoi faire.",
        "UN ALUMNO SE HACE DAÑO en clase",
        "she is not safe at   home, could we plan a lesson on it",
    ],
)
def test_a_pupil_in_danger_comes_before_everything_else(words: str) -> None:
    assert READER.read(words) == LikelyRedirect(topic="pupil_crisis")
    assert READER.urgent(words) == LikelyRedirect(topic="pupil_crisis")


def test_what_it_is_not_about_does_not_count() -> None:
    words = "Not a projector problem, I want pupils to talk more in group work."
    reading = READER.read(words)
    assert isinstance(reading, LikelyTopics)
    assert reading.topics[0] == "discussion_group_work"


@pytest.mark.parametrize(
    ("words", "topic"),
    [
        ("Mes élèves ne comprennent pas les fractions, du matériel concret?", "math_models"),
        ("Quiero que mis alumnos lean por placer en casa", "reading_culture"),
    ],
)
def test_french_and_spanish_are_read(words: str, topic: str) -> None:
    reading = READER.read(words)
    assert isinstance(reading, LikelyTopics)
    assert topic in reading.topics


def test_what_is_denied_is_left_out_unless_nothing_else_is_said() -> None:
    assert "tech" not in without_denials("Not a tech problem, lessons")
    assert without_denials("Not a tech problem") == "Not a tech problem"


def test_accents_and_case_are_folded() -> None:
    assert fold("Élève ÑANDÚ") == "eleve nandu"


@settings(deadline=None)
@given(st.text(max_size=2000))
def test_any_text_is_read_without_a_fault(words: str) -> None:
    READER.read(words)
