"""Appeals and reviews by API: a teacher's word, an admin's answer, strict and once."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.support.events import an_id
from tests.support.postgres import Database
from tests.support.request_intake.division import (
    NOOR,
    OFFICE,
    REQUESTS,
    SmallDivision,
    an_ask_body,
)

REVIEWS = "/api/intake/v1/reviews"
EXCEPTION = {
    "answer": "exception",
    "topic": "unit_planning",
    "coach_type": "literacy",
    "support_mode": "consultation",
    "reason": "This once.",
}


@pytest.fixture
def division(database: Database) -> SmallDivision:
    return SmallDivision(database)


@pytest.fixture
def maya(division: SmallDivision) -> FlaskClient:
    return division.client()


@pytest.fixture
def admin(division: SmallDivision) -> FlaskClient:
    return division.client(OFFICE, "admin")


def asked(maya: FlaskClient, **changes: Any) -> str:
    return str(maya.post(REQUESTS, json=an_ask_body(**changes)).json["id"])


def declined(maya: FlaskClient) -> str:
    return asked(maya, topic="payroll", words="My pay stub is short")


def unclear(maya: FlaskClient) -> str:
    return str(maya.post(REQUESTS, json={"words": "help"}).json["id"])


def answers(admin: FlaskClient, request_id: str, **body: Any) -> Any:
    return admin.post(f"{REVIEWS}/{request_id}/answer", json={"version": 1, **body})


def test_an_appeal_is_read_answered_and_matched(maya: FlaskClient, admin: FlaskClient) -> None:
    hers = declined(maya)
    appeal = maya.post(f"{REQUESTS}/{hers}/appeal", json={"sentence": "I teach with it."})
    assert (appeal.status_code, appeal.json["status"]) == (200, "under_review")
    assert appeal.json["appealed"] is True

    (listed,) = admin.get(REVIEWS).json["reviews"]
    one = admin.get(f"{REVIEWS}/{hers}").json
    suggestion = one.pop("suggestion")
    assert one == listed
    assert (one["why"], one["sentence"], one["overdue"]) == ("appeal", "I teach with it.", False)
    assert one["words"] == "My pay stub is short"
    assert suggestion["redirect"]["key"] == "payroll"
    assert len(suggestion["topics"]) == 3

    done = answers(admin, hers, version=2, answer="coaching", topic="unit_planning")
    assert (done.status_code, done.json["status"], done.json["version"]) == (200, "waiting", 3)
    assert maya.get(f"{REQUESTS}/{hers}").json["topic"] == "unit_planning"
    assert admin.get(REVIEWS).json["reviews"] == []
    assert admin.get(f"{REVIEWS}/{hers}").status_code == 404


def test_another_teachers_decline_is_not_there_to_appeal(
    division: SmallDivision, maya: FlaskClient
) -> None:
    hers = declined(maya)
    assert division.client(NOOR).post(f"{REQUESTS}/{hers}/appeal", json={}).status_code == 404
    assert maya.get(f"{REQUESTS}/{hers}").json["status"] == "declined"


def test_what_is_not_declined_or_was_appealed_is_refused(
    maya: FlaskClient, admin: FlaskClient
) -> None:
    in_remit, hers = asked(maya), declined(maya)
    assert maya.post(f"{REQUESTS}/{in_remit}/appeal", json={}).status_code == 409
    assert maya.post(f"{REQUESTS}/{hers}/appeal", json={}).status_code == 200
    assert maya.post(f"{REQUESTS}/{hers}/appeal", json={}).status_code == 409
    assert answers(admin, hers, version=2, answer="keep").json["status"] == "declined"
    again = maya.post(f"{REQUESTS}/{hers}/appeal", json={})
    assert (again.status_code, again.json["type"]) == (409, "urn:remit:problem:can-not-be-appealed")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"sentence": "x" * 501}, "sentence"),
        ({"sentence": 5}, "sentence"),
        ({"sentence": "a\u0000b"}, "sentence"),
        ({"words": "other words"}, "words"),
    ],
)
def test_a_bad_appeal_names_its_field(maya: FlaskClient, body: dict[str, Any], field: str) -> None:
    answer = maya.post(f"{REQUESTS}/{declined(maya)}/appeal", json=body)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == [field]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"answer": "maybe"}, "answer"),
        ({}, "answer"),
        ({"answer": "keep"}, "answer"),
        ({"answer": "coaching"}, "topic"),
        ({"answer": "coaching", "topic": "payroll"}, "topic"),
        ({"answer": "elsewhere", "topic": "unit_planning"}, "topic"),
        ({"answer": "coaching", "topic": "unit_planning", "support_mode": "x"}, "support_mode"),
        ({"answer": "keep", "version": 0}, "version"),
        ({"answer": "keep", "whatever": 1}, "whatever"),
        ({**EXCEPTION, "coach_type": "technology"}, "coach_type"),
        ({name: EXCEPTION[name] for name in EXCEPTION if name != "reason"}, "reason"),
        ({**EXCEPTION, "reason": ""}, "reason"),
    ],
)
def test_a_bad_answer_names_its_field(
    maya: FlaskClient, admin: FlaskClient, body: dict[str, Any], field: str
) -> None:
    hers = unclear(maya)
    answer = answers(admin, hers, **body)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == [field]
    assert maya.get(f"{REQUESTS}/{hers}").json["status"] == "under_review"


def test_a_second_answer_and_an_old_one_are_told(maya: FlaskClient, admin: FlaskClient) -> None:
    hers = unclear(maya)
    old = answers(admin, hers, version=7, answer="elsewhere", topic="payroll")
    assert (old.status_code, old.json["type"]) == (409, "urn:remit:problem:changed-since")
    assert answers(admin, hers, answer="elsewhere", topic="payroll").status_code == 200
    late = answers(admin, hers, answer="coaching", topic="unit_planning")
    assert (late.status_code, late.json["type"]) == (409, "urn:remit:problem:answered-before")
    assert answers(admin, str(an_id(999)), answer="keep").status_code == 404
    assert answers(admin, "no-id", answer="keep").status_code == 404


def test_exceptions_are_counted_and_end(database: Database) -> None:
    division = SmallDivision(database, changes={"exceptions_a_month": 1})
    maya, admin = division.client(), division.client(OFFICE, "admin")
    first, second = unclear(maya), unclear(maya)
    assert answers(admin, first, **EXCEPTION).json["status"] == "waiting"
    assert admin.get(REVIEWS).json["exceptions"] == {"used": 1, "most": 1}
    spent = answers(admin, second, **EXCEPTION)
    assert (spent.status_code, spent.json["type"]) == (409, "urn:remit:problem:no-exception-left")
    assert maya.get(f"{REQUESTS}/{second}").json["status"] == "under_review"
    seen = maya.get(f"{REQUESTS}/{first}").json
    assert (seen["excepted"], seen["coach_types"]) == (True, ["literacy"])


def test_reviews_are_there_for_admins_alone(division: SmallDivision, maya: FlaskClient) -> None:
    hers = unclear(maya)
    for path in (REVIEWS, f"{REVIEWS}/{hers}"):
        assert maya.get(path).status_code == 404
    assert division.app.test_client().get(REVIEWS).status_code == 401
