"""An admin says how long it takes between schools, on a page or by program; the next match reckons with it."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest

from services.scheduler.domain.ways import KnownTravel, Way
from services.scheduler.handlers.travelling import TravelChanged
from tests.support.request_intake.division import OFFICE, OTHER_SCHOOL_ID, SCHOOL_ID
from tests.support.scheduler.pages import Program, Site, Window

PAGE, PATH = "/travel", "/travel"


@pytest.fixture
def office(site: Site) -> Window:
    window = site.window()
    window.get(PAGE)
    return window


def table(site: Site) -> Mapping[tuple[UUID, UUID], int]:
    known = site.scheduler.travelling.kept().known
    assert known
    return known.table


def test_each_direction_is_kept_and_shown_again(site: Site, office: Window) -> None:
    typed = "birch tamarack 12\nTamarack -> Birch 15 min"
    answer = office.post(PAGE, version=office.hidden("version"), kmh="60", ways=typed)
    assert answer.status_code == 303
    office.get(answer.headers["Location"])
    assert "Saved. It holds from the next match on" in office.text
    assert office.typed("ways") == "birch tamarack 12\ntamarack birch 15"
    assert table(site) == {(OTHER_SCHOOL_ID, SCHOOL_ID): 12, (SCHOOL_ID, OTHER_SCHOOL_ID): 15}
    known = site.scheduler.travelling.kept().known
    assert known
    assert (known.kmh, known.version) == (60, 2)


def test_every_fault_is_named_with_its_line_and_what_was_typed_stands(
    site: Site, office: Window
) -> None:
    typed = "birch tamarack 12\n\nbirch oak 5\nbirch birch 900"
    answer = office.post(PAGE, version="1", kmh="1000", ways=typed)
    assert answer.status_code == 422
    assert "Line 3: There is no such school." in office.text
    assert "Line 4: It leads to where it begins." in office.text
    assert "Line 4: Write 0 to 480 minutes." in office.text
    assert "Write a speed from 5 to 130 km/h." in office.text
    assert office.typed("ways") == typed
    office.post(PAGE, version="1", kmh="50", ways="birch tamarack")
    assert "Line 1: Write two schools by their keys and the minutes" in office.text
    assert not table(site)


def test_the_second_of_two_admins_is_told_what_stands(site: Site, office: Window) -> None:
    second = site.window()
    second.get(PAGE)
    office.post(PAGE, version="1", kmh="60", ways="birch tamarack 12")

    answer = second.post(PAGE, version="1", kmh="70", ways="tamarack birch 9")

    assert answer.status_code == 409
    assert "60 km/h" in second.text
    assert "birch tamarack 12" in second.text
    assert second.typed("ways") == "tamarack birch 9"
    assert table(site) == {(OTHER_SCHOOL_ID, SCHOOL_ID): 12}
    mine = {"version": second.hidden("version"), "kmh": "70", "ways": "tamarack birch 9"}
    assert second.post(PAGE, **mine).status_code == 303
    assert table(site) == {(SCHOOL_ID, OTHER_SCHOOL_ID): 9}


def test_of_several_at_once_one_is_kept_and_the_others_are_told(site: Site) -> None:
    def write(minutes: int) -> Any:
        ways = [Way(start="birch", end="tamarack", minutes=minutes)]
        return site.scheduler.travelling.change(OFFICE, ways, 50, seen=1)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(write, (1, 2, 3, 4)))
    (kept,) = (answer for answer in answers if isinstance(answer, KnownTravel))
    assert answers.count(TravelChanged(now=kept)) == 3
    assert table(site) == kept.table


def test_a_way_of_a_school_that_nobody_told_of_is_not_lost(site: Site, office: Window) -> None:
    site.database.sql(
        "INSERT INTO scheduler.travel_time VALUES (:one, :other, 7) RETURNING minutes",
        one=SCHOOL_ID,
        other=OFFICE,
    )
    office.get(PAGE)
    typed = office.typed("ways")
    assert typed == f"tamarack {OFFICE} 7"
    assert office.post(PAGE, version="1", kmh="50", ways=typed).status_code == 303
    assert table(site) == {(SCHOOL_ID, OFFICE): 7}


def test_before_there_is_anything_to_say_the_page_says_what_is_missing(
    site: Site, office: Window
) -> None:
    site.database.sql("DELETE FROM scheduler.school RETURNING id")
    office.get(PAGE)
    assert "No schools are known yet." in office.text


@pytest.fixture
def program(site: Site) -> Program:
    return site.program(OFFICE, "admin")


def way(start: str, end: str, minutes: int) -> dict[str, Any]:
    return {"start": start, "end": end, "minutes": minutes}


def test_the_same_by_program(program: Program) -> None:
    now = program.done("GET", PATH)
    assert (now["version"], now["kmh"], now["ways"]) == (1, 50, [])
    assert [(one["key"], one["place_known"]) for one in now["schools"]] == [
        ("birch", False),
        ("tamarack", False),
    ]
    sent = {"version": 1, "kmh": 60, "ways": [way("birch", "tamarack", 12)]}
    done = program.done("PUT", PATH, sent)
    assert done == program.done("GET", PATH)
    assert {name: done[name] for name in sent} == sent | {"version": 2}
    status, problem = program.call("PUT", PATH, sent)
    assert (status, problem["type"]) == (409, "urn:remit:problem:travel-changed")


def test_every_way_that_is_wrong_is_named(program: Program) -> None:
    ways = [way("birch", "oak", 1), way("birch", "birch", 1), way("birch", "tamarack", 1)]
    sent = {"version": 1, "kmh": 60, "ways": [*ways, ways[2]]}
    assert program.wrong("PUT", PATH, sent) == ["ways.0", "ways.1", "ways.3"]
    assert program.wrong("PUT", PATH, sent | {"kmh": 131}) == ["kmh"]
    assert program.wrong("PUT", PATH, sent | {"ways": [way("a", "b", -1)]}) == ["ways.0.minutes"]
