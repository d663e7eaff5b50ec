"""An admin writes a school's year line by line: looked at before it is written, kept whole, lost to nobody."""

from datetime import timedelta
from typing import Any

import pytest

from services.scheduler.domain.closing import Declaration
from services.scheduler.domain.school_time import SchoolTime
from services.scheduler.domain.schools import KnownSchool
from services.scheduler.domain.year_text import read
from shared.clock import utc_now
from tests.support.request_intake.division import OFFICE, OTHER_SCHOOL_ID, SCHOOL_ID
from tests.support.scheduler.pages import Site, Window

_TODAY = utc_now().date()
FIRST, LAST = _TODAY - timedelta(days=30), _TODAY + timedelta(days=200)
HOLIDAY = _TODAY + timedelta(days=70)
PAGE, OTHER_PAGE = f"/school-years/{SCHOOL_ID}", f"/school-years/{OTHER_SCHOOL_ID}"
YEAR: dict[str, Any] = {
    "first_day": FIRST.isoformat(),
    "last_day": LAST.isoformat(),
    "labels": "1 2 3 4 5 6",
    "weekday": ["1", "2", "3", "4", "5", "6", "7"],
    "shifts": "1",
    "cover": "The  principal",
    "bells": "1 8:30-9:25\nlunch 11:25-12:10\nlunch 12:10-12:55\n\nspecial late start\n1 10-ish",
    "closures": f"{HOLIDAY} holiday",
    "specials": "",
    "terms": f"Fall {FIRST} to {LAST}",
    "spot": "53.54 -113.49",
}
RIGHT = YEAR | {"bells": YEAR["bells"].replace("10-ish", "10:00-10:40")}


def year_of(site: Site) -> SchoolTime | None:
    found = site.scheduler.schooling.year(SCHOOL_ID)
    assert found
    return found[1]


def plain(text: str) -> str:
    return text.replace("\u2013", "-").replace("\xa0", " ")


@pytest.fixture
def office(site: Site) -> Window:
    window = site.window()
    window.get(PAGE)
    return window


def test_every_school_is_listed_with_what_is_known_of_its_year(site: Site, office: Window) -> None:
    office.get("/school-years")
    assert office.text.count("Not known yet") == 2
    office.get(PAGE)
    office.post(PAGE, version="0", do="save", **RIGHT)
    office.get("/school-years")
    assert office.text.count("Not known yet") == 1
    assert "Today: Day" in office.text


def test_a_division_without_schools_says_where_they_come_from(site: Site, office: Window) -> None:
    site.database.sql("DELETE FROM scheduler.school RETURNING id")
    office.get("/school-years")
    assert "No schools are known yet" in office.text


def test_every_fault_is_named_with_its_line_and_what_was_typed_stands(
    site: Site, office: Window
) -> None:
    answer = office.post(
        PAGE,
        version="0",
        do="save",
        **(YEAR | {"closures": "\n2026-02-30\nlater", "labels": "1 1"}),
    )
    assert answer.status_code == 422
    assert "3 things need another look" in office.text
    assert "Line 6: Write a period's name and its times" in office.text
    assert "It stands there twice." in office.text
    assert office.typed("bells") == YEAR["bells"]
    assert office.hidden("cover") == YEAR["cover"]
    assert year_of(site) is None


def test_a_year_is_looked_at_before_anything_is_written(site: Site, office: Window) -> None:
    office.post(PAGE, version="0", do="look", **(RIGHT | {"closures": f"{_TODAY} holiday"}))
    assert "The next 15 school days" in office.text
    assert office.text.count("Day ") >= 15
    assert "lunch 11:25-12:10 · lunch 12:10-12:55" in plain(office.text)
    assert year_of(site) is None


def test_what_was_typed_is_what_is_kept_and_reads_back(site: Site, office: Window) -> None:
    answer = office.post(PAGE, version="0", do="save", **RIGHT)
    assert answer.status_code == 303
    office.get(answer.headers["Location"])
    assert "Saved." in office.text
    kept = year_of(site)
    assert kept
    assert (kept.version, kept.cover, kept.labels) == (1, "The principal", tuple("123456"))
    form = site.window()
    form.get(PAGE)
    again = {name: form.typed(name) for name in ("bells", "closures", "specials", "terms")}
    assert form.post(PAGE, version="1", do="save", **(RIGHT | again)).status_code == 303
    assert year_of(site) == kept  # nothing changed, so nothing is written


def test_the_second_of_two_admins_is_told_what_stands_and_may_put_hers_there(
    site: Site, office: Window
) -> None:
    second = site.window()
    second.get(PAGE)
    office.post(PAGE, version="0", do="save", **RIGHT)
    mine = RIGHT | {"cover": "A colleague", "weekday": ["1", "2"]}

    answer = second.post(PAGE, version="0", do="save", **mine)

    assert answer.status_code == 409
    assert "Somebody changed this year while you looked" in second.text
    assert "Who takes a class meanwhile The principal" in second.text
    assert "Weekdays with school Monday, Tuesday, Wednesday" in second.text
    assert second.hidden("cover") == "A colleague"
    kept = year_of(site)
    assert kept
    assert kept.cover == "The principal"
    assert second.post(PAGE, version=second.hidden("version"), do="save", **mine).status_code == 303
    kept = year_of(site)
    assert kept
    assert (kept.version, kept.cover) == (2, "A colleague")


def test_a_year_is_copied_from_another_school_but_not_its_place(site: Site, office: Window) -> None:
    office.post(PAGE, version="0", do="save", **RIGHT)
    office.get(OTHER_PAGE)
    office.post(OTHER_PAGE, version="0", do="copy", copy_from=str(SCHOOL_ID), spot="50, -110")
    assert "Nothing is written yet" in office.text
    assert office.hidden("labels") == "1, 2, 3, 4, 5, 6"
    assert office.hidden("spot") == "50, -110"
    assert site.scheduler.schooling.year(OTHER_SCHOOL_ID) is not None
    copied = read(_typed(office), KnownSchool(id=OTHER_SCHOOL_ID, key="other", name="Other")).year
    kept = year_of(site)
    assert copied
    assert kept
    assert (copied.bells, copied.closures) == (kept.bells, kept.closures)


def _typed(window: Window) -> Any:
    from services.scheduler.domain.year_text import YearText

    lines = {name: window.typed(name) for name in ("bells", "closures", "specials", "terms")}
    plain = {name: window.hidden(name) for name in ("first_day", "last_day", "labels")}
    return YearText(**lines, **plain)


def test_a_day_closed_on_short_notice_is_shown_and_not_planned_over(
    site: Site, office: Window
) -> None:
    office.post(PAGE, version="0", do="save", **RIGHT)
    day = _TODAY + timedelta(days=3)
    declared = site.scheduler.closing.declare(
        OFFICE, day=day, school_ids=[SCHOOL_ID], reason="Roof"
    )
    assert isinstance(declared, Declaration)
    office.get(PAGE)
    assert "Closed on short notice, and not written here" in office.text
    assert office.typed("closures") == RIGHT["closures"]

    closures = f"{RIGHT['closures']}\n{day} holiday"
    answer = office.post(PAGE, version="2", do="save", **(RIGHT | {"closures": closures}))

    assert answer.status_code == 422
    assert "Line 2: That day is closed on short notice. Take that back first." in office.text


def test_an_unknown_school_is_not_there(office: Window) -> None:
    path = f"/school-years/{OFFICE}"
    assert office.get(path).status_code == 404
