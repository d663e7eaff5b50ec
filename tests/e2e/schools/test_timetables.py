"""A teacher says when she teaches and prepares, on her page or by program; then she may ask for her prep."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.scheduler.domain.school_time import SchoolTime, Timetable
from shared.clock import utc_now
from tests.support.request_intake.division import MAYA, NOOR, OFFICE, SCHOOL_ID
from tests.support.scheduler.pages import Program, Site, Window
from tests.support.scheduler.school import BELLS, SIX_DAYS, a_period, a_school

PAGE, PATH = "/my-timetable", f"/teachers/{MAYA}/timetable"


def keep_year(site: Site, year: SchoolTime, seen: int = 0) -> None:
    assert isinstance(site.scheduler.schooling.change_year(OFFICE, year, seen=seen), SchoolTime)
    site.drain()


@pytest.fixture
def year() -> SchoolTime:
    today = utc_now().date()
    first, last = today - timedelta(days=30), today + timedelta(days=200)
    return a_school(school_id=SCHOOL_ID, first_day=first, last_day=last, bells=(BELLS,))


@pytest.fixture
def maya(site: Site, year: SchoolTime) -> Window:
    """At her page; her school lives by a six-day cycle."""
    keep_year(site, year)
    window = site.window(MAYA)
    window.get(PAGE)
    return window


def kept(site: Site) -> Timetable:
    found = site.scheduler.timetabling.of(MAYA)
    assert found
    return found.known.timetable


def test_she_chooses_for_each_day_and_period(site: Site, maya: Window) -> None:
    assert maya.page.count("<select") == len(SIX_DAYS) * len(BELLS.periods)
    chosen = {"at/1/1": "teach", "at/1/2": "prep", "at/2/1": ""}
    answer = maya.post(PAGE, version=maya.hidden("version"), **chosen)
    assert answer.status_code == 303
    maya.get(answer.headers["Location"])
    assert "Saved. Whatever you wait for is tried again now." in maya.text
    hers = Timetable(teaches=frozenset({("1", "1")}), prepares=frozenset({("1", "2")}))
    assert kept(site) == hers
    assert [maya.page.count(f'value="{one}" selected') for one in ("teach", "prep")] == [1, 1]


def test_the_ask_form_leads_to_her_timetable_and_then_offers_her_prep(
    site: Site, maya: Window
) -> None:
    maya.get("/ask")
    assert "To ask for “my prep”, say first when you prepare: My timetable" in maya.text
    assert "In my prep periods" not in maya.text
    maya.get(PAGE)
    maya.post(PAGE, version="0", **{"at/3/2": "prep"})
    site.drain()
    maya.get("/ask")
    assert "say first when you prepare" not in maya.text
    assert "In my prep periods" in maya.text


def test_the_second_of_two_writers_is_told_and_her_choices_stand(site: Site, maya: Window) -> None:
    second = site.window(MAYA)
    second.get(PAGE)
    maya.post(PAGE, version="0", **{"at/1/1": "teach"})

    answer = second.post(PAGE, version="0", **{"at/1/1": "prep"})

    assert answer.status_code == 409
    assert "Somebody changed your timetable while you looked." in second.text
    assert "now: I teach" in second.text
    assert kept(site).teaches == {("1", "1")}
    assert (
        second.post(PAGE, version=second.hidden("version"), **{"at/1/1": "prep"}).status_code == 303
    )
    assert kept(site).prepares == {("1", "1")}


def test_when_her_schools_days_changed_meanwhile_nothing_is_written(
    site: Site, maya: Window, year: SchoolTime
) -> None:
    maya.post(PAGE, version="0", **{"at/6/4": "teach"})
    fewer = replace(BELLS, periods=(a_period("1", "08:30", "09:25"),))
    keep_year(site, replace(year, bells=(fewer,)), seen=1)
    answer = maya.post(PAGE, version="1", **{"at/6/4": "teach", "at/6/1": "prep"})
    assert answer.status_code == 422
    assert "Your school's days changed while you looked." in maya.text
    assert kept(site).prepares == frozenset()
    maya.get(PAGE)
    assert "1 entry is of a day or period that your school no longer has" in maya.text


def test_without_her_schools_time_she_is_told_what_to_do(site: Site) -> None:
    maya = site.window(MAYA)
    maya.get(PAGE)
    assert "Your school's days and bells are not known yet." in maya.text
    assert "<select" not in maya.page
    site.database.sql("UPDATE access.role SET school_id = NULL RETURNING actor_id")
    maya.get(PAGE)
    assert "You have no school in this division yet." in maya.text


@pytest.fixture
def program(site: Site, maya: Window) -> Program:
    return site.program(MAYA, "teacher")


def pair(label: str, period: str) -> dict[str, str]:
    return {"label": label, "period": period}


def test_the_same_by_program(program: Program) -> None:
    empty = program.done("GET", PATH)
    assert (empty["version"], empty["teaches"], len(empty["days"])) == (0, [], 6)
    assert empty["days"][0] == {"label": "1", "periods": ["1", "2", "3", "4"]}
    hers = {"version": 0, "teaches": [pair("1", "1")], "prepares": [pair("2", "3")]}
    done = program.done("PUT", PATH, hers)
    assert done == program.done("GET", PATH)
    assert {name: done[name] for name in hers} == hers | {"version": 1}
    assert program.call("PUT", PATH, hers)[0] == 409
    assert program.done("PUT", PATH, hers | {"version": 1})["version"] == 1  # nothing changed


def test_every_pair_that_is_wrong_is_named(program: Program) -> None:
    sent = {"version": 0, "teaches": [pair("1", "1"), pair("7", "1")], "prepares": [pair("1", "1")]}
    assert program.wrong("PUT", PATH, sent) == ["teaches.1", "prepares.0"]
    assert program.wrong("PUT", PATH, sent | {"teaches": [{"label": "1"}]}) == ["teaches.0.period"]


def test_an_admin_may_write_it_and_a_colleague_finds_nothing(site: Site, program: Program) -> None:
    office, noor = site.program(OFFICE, "admin"), site.program(NOOR, "teacher")
    hers = {"version": 0, "teaches": [pair("1", "1")], "prepares": []}
    assert office.done("PUT", PATH, hers) == program.done("GET", PATH)
    assert noor.call("GET", PATH)[0] == noor.call("PUT", PATH, hers)[0] == 404
    # Her own school's time is not known.
    assert noor.call("GET", f"/teachers/{NOOR}/timetable")[0] == 404
    assert office.call("GET", f"/teachers/{OFFICE}/timetable")[0] == 404
