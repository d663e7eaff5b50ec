"""A coach's own time by program: the same steps as on her page, every fault with its field."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from shared.identity import new_id
from tests.e2e.coaches.conftest import JO
from tests.support.request_intake.division import OFFICE, SCHOOL_ID
from tests.support.scheduler.pages import Program, Site
from tests.support.scheduler.school import a_school

PATH = f"/coaches/{JO}/hours"
KEPT = (
    *("revision", "hours", "schools", "home_base", "buffer_minutes", "notice_minutes"),
    *("sessions_per_day", "weekly_minutes", "cycles_at_once"),
)


@pytest.fixture
def jo(site: Site) -> Program:
    return site.program(JO, "coach")


@pytest.fixture
def office(site: Site) -> Program:
    return site.program(OFFICE, "admin")


def hers(program: Program, **changes: Any) -> dict[str, Any]:
    """What would be sent to keep all as it is but for these changes."""
    now = program.done("GET", PATH)
    return {name: now[name] for name in KEPT} | changes


def hours(**other: Any) -> dict[str, Any]:
    return {"weekday": 1, "starts": "08:00", "ends": "12:00", "protected": False, **other}


def test_what_is_read_may_be_sent_back_as_it_is(jo: Program) -> None:
    now = hers(jo)
    assert now["hours"][0] == hours()
    done = jo.done("PUT", PATH, now)
    assert {name: done[name] for name in KEPT} == now | {"revision": 1}
    assert (done["released"], done["held"]) == (0, 0)


def test_hours_by_label_place_and_protection_are_kept(site: Site, office: Program) -> None:
    site.scheduler.schooling.keep_school_time("system:test", [a_school(school_id=SCHOOL_ID)])
    of_label = {"label": "2", "school": "tamarack", "starts": "08:00", "ends": "09:00"}
    wanted = [hours(at="birch"), hours(weekday=2, protected=True), of_label | {"protected": False}]
    sent = hers(office, hours=wanted, schools=["birch", "tamarack"], home_base="birch")
    done = office.done("PUT", PATH, sent | {"notice_minutes": 120, "buffer_minutes": 15})
    assert done["hours"] == wanted
    assert (done["schools"], done["home_base"]) == (["birch", "tamarack"], "birch")
    assert (done["notice_minutes"], done["buffer_minutes"]) == (120, 15)


def test_a_change_of_what_changed_since_is_refused(jo: Program) -> None:
    sent = hers(jo)
    jo.done("PUT", PATH, sent)
    status, problem = jo.call("PUT", PATH, sent)
    assert (status, problem["type"]) == (409, "urn:remit:problem:own-time-changed")


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"hours": [hours(), hours(weekday=9)]}, ["hours.1.weekday"]),
        ({"hours": [hours(ends="07:00")]}, ["hours.0"]),
        ({"hours": [hours(at="elm")]}, ["hours.0.at"]),
        ({"hours": [hours(at="birch")]}, ["hours.0"]),
        ({"hours": [{"starts": "08:00", "ends": "09:00"}]}, ["hours.0"]),
        ({"hours": [hours(label="1", school="birch")]}, ["hours.0"]),
        ({"schools": ["elm"]}, ["schools.0"]),
        ({"home_base": "elm"}, ["home_base"]),
        ({"buffer_minutes": 121}, ["buffer_minutes"]),
        ({"weekly_minutes": 99_999}, ["weekly_minutes"]),
        ({"meetings": "maybe"}, ["meetings"]),
    ],
)
def test_every_fault_is_named(jo: Program, changes: dict[str, Any], named: list[str]) -> None:
    assert jo.wrong("PUT", PATH, hers(jo, **changes)) == named


def test_meetings_that_stand_there_are_named_until_it_is_said_what_becomes_of_them(
    site: Site, jo: Program, asks: Callable[..., UUID]
) -> None:
    asks(10)
    (meeting,) = site.database.sql("SELECT id FROM scheduler.session")
    sent = hers(jo, hours=[])
    status, problem = jo.call("PUT", PATH, sent)
    assert (status, problem["type"]) == (409, "urn:remit:problem:meetings-stand")
    assert str(meeting.id) in problem["errors"][0]["message"]
    assert jo.call("PUT", PATH, sent | {"meetings": "release"})[0] == 409  # not what was shown
    done = jo.done("PUT", PATH, sent | {"meetings": "release", "shown": [str(meeting.id)]})
    assert (done["released"], done["hours"]) == (1, [])


def test_days_away_are_noted_and_taken_back(jo: Program, in_a_week: date) -> None:
    day = in_a_week.isoformat()
    sent = {"revision": 0, "kind": "off", "first_day": day}
    noted = jo.done("POST", f"{PATH}/away", sent)
    (away,) = noted["away"]
    assert {name: away[name] for name in ("kind", "first_day", "last_day", "starts")} == {
        "kind": "off",
        "first_day": day,
        "last_day": day,
        "starts": None,
    }
    assert jo.wrong("POST", f"{PATH}/away", sent | {"revision": 1}) == ["first_day"]
    extra = {"revision": 1, "kind": "extra", "first_day": day}
    assert jo.wrong("POST", f"{PATH}/away", extra) == ["starts"]
    back = f"{PATH}/away/{away['id']}/back"
    assert jo.done("POST", back, {})["away"] == []
    assert jo.call("POST", back, {})[0] == 404


def test_the_next_week_is_lightened_and_taken_back(jo: Program, office: Program) -> None:
    path = f"/coaches/{JO}/lighter-week"
    week = jo.done("PUT", path)["weeks"][1]
    assert (week["cap_minutes"], week["less"]) == (300, {"lighter": 300})
    assert office.call("PUT", path)[0] == 404
    assert jo.done("DELETE", path)["weeks"][1]["less"] == {}
    assert jo.done("DELETE", path)["weeks"][1]["less"] == {}


def test_an_admin_alone_grants_protected_time_and_ends_a_slow_start(
    site: Site, jo: Program, office: Program
) -> None:
    site.database.sql("UPDATE scheduler.coach SET protected_percent = 50 RETURNING 1")
    week = jo.done("GET", PATH)["weeks"][0]["week"]
    path = f"/coaches/{JO}/grants/{new_id()}"
    sent = {"week": week, "minutes": 60, "reason": "Report cards"}
    assert jo.call("PUT", path, sent)[0] == 404
    granted = office.done("PUT", path, sent)
    assert granted == office.done("PUT", path, sent)
    assert (granted["by_name"], granted["minutes"]) == ("Ada Brandt", 60)
    assert jo.done("GET", PATH)["grants"] == [granted]
    other = f"/coaches/{JO}/grants/{new_id()}"
    assert office.wrong("PUT", other, sent | {"minutes": 500}) == ["minutes"]
    assert office.wrong("PUT", other, sent | {"week": "2020-01-01"}) == ["week"]
    assert office.wrong("PUT", other, sent | {"reason": "x"}) == ["reason"]
    assert jo.call("DELETE", f"/coaches/{JO}/ramp-up")[0] == 404
    assert office.done("DELETE", f"/coaches/{JO}/ramp-up")["weeks"][0]["less"] == {}


def test_a_coach_sees_nobody_elses(jo: Program) -> None:
    assert jo.call("GET", f"/coaches/{OFFICE}/hours")[0] == 404
    assert jo.call("GET", "/coaches/me/hours")[0] == 404
