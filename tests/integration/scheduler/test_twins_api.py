"""Closures, held times, covered classes and meetings by program: the same steps as on the pages."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.scheduler.entrypoints.web import create_app
from shared.identity import new_id
from tests.support.scheduler.builders import (
    LARCH,
    MONDAY,
    Division,
    a_coach,
    a_person,
    a_request,
    a_window,
    an_id,
)
from tests.support.scheduler.people import token_for
from tests.support.scheduler.school import a_school

HOUR = timedelta(hours=1)
MAYA, OFFICE, ANA = a_person("maya"), an_id("office"), an_id("ana")
NOON = MONDAY + 5 * HOUR
TODAY, YESTERDAY, FAR = "2026-11-23", "2026-11-22", "2027-03-01"
Call = Callable[..., tuple[int, Any]]


@pytest.fixture
def larch(division: Division) -> Division:
    division.with_coaches(a_coach("ana"))
    division.application.schooling.keep_school_time("system:test", [a_school()])
    division.drain()
    return division


def as_(division: Division, person_id: UUID, role: str) -> Call:
    """What this person calls below the API's prefix: status and JSON."""
    client = create_app(division.application).test_client()
    headers = {"Authorization": f"Bearer {token_for(division, person_id, role)}"}

    def call(method: str, path: str, **body: Any) -> tuple[int, Any]:
        sent = {"json": body} if body else {}
        answer = client.open(f"/api/scheduler/v1{path}", method=method, headers=headers, **sent)
        return answer.status_code, answer.json if answer.data else None

    return call


@pytest.fixture
def office(larch: Division) -> Call:
    return as_(larch, OFFICE, "admin")


@pytest.fixture
def maya(larch: Division) -> Call:
    return as_(larch, MAYA.id, "teacher")


@pytest.fixture
def ana(larch: Division) -> Call:
    return as_(larch, ANA, "coach")


def fields(answer: tuple[int, Any]) -> list[str]:
    status, problem = answer
    assert status == 422, answer
    assert all(fault["right"] for fault in problem["errors"])
    return [fault["field"] for fault in problem["errors"]]


