"""Words read before anything is asked: the topics, the redirect or one question; nothing is kept."""

import logging

import pytest

from tests.support.postgres import Database
from tests.support.request_intake.division import SmallDivision

NEED = "/api/intake/v1/need"
WORDS = {
    "in_remit": "It takes us ten minutes to settle after recess, transitions are chaos.",
    "out_of_remit": "My laptop won't turn on and the screen is cracked.",
    "unclear": "help",
}


@pytest.fixture
def division(database: Database) -> SmallDivision:
    return SmallDivision(database)


def test_likely_topics_come_with_the_clause_that_says_so(division: SmallDivision) -> None:
    answer = division.client().post(NEED, json={"words": WORDS["in_remit"]})
    assert answer.status_code == 200
    first = answer.json["topics"][0]
    assert answer.json["decision"] == "in_remit"
    assert first["key"] == "classroom_routines"
    assert first["clause"].startswith("How the room runs")
    assert answer.json["coach_types"] == ["instructional"]
    assert answer.json["redirect"] is answer.json["question"] is None


def test_what_is_not_coaching_comes_with_its_redirect(division: SmallDivision) -> None:
    answer = division.client().post(NEED, json={"words": WORDS["out_of_remit"]})
    assert answer.json["decision"] == "out_of_remit"
    assert answer.json["redirect"]["key"] == "device_repair"
    assert answer.json["clause"].startswith("A device that is broken")


def test_what_is_not_clear_gets_one_question(division: SmallDivision) -> None:
    answer = division.client().post(NEED, json={"words": WORDS["unclear"]})
    assert answer.json["decision"] == "unclear"
    assert answer.json["question"].endswith("?")
    assert answer.json["redirect"] is None


@pytest.mark.parametrize("decision", sorted(WORDS))
def test_an_ask_of_the_same_words_is_decided_alike(division: SmallDivision, decision: str) -> None:
    body = {"words": WORDS[decision]}
    asked = division.client().post("/api/intake/v1/requests", json=body)
    assert asked.json["decision"] == decision


def test_the_words_are_neither_stored_nor_logged(
    division: SmallDivision, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        for words in WORDS.values():
            assert division.client().post(NEED, json={"words": words}).status_code == 200
    assert division.counts() == (0, 0, 0)
    assert not any(words in caplog.text for words in WORDS.values())


def test_it_is_for_those_who_have_a_token(division: SmallDivision) -> None:
    stranger = division.app.test_client()
    assert stranger.post(NEED, json={"words": "help"}).status_code == 401


@pytest.mark.parametrize("body", [{}, {"words": ""}, {"words": "x" * 2001}, {"words": 7}])
def test_bad_words_are_named(division: SmallDivision, body: dict[str, object]) -> None:
    refused = division.client().post(NEED, json=body)
    assert refused.status_code == 422
    assert refused.json["errors"][0]["field"] == "words"
