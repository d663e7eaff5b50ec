"""The pages that follow a request: where it stands and why, and taking it back."""

import re
from dataclasses import replace
from uuid import uuid4

import pytest

from tests.support.pages import Hand, PagesDivision, a_cycle, scheduled, unreached, waiting
from tests.support.request_intake.division import NOOR


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
        "Our mail did not reach you",
    ):
        assert words in hand.page


def test_the_page_of_a_cycle_has_all_its_meetings_and_what_is_offered(
    hand: Hand, division: PagesDivision
) -> None:
    request = division.asks()
    division.scheduler_says(a_cycle(request))
    hand.get(f"/requests/{request.id}")

    for words in (
        "Your cycle with Jo Lindqvist",
        "4 meetings, one goal, one coach.",
        "1 meeting has no time yet",
        "These times are held for you",
        f"/cycles/{request.id}",
    ):
        assert words in hand.page


def test_a_cycle_that_ended_without_a_meeting_is_cancelled_and_else_completed(
    hand: Hand, division: PagesDivision
) -> None:
    first, second = division.asks(), division.asks()
    ended = replace(a_cycle(first), state="ended", because="ended", offers=())
    met = tuple(replace(one, state="completed") for one in ended.meetings)
    division.scheduler_says(
        replace(ended, meetings=()),
        replace(ended, request_id=second.id, meetings=met),
    )
    hand.get(f"/requests/{first.id}")
    assert "This request is cancelled" in hand.page
    hand.get(f"/requests/{second.id}")
    assert "You have met" in hand.page


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
