"""Schools' time by program: the same steps as on the pages, strict and named field by field."""

from datetime import timedelta
from typing import Any

import pytest

from shared.clock import utc_now
from shared.identity import new_id
from tests.support.request_intake.division import OFFICE, OTHER_SCHOOL_ID, SCHOOL_ID
from tests.support.scheduler.pages import Program, Site

_TODAY = utc_now().date()
_LAST = _TODAY + timedelta(days=200)
YEAR: dict[str, Any] = {
    "version": 0,
    "first_day": (_TODAY - timedelta(days=30)).isoformat(),
    "last_day": _LAST.isoformat(),
    "labels": ["1", "2", "3"],
    "weekdays": [1, 2, 3, 4, 5, 6, 7],
    "shifts": True,
    "cover": "The principal",
    "terms": [{"name": "Fall", "first_day": _TODAY.isoformat(), "last_day": _LAST.isoformat()}],
    "bells": [
        {
            "labels": [],
            "weekdays": [],
            "special": "",
            "periods": [{"name": "1", "starts": "08:30", "ends": "09:25"}],
        },
        {
            "labels": ["2"],
            "weekdays": [5],
            "special": "late start",
            "periods": [{"name": "1", "starts": "10:00", "ends": "10:40"}],
        },
    ],
    "closures": [{"day": _LAST.isoformat(), "kind": "pd_day", "shifts": False}],
    "specials": [{"day": (_TODAY + timedelta(days=9)).isoformat(), "name": "late start"}],
    "spot": {"latitude": 53.5, "longitude": -113.5},
}
PATH = f"/school-years/{SCHOOL_ID}"


@pytest.fixture
def office(site: Site) -> Program:
    return site.program(OFFICE, "admin")


def test_a_year_is_put_and_got_whole(office: Program) -> None:
    assert office.call("GET", PATH)[0] == 404
    kept = office.done("PUT", PATH, YEAR)
    assert kept == office.done("GET", PATH)
    mine = {name: kept[name] for name in YEAR}
    assert mine == YEAR | {"version": 1}
    assert (kept["name"], kept["key"], kept["declared"]) == ("Tamarack School", "tamarack", [])
    assert office.done("PUT", PATH, mine)["version"] == 1  # nothing changed


def test_every_school_is_listed(office: Program) -> None:
    office.done("PUT", PATH, YEAR)
    listed = {one["key"]: one for one in office.done("GET", "/school-years")["schools"]}
    assert listed["tamarack"]["today"] in YEAR["labels"]
    assert listed["birch"] == {
        "school_id": str(OTHER_SCHOOL_ID),
        "key": "birch",
        "name": "Birch School",
        "version": 0,
        "first_day": None,
        "last_day": None,
        "today": None,
    }


def test_the_second_of_two_programs_is_told(office: Program) -> None:
    office.done("PUT", PATH, YEAR)
    status, problem = office.call("PUT", PATH, YEAR | {"cover": ""})
    assert (status, problem["type"]) == (409, "urn:remit:problem:year-changed")
    assert office.call("PUT", f"/school-years/{new_id()}", YEAR)[0] == 404


def test_every_place_that_is_wrong_is_named(office: Program) -> None:
    unknown, backwards = (
        YEAR["bells"][1] | {"labels": ["9"]},
        YEAR["bells"][0] | {"periods": [{"name": "1", "starts": "10:00", "ends": "09:25"}]},
    )
    wrong = YEAR | {"labels": ["1", "1"], "bells": [unknown, backwards], "last_day": "2020-01-01"}
    named = office.wrong("PUT", PATH, wrong)
    assert {"last_day", "labels", "bells.0.labels", "bells.1.periods.0"} <= set(named)
    assert office.wrong("PUT", PATH, YEAR | {"spot": {"latitude": 91, "longitude": 0}}) == [
        "spot.latitude"
    ]
    assert office.wrong("PUT", PATH, {k: v for k, v in YEAR.items() if k != "spot"}) == ["spot"]
    assert office.wrong("PUT", PATH, YEAR | {"more": 1}) == ["more"]
