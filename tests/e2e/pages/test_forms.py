"""Every form of the pages, as a browser without scripts sends it, and as nobody should."""

import re
from datetime import datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.exc import OperationalError

from shared.clock import utc_now
from tests.support.pages import Hand, PagesDivision, scheduled, unreached, waiting
from tests.support.postgres import Database
from tests.support.request_intake.division import NOOR

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


def test_cancelling_asks_first_and_then_shows_that_it_is_done(
    hand: Hand, division: PagesDivision
) -> None:
    request = division.asks()
    division.scheduler_says(scheduled(request))
    hand.get(f"/requests/{request.id}/cancel")
    assert "Your meeting with Jo Lindqvist" in hand.page

    (version,) = re.findall(r'name="version" value="(\d+)"', hand.page)
    done = hand.post(f"/requests/{request.id}/cancel", version=version)

    hand.get(done.location)
    assert "This request is cancelled" in hand.page
    assert hand.get(f"/requests/{request.id}/cancel").status_code == 303


def test_a_cancellation_of_what_changed_meanwhile_is_asked_again(
    hand: Hand, division: PagesDivision
) -> None:
    request = division.asks()
    hand.get(f"/requests/{request.id}/cancel")
    changed = hand.post(f"/requests/{request.id}/cancel", version="7")

    assert changed.status_code == 409
    assert "Something changed while you looked" in hand.page


def test_the_page_of_a_scheduled_request_says_who_why_when_and_where(
    hand: Hand, division: PagesDivision
) -> None:
    request = division.asks()
    division.scheduler_says(scheduled(request), unreached(request))
    hand.get(f"/requests/{request.id}")

    for words in (
        "Jo Lindqvist",
        "Instructional coach",
        "Jo serves Tamarack School.",
        "Tamarack School, room 12",
        "first of 3 meetings",
        "Our mail did not reach you",
    ):
        assert words in hand.page


def test_the_page_of_a_waiting_request_says_what_stands_in_the_way(
    hand: Hand, division: PagesDivision
) -> None:
    request = division.asks()
    division.scheduler_says(waiting(request))
    hand.get(f"/requests/{request.id}")

    assert "Both coaches are full until Friday." in hand.page


@pytest.mark.parametrize(
    ("look", "refreshes"),
    [("0", True), ("19", True), ("20", False), ("stop", False), ("-1", False), ("9" * 40, False)],
)
def test_a_page_looks_again_by_itself_for_a_minute_at_most(
    hand: Hand, division: PagesDivision, look: str, *, refreshes: bool
) -> None:
    request = division.asks()
    hand.get(f"/requests/{request.id}?look={look}")

    assert ('http-equiv="refresh"' in hand.page) is refreshes


def test_a_decline_names_its_clause_and_where_to_go(hand: Hand, division: PagesDivision) -> None:
    request = division.asks(topic="device_repair")
    hand.get(f"/requests/{request.id}")

    assert "This one is for somebody else" in hand.page
    assert 'href="https://help.example.org/devices"' in hand.page
    assert "Repair or replacement of laptops" in hand.page


def test_an_urgent_redirect_stands_first_on_a_page_of_coaching(
    hand: Hand, division: PagesDivision
) -> None:
    words = "A pupil told me that she hurts herself, and I would like to plan my fractions unit."
    hand.get(f"/requests/{division.asks(words=words).id}")

    assert "First, and now" in hand.page
    assert "counsellor" in hand.page


def test_unclear_words_lead_to_the_nearest_topics(hand: Hand, division: PagesDivision) -> None:
    hand.get(f"/requests/{division.asks(words='help', topic=None).id}")

    assert "A person will read it" in hand.page


def test_anothers_request_does_not_exist(hand: Hand, division: PagesDivision) -> None:
    request = division.asks()
    stranger = Hand(division, NOOR)

    for path in (f"/requests/{request.id}", f"/requests/{request.id}/cancel"):
        assert stranger.get(path).status_code == 404
    stranger.get("/ask")
    assert stranger.post(f"/requests/{request.id}/cancel").status_code == 404
    assert hand.get(f"/requests/{uuid4()}").status_code == 404


def test_who_is_nobody_yet_is_asked_who_she_is(division: PagesDivision) -> None:
    nobody = Hand(division, person=None)

    for path in ("/ask", "/requests", f"/requests/{uuid4()}"):
        assert nobody.get(path).location == "/"
    nobody.get("/")
    assert nobody.post("/be", person="not an id").status_code == 422
    nobody.get("/")
    assert nobody.post("/be", person=str(uuid4())).status_code == 422


def test_somebody_who_left_the_division_is_asked_who_she_is(hand: Hand, database: Database) -> None:
    database.sql("UPDATE access.actor SET disabled_at = now()")

    assert hand.get("/ask").location == "/"


def test_without_demo_the_pages_are_closed_kindly(database: Database) -> None:
    nobody = Hand(PagesDivision(database, demo=False), person=None)

    assert nobody.get("/").status_code == 200
    assert "Sign-in is on its way" in nobody.page
    assert nobody.get("/ask").status_code == 403
    assert nobody.get("/requests").status_code == 403


def test_every_answer_carries_the_strict_headers(hand: Hand, division: PagesDivision) -> None:
    request = division.asks()
    for path in ("/", "/ask", "/requests", f"/requests/{request.id}", "/nowhere", "/ui/remit.css"):
        headers = hand.get(path).headers
        assert headers["Content-Security-Policy"].startswith(
            "default-src 'none'; script-src 'self'"
        )
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
    assert hand.get("/ask").headers["Cache-Control"] == "no-store"


def test_assets_are_packed_and_kept_for_a_year(hand: Hand) -> None:
    hand.get("/")
    (sheet,) = re.findall(r'href="(/bootstrap/[^"]+)"', hand.page)
    asset = hand.get(sheet, **{"Accept-Encoding": "gzip"})

    assert "immutable" in asset.headers["Cache-Control"]
    assert asset.headers["Content-Encoding"] == "gzip"
    assert int(asset.headers["Content-Length"]) < 40_000


def test_errors_of_the_api_stay_problem_details(hand: Hand) -> None:
    assert hand.get("/api/intake/v1/nowhere").mimetype == "application/problem+json"
    assert hand.get("/nowhere").mimetype == "text/html"


def test_pages_speak_french_when_asked_and_remember_it(hand: Hand) -> None:
    hand.get("/ask?lang=fr")
    assert '<html lang="fr">' in hand.page
    hand.get("/requests")
    assert "Mes demandes" in hand.page
    hand.get("/requests?lang=en", **{"Accept-Language": "fr"})
    assert "My requests" in hand.page


def test_pages_speak_the_browsers_language(division: PagesDivision) -> None:
    hand = Hand(division, person=None)
    hand.get("/", **{"Accept-Language": "fr-CA,fr;q=0.9"})

    assert "Qui êtes-vous" in hand.page