def z(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")


def booked(division: Division) -> Any:
    request = a_request(teacher=MAYA, windows=(a_window(NOON, 60),))
    division.hear(request)
    (session,) = division.sessions("state = 'scheduled'")
    return session


def test_schools_are_closed_followed_and_opened_again(larch: Division, office: Call) -> None:
    larch.hear(a_request(teacher=MAYA))
    status, closure = office(
        "POST", "/closures", day=TODAY, school_ids=[str(LARCH.id)], reason="  Snow  "
    )
    assert status == 201
    assert (closure["reason"], closure["schools"], closure["schools_done"]) == ("Snow", 1, 0)
    larch.drain()
    path = f"/closures/{closure['id']}"
    status, now = office("GET", path)
    assert (status, now["schools_done"], now["released"], now["held"]) == (200, 1, 1, 1)
    assert office("GET", "/closures") == (200, {"closures": [now]})
    status, opened = office("POST", f"{path}/withdraw")
    assert (status, bool(opened["withdrawn_at"])) == (200, True)
    larch.drain()
    status, again = office("POST", f"{path}/withdraw")
    assert (status, again["withdrawn_at"]) == (200, opened["withdrawn_at"])


def test_what_can_not_be_closed_is_named(office: Call) -> None:
    larch = [str(LARCH.id)]
    assert fields(office("POST", "/closures", day=YESTERDAY, school_ids=larch)) == ["day"]
    assert fields(office("POST", "/closures", day=FAR, school_ids=larch)) == ["day"]
    assert fields(office("POST", "/closures", day="today", school_ids=larch)) == ["day"]
    assert fields(office("POST", "/closures", day=TODAY, school_ids=[])) == ["school_ids"]
    unknown = [*larch, str(new_id())]
    assert fields(office("POST", "/closures", day=TODAY, school_ids=unknown)) == ["school_ids.1"]
    assert office("POST", "/closures", day=TODAY, school_ids=larch)[0] == 201
    assert fields(office("POST", "/closures", day=TODAY, school_ids=larch)) == ["school_ids"]
    for path in (f"/closures/{new_id()}", "/closures/1"):
        assert office("GET", path)[0] == office("POST", f"{path}/withdraw")[0] == 404


@pytest.fixture
def offer(larch: Division, office: Call) -> Any:
    """A time that is held for Maya, for her school closed."""
    larch.hear(a_request(teacher=MAYA))
    office("POST", "/closures", day=TODAY, school_ids=[str(LARCH.id)])
    larch.drain()
    (session,) = larch.sessions("state = 'held'")
    return session


def test_a_held_time_is_read_and_taken_once(larch: Division, maya: Call, offer: Any) -> None:
    path = f"/offers/{offer.id}"
    status, shown = maya("GET", path)
    assert status == 200
    (held,) = shown["sessions"]
    assert (held["starts_at"], shown["held_until"]) == (z(offer.starts_at), z(offer.held_until))
    assert (held["coach"]["name"], held["place"]["kind"]) == ("Ana", "room")
    assert shown["reasons"][0]["code"] == "school_closed"
    assert maya("POST", f"{path}/take") == (200, {"request_id": shown["request_id"]})
    assert len(larch.sessions("state = 'scheduled'")) == 1
    assert maya("POST", f"{path}/take")[0] == maya("POST", f"{path}/turn-down")[0] == 409
    assert maya("GET", path)[0] == 404


def test_a_held_time_is_turned_down_and_is_nobody_elses_to_answer(
    larch: Division, maya: Call, offer: Any
) -> None:
    path = f"/offers/{offer.id}"
    noor = as_(larch, a_person("noor").id, "teacher")
    assert [noor("GET", path)[0], noor("POST", f"{path}/take")[0]] == [404, 404]
    assert maya("POST", f"{path}/turn-down")[0] == 200
    assert not larch.sessions(f"id = '{offer.id}' AND state = 'held'")
    assert maya("GET", "/offers/1")[0] == 404


def test_a_class_is_covered_counted_and_taken_back(larch: Division, ana: Call) -> None:
    booked(larch)
    status, noted = ana("POST", "/covers", starts_at=z(NOON), ends_at=z(NOON + HOUR))
    assert status == 201
    assert (noted["minutes"], noted["released"]) == (60, 1)
    again = ana("POST", "/covers", starts_at=z(NOON), ends_at=z(NOON + HOUR))
    assert fields(again) == ["starts_at"]  # a second sending: the hours count once
    status, listed = ana("GET", "/covers")
    assert [cover["id"] for cover in listed["covers"]] == [noted["id"]]
    assert ana("POST", f"/covers/{noted['id']}/back") == (204, None)
    assert ana("POST", f"/covers/{noted['id']}/back")[0] == 404
    assert ana("GET", "/covers") == (200, {"covers": []})


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "field"),
    [
        (NOON, NOON, "ends_at"),
        (MONDAY - 2 * HOUR, MONDAY - HOUR, "ends_at"),
        (NOON, NOON + 13 * HOUR, "ends_at"),
        (NOON + 8 * HOUR, NOON + 16 * HOUR, "ends_at"),  # past midnight
        (NOON + 24 * 61 * HOUR, NOON + 24 * 61 * HOUR + HOUR, "starts_at"),
        (datetime.fromisoformat("9999-12-31T20:00:00+00:00"),
         datetime.fromisoformat("9999-12-31T23:59:00+00:00"), "starts_at"),
    ],
)  # fmt: skip
def test_what_is_no_stretch_of_a_day_to_come_is_refused(
    ana: Call, starts_at: datetime, ends_at: datetime, field: str
) -> None:
    sent = {"starts_at": z(starts_at), "ends_at": z(ends_at)}
    assert fields(ana("POST", "/covers", **sent)) == [field]


