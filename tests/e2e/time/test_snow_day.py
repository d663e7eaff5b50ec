"""Tried as a new user would, in Chromium on the running stack: an ask for her prep, a snow day, one tap."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.time.days import Days, methods
from tests.support.browser import PHONE, visitor
from tests.support.running_stack import RunningStack
from tests.support.stack_people import SCHEDULER, People
from tests.support.waiting import until

_LONG = 30_000  # milliseconds: what is looked for may wait for workers, on a busy machine
_WORDS = "I would like to think through how I group pupils for guided reading."


@pytest.fixture(scope="module", autouse=True)
def patience() -> Iterator[None]:
    """The workers of a busy machine take their time."""
    expect.set_options(timeout=_LONG)
    yield
    expect.set_options(timeout=None)


def test_a_prep_ask_a_snow_day_and_one_tap(
    chromium: Browser, stack: RunningStack, people: People, days: Days
) -> None:
    teacher, school = days.on_a_six_day_cycle()
    elsewhere, other = days.on_a_six_day_cycle()
    untouched = elsewhere.booked(elsewhere.asks(words=_WORDS, topic="unit_planning"))
    base = stack.address.web_url
    with visitor(chromium, base, viewport=PHONE) as she, visitor(chromium, base) as office:
        she.visit("/")
        be(she.page, teacher.person.id)
        she.visit("/ask")
        she.page.get_by_label("In your own words").fill(_WORDS)
        she.page.get_by_label("What is it about?").select_option("unit_planning")
        she.page.get_by_text("In my prep periods").click()
        assert she.sideways() <= 0
        she.page.get_by_role("button", name="Send my request").click()
        expect(she.page.get_by_role("heading", name="You have a coach")).to_be_visible()
        request = {"id": she.page.url.rpartition("/")[2].partition("?")[0]}
        before = teacher.booked(request)["session"]

        # The right date: it is one of her own prep periods, by label and period.
        assert days.periods_of(school, before["starts_at"]) & days.preparing(teacher)

        office.visit("/")
        be(office.page, people.admin().person.id)
        office.visit("/closures")
        office.page.get_by_label("Day", exact=True).fill(
            days.date_of(before["starts_at"]).isoformat()
        )
        office.page.get_by_label("Reason").fill("Snow")
        office.page.get_by_role("checkbox", name=school.name).check()
        office.page.get_by_role("button", name="Close these schools").click()
        expect(office.page.get_by_text("1 school worked through")).to_be_visible()

        offer = until(lambda: teacher.sees(request)["offer"])  # a booked page does not look again
        she.page.reload()
        expect(she.page.get_by_role("heading", name="Does this time suit you?")).to_be_visible()
        now = days.school(school.school_id)
        was, will = before["starts_at"], offer["starts_at"]
        assert days.day_of(now, will).label == days.day_of(school, was).label
        assert days.periods_of(now, will) == days.periods_of(school, was)
        assert she.sideways() <= 0
        assert she.violations() == []
        she.page.get_by_role("button", name="Yes, this time suits me").click()
        expect(she.page.get_by_role("heading", name="You have a coach")).to_be_visible()
        assert office.complaints == she.complaints == []
    after = teacher.booked(request)["session"]
    assert (after["session_id"], after["starts_at"]) == (offer["session_id"], will)
    mails = until(lambda: m if len(m := days.mail_to(teacher.person)) >= 3 else None)
    assert methods(mails) == ["REQUEST", "CANCEL", "REQUEST"]
    # Nobody was written to whose time did not change.
    assert methods(days.mail_to(elsewhere.person)) == ["REQUEST"]
    assert elsewhere.sees({"id": untouched["id"]})["session"] == untouched["session"]
    assert days.school(other.school_id) == other
    told = teacher.done("GET", f"{SCHEDULER}/requests/{request['id']}/match")
    assert [reason["code"] for reason in told["reasons"]][:1] == ["school_closed"]


def be(page: Page, person: UUID) -> None:
    """Choose who one is, as the demo lets everybody: also somebody whom its first page does not name."""
    page.evaluate("id => { document.querySelector('form [name=person]').value = id }", str(person))
    page.get_by_role("main").locator("form button").first.click()
    expect(page.get_by_role("complementary", name="Demo")).to_be_visible()
