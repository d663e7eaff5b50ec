"""The form, as a browser without scripts sends it, and as nobody should."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.exc import OperationalError

from shared.clock import utc_now
from tests.support.pages import Hand, PagesDivision
from tests.support.postgres import Database

ASK = {"words": "Could we plan my unit on fractions?", "topic": "unit_planning"}


def test_an_ask_is_sent_and_answered_with_its_own_page(hand: Hand, division: PagesDivision) -> None:
    hand.get("/ask")
    sent = hand.post("/ask", key=hand.key, **ASK)

    assert sent.status_code == 303
    hand.get(sent.location)
    assert "We have it, and look for your coach" in hand.page
    assert division.counts() == (1, 1, 1)


def test_the_same_form_sent_twice_is_one_request(hand: Hand, division: PagesDivision) -> None:
    hand.get("/ask")
    key = hand.key
    first, second = (hand.post("/ask", key=key, **ASK) for _ in range(2))

    assert first.location == second.location
    assert division.counts()[0] == 1


def test_an_old_form_with_other_words_is_offered_as_a_second_request(
    hand: Hand, division: PagesDivision
) -> None:
    hand.get("/ask")
    key = hand.key
    hand.post("/ask", key=key, **ASK)
    hand.get("/ask")
    again = hand.post("/ask", key=key, **ASK | {"words": "And my unit on decimals?"})

    assert again.status_code == 409
    assert "You sent this form before" in hand.page
    assert "And my unit on decimals?" in hand.page
    assert hand.post("/ask", key=hand.key, **ASK).status_code == 303
    assert division.counts()[0] == 2


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("words", "", "Say in a few words"),
        ("words", "x" * 2_001, "at most 2000"),
        ("words", "a\0b", "can not store"),
        ("room", "r" * 81, "at most 80"),
        ("room", "\u202eroom", "can not store"),
        ("topic", "no_such_topic", "Choose a topic"),
        ("support_mode", "no_such_mode", "you can be helped by"),
        ("support_mode", "coordination", "you can be helped by: Consultation"),
        ("meeting", "on the moon", "where you would like to meet"),
        ("when", "never", "Choose when you are free"),
    ],
)
def test_what_can_not_be_taken_is_named_and_all_that_was_typed_stays(
    hand: Hand, division: PagesDivision, field: str, value: str, said: str
) -> None:
    hand.get("/ask")
    typed = {"room": "Portable 3", "key": hand.key, **ASK} | {field: value}
    refused = hand.post("/ask", **typed)

    assert refused.status_code == 422
    assert said in hand.page
    assert f'href="#{field}"' in hand.page
    assert f'id="{field}"' in hand.page
    assert field == "room" or 'value="Portable 3"' in hand.page
    assert field == "words" or ASK["words"] in hand.page
    assert hand.key == typed["key"]
    assert division.counts() == (0, 0, 0)


def test_collaboration_can_not_be_had_online_and_the_form_says_so_at_its_field(hand: Hand) -> None:
    hand.get("/ask")
    hand.post("/ask", key=hand.key, **ASK, support_mode="collaboration", meeting="online")

    assert 'href="#meeting"' in hand.page
    assert "not held online" in hand.page


def test_her_free_times_are_kept_as_instants_of_the_divisions_zone(
    hand: Hand, database: Database
) -> None:
    day = (utc_now() + timedelta(days=8)).date()
    hand.get("/ask")
    times = {"day_2": day.isoformat(), "from_2": "09:00", "to_2": "10:30"}
    assert hand.post("/ask", key=hand.key, **ASK, when="these", **times).status_code == 303

    ((kept,),) = database.sql("SELECT windows->0->>'starts_at' FROM request_intake.request")
    nine = datetime.combine(day, time(9), ZoneInfo("America/Edmonton"))
    assert datetime.fromisoformat(str(kept)) == nine


def test_a_form_without_its_token_is_kept_and_can_be_sent_again(
    hand: Hand, division: PagesDivision
) -> None:
    hand.get("/ask")
    key = hand.key
    expired = hand.post("/ask", key=key, csrf_token="", **ASK)

    assert expired.status_code == 400
    assert ASK["words"] in hand.page
    assert division.counts() == (0, 0, 0)
    assert hand.post("/ask", key=hand.key, **ASK).status_code == 303
    assert hand.key == key


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example.org"},
        {"Origin": "null"},
    ],
)
def test_a_form_from_another_site_changes_nothing_and_is_not_offered_again(
    hand: Hand, division: PagesDivision, headers: dict[str, str]
) -> None:
    hand.get("/ask")
    foreign = hand.post("/ask", headers=headers, key=hand.key, **ASK)

    assert foreign.status_code == 403
    assert ASK["words"] not in hand.page
    assert division.counts() == (0, 0, 0)


def test_without_a_database_the_page_says_not_saved_and_keeps_what_was_typed(
    hand: Hand, division: PagesDivision, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_args: object) -> None:
        raise OperationalError("SELECT", {}, Exception())

    hand.get("/ask")
    key = hand.key
    with monkeypatch.context() as broken:
        broken.setattr(type(division.application), "asker", unreachable)
        broken.setattr(type(division.application), "model", unreachable)
        refused = hand.post("/ask", key=key, **ASK)

    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "5"
    assert ASK["words"] in hand.page
    assert hand.post("/ask", key=hand.key, **ASK).status_code == 303


def test_an_error_of_ours_is_a_page_of_ours_and_shows_nothing_of_itself(
    hand: Hand, division: PagesDivision, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_args: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(type(division.application), "requests", breaks)
    failed = hand.get("/requests")

    assert failed.status_code == 500
    assert "Something broke on our side" in hand.page
    assert "secret" not in hand.page


def test_words_are_read_before_they_are_sent_and_are_not_kept(
    hand: Hand, division: PagesDivision
) -> None:
    sounds_like = {
        "It takes ten minutes to settle after recess.": 'data-topic="classroom_routines"',
        "My laptop won't turn on and the screen is cracked.": "IT help desk",
        "help": "What would you like to be different in your teaching?",
        "": "",
    }
    for words, found in sounds_like.items():
        hand.get("/ask")
        assert hand.post("/ask/reading", words=words).status_code == 200
        assert found in hand.page
    assert division.counts() == (0, 0, 0)