def test_a_stretch_that_is_not_on_the_grid_is_covered_as_given(larch: Division, ana: Call) -> None:
    odd = timedelta(minutes=1, seconds=7)
    status, noted = ana("POST", "/covers", starts_at=z(NOON + odd), ends_at=z(NOON + HOUR - odd))
    assert (status, noted["minutes"]) == (201, 57)


def test_who_has_the_role_but_does_not_coach_covers_nothing(larch: Division) -> None:
    nobody = as_(larch, an_id("nobody"), "coach")
    sent = {"starts_at": z(NOON), "ends_at": z(NOON + HOUR)}
    assert nobody("POST", "/covers", **sent)[0] == 404
    assert nobody("GET", "/covers") == (200, {"covers": []})


def test_a_meeting_is_read_and_moved_and_the_second_of_two_is_told(
    larch: Division, maya: Call
) -> None:
    session = booked(larch)
    path = f"/meetings/{session.id}"
    status, shown = maya("GET", path)
    assert (status, shown["sequence"], shown["starts_at"]) == (200, 0, z(session.starts_at))
    first, second = shown["times"][:2]
    status, moved = maya("POST", f"{path}/move", sequence=0, starts_at=first)
    assert (status, moved["sequence"], moved["starts_at"]) == (200, 1, first)
    status, problem = maya("POST", f"{path}/move", sequence=0, starts_at=second)
    assert (status, problem["type"]) == (409, "urn:remit:problem:meeting-changed")
    gone = z(MONDAY + 400 * HOUR)
    status, problem = maya("POST", f"{path}/move", sequence=1, starts_at=gone)
    assert (status, problem["type"]) == (409, "urn:remit:problem:time-gone")
    assert [s.starts_at for s in larch.sessions()] == [datetime.fromisoformat(first)]


def test_a_meeting_goes_to_a_colleague_who_has_time_sooner(larch: Division, maya: Call) -> None:
    session = booked(larch)
    larch.with_coaches(a_coach("bea"))
    path = f"/meetings/{session.id}"
    _status, shown = maya("GET", path)
    (colleague,) = shown["sooner"]
    assert colleague["coach"] == {"id": str(an_id("bea")), "name": "Bea"}
    wanted = {"coach_id": colleague["coach"]["id"], "starts_at": colleague["times"][0]}
    status, moved = maya("POST", f"{path}/move", sequence=0, **wanted)
    assert (status, moved["coach"]) == (200, colleague["coach"])
    assert fields(maya("POST", f"{path}/move", sequence=1, starts_at=z(NOON), coach_id="x")) == [
        "coach_id"
    ]


def test_what_is_no_move_is_named_and_anothers_meeting_is_not_there(
    larch: Division, maya: Call
) -> None:
    path = f"/meetings/{booked(larch).id}"
    assert fields(maya("POST", f"{path}/move", sequence=-1, starts_at="noon")) == [
        "sequence",
        "starts_at",
    ]
    assert fields(maya("POST", f"{path}/move", sequence=0)) == ["starts_at"]
    noor = as_(larch, a_person("noor").id, "teacher")
    sent = {"sequence": 0, "starts_at": z(NOON)}
    assert noor("GET", path)[0] == noor("POST", f"{path}/move", **sent)[0] == 404
    assert maya("GET", f"/meetings/{new_id()}")[0] == 404


def test_every_route_describes_itself(larch: Division) -> None:
    client = create_app(larch.application).test_client()
    described = client.get("/api/scheduler/v1/openapi.json").json["paths"]
    for path in (
        "/school-years",
        "/school-years/{school_id}",
        "/teachers/{teacher_id}/timetable",
        "/travel",
        "/closures/{declaration_id}/withdraw",
        "/offers/{session_id}/take",
        "/covers/{cover_id}/back",
        "/meetings/{meeting_id}/move",
    ):
        operations = described[f"/api/scheduler/v1{path}"]
        for method in {"get", "put", "post"} & operations.keys():
            assert operations[method]["summary"]
            assert {"200", "201", "204"} & operations[method]["responses"].keys()
