"""The pages in a real browser: on a phone and a desk, by day and night, by keyboard, without scripts."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from shared.clock import utc_now
from tests.support.browser import DESKTOP, PHONE, Visitor, serving, visitor
from tests.support.pages import PagesDivision, scheduled, unreached, waiting
from tests.support.waiting import until


@pytest.fixture
def address(division: PagesDivision) -> Iterator[str]:
    with serving(division.app) as base:
        yield base


@contextmanager
def maya(chromium: Browser, address: str, **options: Any) -> Iterator[Visitor]:
    """Maya, at the form."""
    with visitor(chromium, address, **options) as someone:
        someone.visit("/")
        someone.page.get_by_role("button", name="Maya Okafor").click()
        expect(someone.page.get_by_role("heading", name="What do you need?")).to_be_visible()
        yield someone


def _every_page(division: PagesDivision) -> dict[str, str]:
    """An address for every page there is and every state of a request."""
    states = {
        "new": division.asks(),
        "waiting": division.asks(),
        "scheduled": division.asks(),
        "cancelled": division.asks(),
        "declined": division.asks(topic="device_repair"),
        "unclear": division.asks(words="help", topic=None),
        "beside": division.asks(words="A pupil told me that she hurts herself. Fractions?"),
    }
    booked = scheduled(states["scheduled"])
    division.scheduler_says(booked, waiting(states["waiting"]), unreached(states["scheduled"]))
    gone = states["cancelled"]
    division.application.cancel(gone.teacher_id, gone.id, seen_version=None)
    pages = {name: f"/requests/{request.id}" for name, request in states.items()}
    return pages | {
        "who": "/",
        "ask": "/ask",
        "list": "/requests",
        "cancel": f"{pages['scheduled']}/cancel",
        "nowhere": "/nowhere",
        "french": "/ask?lang=fr",
        "french request": f"{pages['scheduled']}?lang=fr",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desk"])
def test_every_page_is_accessible_fits_the_window_and_breaks_no_rule(
    chromium: Browser, address: str, division: PagesDivision, scheme: str, viewport: dict[str, int]
) -> None:
    found = {}
    with maya(chromium, address, color_scheme=scheme, viewport=viewport) as someone:
        for name, path in _every_page(division).items():
            someone.visit(path)
            found[name] = (someone.violations(), someone.sideways(), someone.small_targets())
        complaints = [c for c in someone.complaints if "404" not in c]

    assert {name: what for name, what in found.items() if what != ([], 0, [])} == {}
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_form_to_be_mended_is_accessible_and_leads_to_its_fields(
    chromium: Browser, address: str, scheme: str
) -> None:
    with maya(chromium, address, color_scheme=scheme) as someone:
        page = someone.page
        page.get_by_label("Only at these times").check()
        page.locator("#from_1").fill("10:00")
        page.get_by_role("button", name="Send my request").click()
        expect(page.get_by_role("alert")).to_contain_text("3 things need another look")

        assert someone.violations() == []
        assert someone.sideways() == 0
        page.get_by_role("link", name="Say in a few words").click()
        expect(page.locator("#words")).to_be_focused()
        page.get_by_role("link", name="Time 1: choose a day.").click()
        expect(page.locator("#day_1")).to_be_focused()
        expect(page.locator("#from_1")).to_have_value("10:00")


def test_the_whole_way_needs_no_script(
    chromium: Browser, address: str, division: PagesDivision
) -> None:
    with maya(chromium, address, java_script_enabled=False) as someone:
        page = someone.page
        page.locator("#words").fill("Could we plan my unit on fractions?")
        page.locator("#topic").select_option("unit_planning")
        page.get_by_label("Do it with me").check()
        page.get_by_label("Only at these times").check()
        page.locator("#day_1").fill((utc_now() + timedelta(days=9)).date().isoformat())
        page.locator("#from_1").fill("09:00")
        page.locator("#to_1").fill("11:00")
        page.get_by_role("button", name="Send my request").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("We have it"))

        (request,) = division.application.requests(division.asker().person.id)
        division.scheduler_says(scheduled(request))
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "You have a coach", timeout=20_000
        )
        page.get_by_role("link", name="Cancel this request").click()
        page.get_by_role("button", name="Yes, cancel it").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("This request is cancelled")


def test_with_scripts_the_page_follows_without_being_loaded_anew(
    chromium: Browser, address: str, division: PagesDivision
) -> None:
    request = division.asks()
    with maya(chromium, address) as someone:
        someone.visit(f"/requests/{request.id}")
        someone.page.evaluate("window.sameDocument = true")
        division.scheduler_says(scheduled(request))
        expect(someone.page.get_by_role("heading", level=1)).to_have_text(
            "You have a coach", timeout=20_000
        )

        assert someone.page.evaluate("window.sameDocument")
        assert someone.page.get_by_role("status").text_content() == "You have a coach"
        assert someone.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_are_read_while_she_types_and_one_tap_chooses_a_topic(
    chromium: Browser, address: str, scheme: str
) -> None:
    with maya(chromium, address, viewport=PHONE, color_scheme=scheme) as someone:
        page = someone.page
        page.get_by_label("In your own words").press_sequentially(
            "It takes ten minutes to settle after recess, transitions are chaos."
        )
        likely = page.get_by_role("button", name="Classroom routines and transitions")
        likely.click(timeout=20_000)
        expect(page.get_by_label("What is it about?")).to_have_value("classroom_routines")
        expect(likely).to_have_attribute("aria-pressed", "true")
        assert someone.violations() == []
        assert someone.sideways() == 0
        assert someone.small_targets() == []

        page.get_by_label("In your own words").fill(
            "My laptop won't turn on, the screen is cracked."
        )
        expect(page.get_by_text("This sounds like something for somebody else")).to_be_visible(
            timeout=20_000
        )
        assert someone.violations() == []
        assert someone.complaints == []


def test_the_keyboard_alone_is_enough(
    chromium: Browser, address: str, division: PagesDivision
) -> None:
    with maya(chromium, address, viewport=DESKTOP) as someone:
        keys = someone.page.keyboard
        someone.visit("/ask")
        keys.press("Tab")
        expect(someone.page.get_by_role("link", name="Skip to the content")).to_be_focused()
        keys.press("Enter")
        keys.press("Tab")
        expect(someone.page.locator("#words")).to_be_focused()
        keys.type("Could we plan my unit on fractions?")
        keys.press("Tab")
        keys.type("Planning a unit")
        keys.press("Tab")
        keys.press("ArrowDown")
        someone.tab_to("Send my request")
        keys.press("Enter")
        expect(someone.page.get_by_role("heading", level=1)).to_have_text(re.compile("We have it"))

    (request,) = division.application.requests(division.asker().person.id)
    assert (request.topic, request.support_mode) == ("unit_planning", "consultation")


def test_a_text_half_as_large_again_still_fits_a_phone(chromium: Browser, address: str) -> None:
    with maya(chromium, address) as someone:
        someone.page.evaluate("document.documentElement.style.fontSize = '150%'")

        assert someone.sideways() == 0


def test_nothing_inline_runs(chromium: Browser, address: str) -> None:
    with maya(chromium, address) as someone:
        someone.page.evaluate(
            "const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
            " document.head.append(s)"
        )
        until(lambda: bool(someone.complaints), limit=5)

        assert someone.page.evaluate("window.ran") is None
        assert "Content Security Policy" in someone.complaints[0]
