"""A coach's own hours in a real browser: on a phone and a desk, by day and night, without scripts."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.coaches.conftest import JO
from tests.support.browser import DESKTOP, PHONE, Visitor, serving, visitor
from tests.support.request_intake.division import OFFICE
from tests.support.scheduler.pages import Site

_REFUSED = re.compile("422|409")
PAGE, ADMINS = "/my-hours", f"/coaches/{JO}/hours"


@pytest.fixture
def address(site: Site) -> Iterator[str]:
    with serving(site.app) as base:
        yield base


@contextmanager
def sitting(chromium: Browser, address: str, person: UUID, **options: Any) -> Iterator[Visitor]:
    """Somebody of the small division at her browser."""
    with visitor(chromium, address, **options) as someone:
        someone.visit("/")
        token = someone.page.locator("input[name=csrf_token]").first.get_attribute("value") or ""
        form: dict[str, str | float | bool] = {"csrf_token": token, "person": str(person)}
        assert someone.page.request.post(f"{address}/be", form=form).ok
        yield someone
        assert [said for said in someone.complaints if not _REFUSED.search(said)] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desk"])
def test_her_hours_are_accessible_and_fit_the_window(
    chromium: Browser,
    address: str,
    asks: Callable[..., UUID],
    in_a_week: date,
    scheme: str,
    viewport: dict[str, int],
) -> None:
    asks(10)
    options = {"color_scheme": scheme, "viewport": viewport}
    with sitting(chromium, address, JO, **options) as jo:
        page, found = jo.page, {}

        def look(state: str) -> None:
            found[state] = (jo.violations(), jo.sideways(), jo.small_targets())

        jo.visit(PAGE)
        look("as it stands")
        page.get_by_label("Weekly hours").fill("moon 8-12")
        page.get_by_role("button", name="Save these hours").click()
        expect(page.get_by_role("alert")).to_contain_text("Line 1: Write weekdays")
        look("wrong")
        page.get_by_label("Weekly hours").fill("mon-sun 8-9")
        page.get_by_role("button", name="Save these hours").click()
        expect(page.get_by_role("alert")).to_contain_text("1 meeting would stand outside")
        look("asked")
        page.get_by_role("button", name="They stay as they are").click()
        expect(page.get_by_role("status")).to_contain_text("Saved.")
        page.get_by_label("First day").fill(in_a_week.isoformat())
        page.get_by_role("button", name="Note it").click()
        page.get_by_role("button", name="Find another time").click()
        expect(page.get_by_role("status").first).to_contain_text("Noted.")
        page.get_by_role("button", name="Lighten next week").click()
        expect(page.get_by_role("status")).to_contain_text("lighter")
        look("noted and lighter")
        jo.visit(f"{PAGE}?lang=fr")
        look("in French")
    assert {state: what for state, what in found.items() if what != ([], 0, [])} == {}


def test_she_keeps_her_hours_without_any_script(
    chromium: Browser, address: str, in_a_week: date, asks: Callable[..., UUID]
) -> None:
    asks(10)
    with sitting(chromium, address, JO, java_script_enabled=False) as jo:
        jo.visit(PAGE)
        jo.page.get_by_label("Weekly hours").fill("mon-sun 8-9")
        jo.page.get_by_role("button", name="Save these hours").click()
        jo.page.get_by_role("button", name="Find another time").click()
        expect(jo.page.get_by_role("status").nth(1)).to_contain_text("1 meeting was released")
        jo.page.get_by_label("First day").fill(in_a_week.isoformat())
        jo.page.get_by_role("button", name="Note it").click()
        jo.page.get_by_role("button", name="Take back").click()
        expect(jo.page.get_by_role("status")).to_contain_text("Taken back")


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desk"])
def test_an_admins_page_of_hers_is_accessible_too(
    chromium: Browser, site: Site, address: str, viewport: dict[str, int]
) -> None:
    site.database.sql("UPDATE scheduler.coach SET protected_percent = 50 RETURNING 1")
    with sitting(chromium, address, OFFICE, viewport=viewport) as office:
        found: dict[str, Any] = {}
        office.visit(ADMINS)
        found["as it stands"] = (office.violations(), office.sideways(), office.small_targets())
        office.page.get_by_label("Minutes", exact=True).fill("30")
        office.page.get_by_label("Reason").fill("Report cards")
        office.page.get_by_role("button", name="Grant it").click()
        expect(office.page.get_by_role("status")).to_contain_text("Granted.")
        found["granted"] = (office.violations(), office.sideways(), office.small_targets())
    assert {state: what for state, what in found.items() if what != ([], 0, [])} == {}
