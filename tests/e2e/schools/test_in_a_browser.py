"""Schools' time in a real browser: on a phone and a desk, by day and night, without scripts."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.schools.test_school_years import PAGE, RIGHT
from tests.support.browser import DESKTOP, PHONE, Visitor, serving, visitor
from tests.support.scheduler.pages import Site

_REFUSED = re.compile("422|409")


@pytest.fixture
def address(site: Site) -> Iterator[str]:
    with serving(site.app) as base:
        yield base


@contextmanager
def sitting(chromium: Browser, address: str, name: str, **options: Any) -> Iterator[Visitor]:
    """Somebody of the demo division at her browser."""
    with visitor(chromium, address, **options) as someone:
        someone.visit("/")
        someone.page.get_by_role("button", name=name).click()
        expect(someone.page.get_by_role("complementary", name="Demo")).to_be_visible()
        yield someone
        assert [said for said in someone.complaints if not _REFUSED.search(said)] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desk"])
def test_school_years_are_accessible_and_fit_the_window(
    chromium: Browser, site: Site, address: str, scheme: str, viewport: dict[str, int]
) -> None:
    options = {"color_scheme": scheme, "viewport": viewport}
    with sitting(chromium, address, "Ada Brandt", **options) as office:
        page, found = office.page, {}

        def look(state: str) -> None:
            found[state] = (office.violations(), office.sideways(), office.small_targets())

        office.visit("/school-years")
        look("none known")
        page.get_by_role("link", name="Tamarack School").click()
        look("empty form")
        fill(office)
        page.get_by_role("button", name="Look at it first").click()
        expect(page.get_by_role("heading", name="As it would be")).to_be_visible()
        look("looked at")
        page.get_by_role("button", name="Save this year").click()
        expect(page.get_by_role("status")).to_contain_text("Saved.")
        look("saved")
        office.visit("/school-years")
        look("list")
        office.visit(f"{PAGE}?lang=fr")
        look("in French")
        assert {state: what for state, what in found.items() if what != ([], 0, [])} == {}

        page.get_by_role("textbox", name="Sonneries").fill("1 10-ish")
        page.get_by_role("button", name="Enregistrer cette année").click()
        expect(page.get_by_role("alert")).to_be_visible()
        assert (office.violations(), office.sideways()) == ([], 0)


def fill(office: Visitor) -> None:
    """Type the year that is right."""
    page = office.page
    for name in ("First day", "Last day", "Day labels"):
        field = name.lower().replace(" ", "_").removeprefix("day_")
        page.get_by_label(name).fill(RIGHT[field])
    for weekday in ("Saturday", "Sunday"):
        page.get_by_label(weekday).check()
    for name, field in (("Bells", "bells"), ("Days without school", "closures")):
        page.get_by_role("textbox", name=name, exact=True).fill(RIGHT[field])


def test_a_year_is_written_without_any_script(chromium: Browser, site: Site, address: str) -> None:
    with sitting(chromium, address, "Ada Brandt", java_script_enabled=False) as office:
        office.visit(PAGE)
        fill(office)
        bells = office.page.locator("#bells")
        bells.fill("1 8:30")
        office.page.get_by_role("button", name="Save this year").click()
        expect(office.page.get_by_role("alert")).to_contain_text("Line 1: Write a period's name")
        expect(bells).to_have_value("1 8:30")
        bells.fill(RIGHT["bells"])
        office.page.get_by_role("button", name="Save this year").click()
        expect(office.page.get_by_role("status")).to_contain_text("Saved.")
        office.page.get_by_role("link", name="All school years").click()
        expect(office.page.get_by_text("Today: Day")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desk"])
def test_a_timetable_is_accessible_and_fits_the_window(
    chromium: Browser, site: Site, address: str, scheme: str, viewport: dict[str, int]
) -> None:
    with sitting(chromium, address, "Maya Okafor", color_scheme=scheme, viewport=viewport) as maya:
        found = {}
        for state in ("not known", "empty", "saved"):
            maya.visit("/my-timetable")
            if state == "saved":
                maya.page.get_by_role("group", name="Day 2").get_by_label("1").select_option("prep")
                maya.page.get_by_role("button", name="Save my timetable").click()
                expect(maya.page.get_by_role("status")).to_contain_text("Saved.")
            found[state] = (maya.violations(), maya.sideways(), maya.small_targets())
            office = site.window()
            office.get(PAGE)
            office.post(PAGE, version="0", do="save", **RIGHT)
        maya.visit("/ask")
        found["ask"] = (maya.violations(), maya.sideways(), maya.small_targets())
    assert {state: what for state, what in found.items() if what != ([], 0, [])} == {}


def test_a_timetable_is_filled_in_by_keyboard_alone_and_without_any_script(
    chromium: Browser, site: Site, address: str
) -> None:
    office = site.window()
    office.get(PAGE)
    office.post(PAGE, version="0", do="save", **RIGHT)
    with sitting(chromium, address, "Maya Okafor", java_script_enabled=False) as maya:
        maya.visit("/my-timetable")
        first = maya.page.get_by_role("group", name="Day 1").get_by_label("1")
        first.focus()
        maya.page.keyboard.press("ArrowDown")
        expect(first).to_have_value("teach")
        maya.page.keyboard.press("Enter")
        maya.page.get_by_role("button", name="Save my timetable").press("Enter")
        expect(maya.page.get_by_role("status")).to_contain_text("Saved.")
        expect(first).to_have_value("teach")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desk"])
def test_travel_is_accessible_fits_the_window_and_needs_no_script(
    chromium: Browser, address: str, scheme: str, viewport: dict[str, int]
) -> None:
    options = {"color_scheme": scheme, "viewport": viewport, "java_script_enabled": True}
    with sitting(chromium, address, "Ada Brandt", **options) as office:
        page = office.page
        office.visit("/travel")
        assert (office.violations(), office.sideways(), office.small_targets()) == ([], 0, [])
        page.get_by_label("Minutes between schools").fill("birch <-> oak 12")
        page.get_by_role("button", name="Save travel").click()
        expect(page.get_by_role("alert")).to_contain_text("Line 1: There is no such school.")
        assert (office.violations(), office.sideways()) == ([], 0)
    options["java_script_enabled"] = False
    with sitting(chromium, address, "Ada Brandt", **options) as office:
        office.visit("/travel")
        office.page.get_by_label("Minutes between schools").fill("birch <-> tamarack 12")
        office.page.get_by_role("button", name="Save travel").click()
        expect(office.page.get_by_role("status")).to_contain_text("Saved.")
