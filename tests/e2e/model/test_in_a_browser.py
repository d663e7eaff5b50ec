"""Tried as a new admin would, in Chromium on the running stack: from a declined ask to a coach of a fifth type."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.model.office import Office
from tests.support.browser import DESKTOP, PHONE, Visitor, visitor
from tests.support.running_stack import RunningStack
from tests.support.waiting import until

_LONG = 30_000  # milliseconds: what is looked for may wait for workers, on a busy machine
_RIGHTS_COACH = {
    "key": "rights",
    "name": "Rights coach",
    "summary": "Helps teachers with what may be copied and shown.",
    "covers": "What may be copied for a class.",
    "does_not_cover": "Advice in a lawsuit.",
    "caps.sessions_per_day": "4",
    "caps.cycles_at_once": "3",
    "caps.weekly_minutes": "600",
    "caps.protected_share": "0.2",
}
_TOPIC = {
    "key": "copyright_legal",
    "title": "What a class may copy",
    "description": "Choosing texts and films that a class may copy and show.",
    "examples": "May I copy a chapter for my class?",
}
_WORDS = "May I copy a chapter of a novel for my class?"


@pytest.fixture(scope="module", autouse=True)
def patience() -> Iterator[None]:
    """The workers of a busy machine take their time."""
    expect.set_options(timeout=_LONG)
    yield
    expect.set_options(timeout=None)


@contextmanager
def at(
    chromium: Browser, stack: RunningStack, persona: str, **options: object
) -> Iterator[Visitor]:
    """The browser of whoever stands first under this heading, in a session of hers."""
    with visitor(chromium, stack.address.web_url, **options) as someone:
        someone.visit("/")
        those = someone.page.get_by_role("region", name=persona)
        those.get_by_role("button").first.click()
        expect(someone.page.get_by_role("complementary", name="Demo")).to_be_visible()
        yield someone


def ask(page: Page) -> None:
    page.goto(re.sub(r"(https?://[^/]+).*", r"\1/ask", page.url))
    page.get_by_label("In your own words").fill(_WORDS)
    page.get_by_label("What is it about?").select_option("copyright_legal")
    page.get_by_role("button", name="Send my request").click()


def fill(page: Page, section: str, fields: dict[str, str], *ticks: str) -> None:
    """A new entry of the draft."""
    page.get_by_role("link", name=f"Add {section}", exact=True).click()
    for name, value in fields.items():
        page.locator(f'[name="{name}"]').fill(value)
    for tick in ticks:
        page.get_by_label(tick, exact=True).check()
    page.get_by_role("button", name="Save in the draft").click()
    expect(page.get_by_role("heading", name="The draft", exact=True)).to_be_visible()


def drafts(page: Page) -> None:
    """A fifth coach type, with a topic that was not coaching before."""
    page.get_by_role("button", name="Start a draft from it").click()
    fill(page, "Coach types", _RIGHTS_COACH, "Consultation")
    fill(page, "Topics in remit", _TOPIC, "Rights coach", "Consultation")
    page.get_by_role("link", name="Copyright, consent and legal questions").click()
    page.get_by_role("button", name="Take it out of the draft").click()
    changes = page.get_by_role("region", name=re.compile("Changes against version"))
    for said in ("rights is new", "copyright_legal is new", "copyright_legal is taken out"):
        expect(changes).to_contain_text(re.compile(said.replace(" ", r"\s+")))


def previews(page: Page) -> None:
    page.get_by_role("link", name="See the form as a teacher would").click()
    topic = page.locator('optgroup[label="Rights coach"] option')
    expect(topic).to_have_text(["What a class may copy"])
    expect(page.get_by_role("button", name="Send my request")).to_be_disabled()
    page.get_by_role("link", name="Back to the draft").click()


def replays(page: Page) -> None:
    """The page follows the workers by itself, until it says what would flip."""
    page.get_by_role("button", name="Replay them").click()
    expect(page.get_by_role("heading", name="Replay of last term's asks")).to_be_visible()
    flip = page.locator("section.sheet", has_text=_TOPIC["description"])
    expect(flip).to_contain_text("What a class may copy (Rights coach)")
    expect(flip.locator(".badge-line")).to_have_text("1")
    judged = page.get_by_role("progressbar")
    expect(judged).to_have_attribute("value", judged.get_attribute("max") or "")
    page.get_by_role("link", name="Back to the draft").click()


def publishes(page: Page) -> None:
    page.get_by_label("Why", exact=True).fill("Teachers asked what they may copy.")
    page.get_by_role("button", name="Publish as version").click()
    expect(page.locator("section.sheet", has_text="In force")).to_contain_text(
        "Teachers asked what they may copy."
    )


def appoints(page: Page, coaches: int) -> None:
    """Every coach who has the instructional type gets the new one too."""
    page.get_by_role("link", name="Coaches", exact=True).click()
    nobody = page.get_by_text("No coach offers Rights coach yet")
    until(lambda: page.reload() and nobody.count() == 1)  # once the scheduler has heard of it
    rows = page.locator("ul.rows li", has_text="Instructional coach")
    expect(rows).to_have_count(coaches)
    for number in range(coaches):
        rows.nth(number).get_by_role("link").click()
        page.get_by_role("group", name="Rights coach").get_by_label("Consultation").check()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Saved. Whoever waits for what is new")).to_be_visible()
        page.get_by_role("link", name="All coaches").click()
    expect(nobody).to_have_count(0)


def test_a_new_admin_makes_a_fifth_coach_type_and_a_teacher_s_ask_reaches_a_coach_of_it(
    chromium: Browser, stack: RunningStack, office: Office
) -> None:
    with (
        at(chromium, stack, "Who are you today?", viewport=PHONE) as hers,
        at(chromium, stack, "Or look after the coaching model", viewport=DESKTOP) as desk,
    ):
        ask(hers.page)
        expect(hers.page.get_by_role("heading", level=1)).to_have_text(
            "This one is for somebody else"
        )

        desk.visit("/model")
        drafts(desk.page)
        previews(desk.page)
        replays(desk.page)
        assert desk.violations() == []
        publishes(desk.page)

        ask(hers.page)
        expect(hers.page.get_by_role("heading", level=1)).to_have_text("You are on the waitlist")
        appoints(desk.page, coaches=4)
        expect(hers.page.get_by_role("heading", name="Does this time suit you?")).to_be_visible()
        hers.page.get_by_role("button", name="Yes, this time suits me").click()
        expect(hers.page.get_by_role("heading", level=1)).to_have_text("You have a coach")
        expect(hers.page.locator("main")).to_contain_text("Rights coach")
        assert desk.complaints == hers.complaints == []
