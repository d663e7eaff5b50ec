"""In Chromium on the running stack: a holiday entered late, and a timetable that a teacher fills in herself."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.time.days import Days, methods
from tests.e2e.time.test_snow_day import be
from tests.support.browser import PHONE, visitor
from tests.support.running_stack import RunningStack
from tests.support.stack_people import People, Program, Somebody
from tests.support.waiting import until

_LONG = 30_000  # milliseconds: what is looked for may wait for workers, on a busy machine
_WORDS = "I would like to think through how I plan my next unit."


@pytest.fixture(scope="module", autouse=True)
def patience() -> Iterator[None]:
    """The workers of a busy machine take their time."""
    expect.set_options(timeout=_LONG)
    yield
    expect.set_options(timeout=None)


def test_a_holiday_entered_late_is_asked_about_like_a_snow_day(
    chromium: Browser, stack: RunningStack, people: People, days: Days
) -> None:
    teacher, school = days.by_weekday()
    elsewhere, _other = days.by_weekday()
    untouched = elsewhere.booked(elsewhere.asks(words=_WORDS, topic="unit_planning"))
    request = teacher.asks(
        words=_WORDS, topic="unit_planning", school_windows=[{"prep": True}], meeting="in_person"
    )
    before = teacher.booked(request)["session"]
    day = days.date_of(before["starts_at"])
    with visitor(chromium, stack.address.web_url) as office:
        office.visit("/")
        be(office.page, people.admin().person.id)
        office.visit("/school-years")
        office.page.get_by_role("link", name=school.name).click()
        closures = office.page.get_by_role("textbox", name="Days without school")
        closures.fill(f"{closures.input_value()}\n{day} holiday")
        office.page.get_by_role("button", name="Look at it first").click()
        looked = office.page.get_by_role("region", name="As it would be")
        expect(looked.get_by_role("listitem")).to_have_count(15)
        assert days.school(school.school_id) == school  # nothing is written yet
        office.page.get_by_role("button", name="Save this year").click()
        expect(office.page.get_by_role("status")).to_contain_text("Saved.")
        assert office.complaints == []

    offer = until(lambda: teacher.sees(request)["offer"])
    now = days.school(school.school_id)
    was, will = before["starts_at"], offer["starts_at"]
    assert days.day_of(now, will).label == days.day_of(school, was).label
    assert days.periods_of(now, will) == days.periods_of(school, was)
    answered = teacher.done("POST", f"/api/scheduler/v1/offers/{offer['session_id']}/take")
    assert answered == {"request_id": request["id"]}
    assert teacher.booked(request)["session"]["starts_at"] == will
    mails = until(lambda: m if len(m := days.mail_to(teacher.person)) >= 3 else None)
    assert methods(mails) == ["REQUEST", "CANCEL", "REQUEST"]
    # Nobody was written to whose time did not change.
    assert methods(days.mail_to(elsewhere.person)) == ["REQUEST"]
    assert elsewhere.sees({"id": untouched["id"]})["session"] == untouched["session"]


def test_a_teacher_fills_in_her_timetable_and_is_met_in_her_prep(
    chromium: Browser, stack: RunningStack, people: People, days: Days
) -> None:
    teacher = without_timetable(people)
    with visitor(chromium, stack.address.web_url, viewport=PHONE) as she:
        she.visit("/")
        be(she.page, teacher.person.id)
        she.visit("/ask")
        main = she.page.get_by_role("main")
        expect(main.get_by_text("In my prep periods")).to_have_count(0)
        main.get_by_role("link", name="My timetable").click()
        for fieldset in she.page.get_by_role("group").all():
            fieldset.get_by_label("2", exact=True).select_option(label="My prep")
        assert (she.sideways(), she.violations()) == (0, [])
        she.page.get_by_role("button", name="Save my timetable").click()
        expect(she.page.get_by_role("status")).to_contain_text("Saved.")
        until(lambda: she.page.goto(f"{she.base}/ask") and main.get_by_text("In my prep").count())
        she.page.get_by_label("In your own words").fill(_WORDS)
        she.page.get_by_label("What is it about?").select_option("unit_planning")
        she.page.get_by_text("In my prep periods").click()
        she.page.get_by_role("button", name="Send my request").click()
        expect(she.page.get_by_role("heading", name="You have a coach")).to_be_visible()
        assert she.complaints == []
        request = {"id": she.page.url.rpartition("/")[2].partition("?")[0]}
    session = teacher.booked(request)["session"]
    (school_id,) = people.sql(
        "SELECT school_id FROM request_intake.person WHERE id = %s", teacher.person.id
    )[0]
    periods = days.periods_of(days.school(school_id), session["starts_at"])
    assert "2" in {name for _label, name in periods}


def without_timetable(people: People) -> Program:
    """A teacher whose timetable is not known, at a school whose bells are."""
    row = people.sql(
        "SELECT p.id, p.name, p.email, s.key FROM request_intake.person p"
        " JOIN request_intake.school s ON s.id = p.school_id"
        " JOIN scheduler.school_time y ON y.school_id = s.id AND cardinality(y.labels) = 6"
        " WHERE p.role = 'teacher' AND p.id NOT IN (SELECT teacher_id FROM scheduler.timetable)"
        " ORDER BY p.email DESC LIMIT 1"
    )[0]
    person = Somebody(id=row[0], name=row[1], email=row[2], school=row[3])
    return people.program(person, "teacher")
