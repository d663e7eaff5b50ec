"""Who may read why a request was matched as it was, and how much of it."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from services.scheduler.entrypoints.web import create_app
from shared.identity import new_id
from tests.support.scheduler.builders import (
    MONDAY,
    Division,
    a_coach,
    a_person,
    a_request,
    a_window,
    an_id,
)
from tests.support.scheduler.people import token_for

TokenOf = Callable[[UUID, str], str]
MAYA = a_person("maya")


@pytest.fixture
def client(division: Division) -> FlaskClient:
    return create_app(division.application).test_client()


@pytest.fixture
def token_of(division: Division) -> TokenOf:
    """Issues a token to a person in a role, whom it makes known first."""
    return lambda person_id, role: token_for(division, person_id, role)


@pytest.fixture
def path(division: Division) -> str:
    """Where the match of a request of Maya's is, booked with one of two coaches."""
    division.with_coaches(a_coach("bo", sessions_per_day=0))
    request = a_request(teacher=MAYA)
    division.hear(request)
    return f"/api/scheduler/v1/requests/{request.request_id}/match"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_its_teacher_reads_the_choice_and_the_reasons_only(
    client: FlaskClient, path: str, token_of: TokenOf
) -> None:
    answer = client.get(path, headers=bearer(token_of(MAYA.id, "teacher")))
    assert answer.status_code == 200
    assert answer.json["coach_name"] == "Ana"
    assert answer.json["starts_at"] == "2026-11-23T15:00:00Z"
    assert [r["code"] for r in answer.json["reasons"]] == ["covers", "earliest", "only_one"]
    assert (answer.json["candidates"], answer.json["weights"]) == ([], {})


@pytest.mark.parametrize(("word", "role"), [("ana", "coach"), ("someone", "admin")])
def test_chosen_coach_and_admin_read_what_the_others_lacked(
    client: FlaskClient, path: str, token_of: TokenOf, word: str, role: str
) -> None:
    answer = client.get(path, headers=bearer(token_of(an_id(word), role)))
    verdicts = {c["coach_name"]: c["verdict"] for c in answer.json["candidates"]}
    assert verdicts == {"Ana": "possible", "Bo": "fully_booked"}
    assert answer.json["candidates"][0]["points"]["soon"] > 0
    assert answer.json["weights"]["soon"] == 60


@pytest.mark.parametrize(
    ("word", "role"),
    [("another", "teacher"), ("bo", "coach"), ("maya", "leader"), ("maya", "coach")],
)
def test_for_others_it_does_not_exist(
    client: FlaskClient, path: str, token_of: TokenOf, word: str, role: str
) -> None:
    answer = client.get(path, headers=bearer(token_of(an_id(word), role)))
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"


def test_without_a_token_nothing_is_read(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 401


@pytest.mark.parametrize("word", [str(new_id()), "1", "%00", "' OR 1=1 --"])
def test_an_unknown_request_is_a_404(client: FlaskClient, token_of: TokenOf, word: str) -> None:
    path = f"/api/scheduler/v1/requests/{word}/match"
    assert client.get(path, headers=bearer(token_of(an_id("a"), "admin"))).status_code == 404


def test_who_waits_reads_the_newest_reasons(
    division: Division, client: FlaskClient, token_of: TokenOf
) -> None:
    far = a_window(MONDAY + timedelta(weeks=30), 60)
    request = a_request(teacher=MAYA, windows=(far,))
    division.hear(request)
    path = f"/api/scheduler/v1/requests/{request.request_id}/match"
    answer = client.get(path, headers=bearer(token_of(MAYA.id, "teacher")))
    assert answer.json["coach_id"] is None
    assert [r["code"] for r in answer.json["reasons"]] == ["covering", "windows"]


def test_it_says_whether_it_is_ready_and_describes_itself(client: FlaskClient) -> None:
    assert client.get("/api/scheduler/v1/health").json == {"status": "ready"}
    described = client.get("/api/scheduler/v1/openapi.json").json
    assert "/api/scheduler/v1/requests/{request_id}/match" in described["paths"]
