"""Reading a teacher's words: near the model's own, unsure when it should be, urgent first, fast."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.request_intake.domain.coaching_model import OutOfRemitTopic, Topic
from services.request_intake.domain.need import LikelyRedirect, LikelyTopics, Uncertain
from services.request_intake.domain.words import fold, stems, without_denials
from tests.support.request_intake.builders import starter, starter_reader

MODEL = starter()
READER = starter_reader()


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


@pytest.mark.parametrize(
    "words", ["x", "a", ".", "2 + 2 = 4", "x x x x end", "the end", "3 4 5", "hjk hjk the end"]
)
def test_letters_and_numbers_book_nobody(words: str) -> None:
    assert isinstance(READER.read(words), Uncertain)


@pytest.mark.parametrize("words", ["phonics", "MATH", "Reading"])
def test_one_telling_word_is_enough(words: str) -> None:
    assert isinstance(READER.read(words), LikelyTopics)


@pytest.mark.parametrize("words", ["help", "hi", "I need a coach", "???", "aaaa", "日本語"])
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


def test_it_says_how_near_each_topic_is() -> None:
    first, second, *_rest = READER.likenesses("Transitions between centres are chaos")
    assert first.topic == "classroom_routines"
    assert 0 < second.score < first.score <= 1


def test_accents_and_case_are_folded() -> None:
    assert fold("Élève ÑANDÚ") == "eleve nandu"
    assert stems("readings") == stems("reading") == stems("read")
    assert "tech" not in without_denials("not a tech problem, lessons")


@given(st.text(max_size=2000))
def test_any_text_is_read_without_a_fault(words: str) -> None:
    READER.read(words)


def test_a_long_ask_is_read_in_milliseconds() -> None:
    words = ("Could a coach help me to plan the fractions unit and group work? " * 40)[:2000]
    started = time.perf_counter()
    for _ in range(20):
        READER.read(words)
    assert (time.perf_counter() - started) / 20 < 0.02
