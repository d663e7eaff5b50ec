"""Problems: every failure below /api/ has the same form, and repeats nothing of what was sent."""

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import pytest
from flask import Flask, Response, jsonify
from marshmallow import ValidationError, fields
from werkzeug.exceptions import NotFound, TooManyRequests

from shared.http import problems
from shared.http.api import SECURITY, Blueprint, create_api
from shared.http.authentication import bearer
from shared.http.fields import (
    AwareDateTime,
    BoundedInt,
    BoundedNumber,
    Choice,
    CleanStr,
    ListOf,
    LocalDay,
    StrictSchema,
    StrictUUID,
    WallTime,
)


class OfflineError(Exception):
    pass


class PartIn(StrictSchema):
    name = CleanStr(required=True, longest=5)


class WhenAndWhereIn(StrictSchema):
    day = LocalDay()
    at = WallTime()
    north = BoundedNumber(minimum=-90, maximum=90, allow_none=True)


class ThingIn(StrictSchema):
    """A thing."""

    name = CleanStr(required=True, longest=20)
    size = BoundedInt(minimum=1, maximum=9)
    at = AwareDateTime()
    of = StrictUUID()
    colour = Choice("red", "green")
    parts = ListOf(fields.Nested(PartIn), most=2)


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    api = create_api(app, title="Things", prefix="/api/things/v1", unavailable=(OfflineError,))
    blueprint = Blueprint("things", __name__, url_prefix="/api/things/v1")

    @blueprint.post("/things")
    @blueprint.arguments(ThingIn())
    @blueprint.doc(security=SECURITY)
    def make(thing: dict[str, Any]) -> Response:
        return jsonify(thing)

    @blueprint.get("/broken/<how>")
    def broken(how: str) -> Response:
        raise {"off": OfflineError(), "bug": ValueError(how)}[how]

    api.register_blueprint(blueprint)
    app.add_url_rule("/page", view_func=lambda: (_ for _ in ()).throw(NotFound()))
    return app


def test_every_wrong_field_is_named_with_what_would_be_right(app: Flask) -> None:
    body = {"size": 10, "at": "2027-01-01T00:00:00", "of": "x", "colour": "blue", "more": 1}

    answer = app.test_client().post("/api/things/v1/things", json=body)

    assert answer.status_code == 422
    errors = {error["field"]: error for error in answer.json["errors"]}
    assert set(errors) == {"name", "size", "at", "of", "colour", "more"}
    assert errors["name"]["message"] == "is missing"
    assert errors["size"]["right"] == "a whole number from 1 to 9"
    assert errors["colour"]["right"] == "one of: red, green"
    assert all(error["right"] for error in errors.values())


def test_a_nested_field_is_named_by_its_path(app: Flask) -> None:
    body = {"name": "a", "parts": [{"name": "ok"}, {"name": "far too long"}]}
    answer = app.test_client().post("/api/things/v1/things", json=body)
    assert [error["field"] for error in answer.json["errors"]] == ["parts.1.name"]


def test_what_is_right_comes_through(app: Flask) -> None:
    id_ = UUID(int=7)
    body = {"name": " a ", "size": 9, "at": "2027-01-01T00:00:00-07:00", "of": str(id_)}
    answer = app.test_client().post("/api/things/v1/things", json=body)
    assert answer.json["name"] == "a"
    assert datetime.fromisoformat(answer.json["at"]) == datetime(2027, 1, 1, 7, tzinfo=UTC)


@pytest.mark.parametrize("size", [True, 1.0, "1 as text", None, 10**30, -1, 0, [1]])
def test_only_a_whole_number_is_one(app: Flask, size: Any) -> None:
    with pytest.raises(ValidationError):
        ThingIn().load({"name": "a", "size": size})


@pytest.mark.parametrize("id_", ["A" * 36, "{" + str(UUID(int=1)) + "}", "one", 1, None, []])
def test_only_the_canonical_spelling_of_an_id_is_one(id_: Any) -> None:
    with pytest.raises(ValidationError):
        ThingIn().load({"name": "a", "of": id_})


def test_a_database_that_is_away_is_a_503_with_a_time_to_try_again(app: Flask) -> None:
    answer = app.test_client().get("/api/things/v1/broken/off")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.content_type == "application/problem+json"


def test_a_bug_is_a_500_that_tells_nothing_of_it(app: Flask) -> None:
    answer = app.test_client().get("/api/things/v1/broken/bug")
    assert answer.status_code == 500
    assert "ValueError" not in answer.text
    assert answer.json["title"] == "Internal Server Error"


def test_pages_are_not_answered_with_problems(app: Flask) -> None:
    assert app.test_client().get("/page").content_type.startswith("text/html")


def test_headers_that_tell_what_to_do_are_kept(app: Flask) -> None:
    with app.test_request_context("/api/x"):
        answer = problems.answer(TooManyRequests(retry_after=7))
    assert answer.headers["Retry-After"] == "7"


def test_the_description_is_openapi_3_1_and_names_the_security(app: Flask) -> None:
    description = app.test_client().get("/api/things/v1/openapi.json").json
    assert description["openapi"] == "3.1.0"
    assert description["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert description["paths"]["/api/things/v1/things"]["post"]["security"] == [{"token": []}]


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer  x", "Bearer " + "é" * 30, "Basic " + "a" * 30]
)
def test_what_is_no_token_never_reaches_the_lookup(app: Flask, header: str) -> None:
    def fail(_token: str) -> None:
        raise AssertionError

    with (
        app.test_request_context("/api/x", headers={"Authorization": header}) as context,
        pytest.raises(problems.ProblemError) as refused,
    ):
        bearer(context.request, fail)
    assert refused.value.code == 401


def test_dates_wall_times_and_numbers_are_taken_in_their_one_spelling() -> None:
    taken = WhenAndWhereIn().load({"day": "2026-09-01", "at": "08:30", "north": 53})
    assert taken == {"day": date(2026, 9, 1), "at": time(8, 30), "north": 53.0}
    assert WhenAndWhereIn().load({"north": None}) == {"north": None}
    assert WhenAndWhereIn().dump(taken) == {"day": "2026-09-01", "at": "08:30", "north": 53.0}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("day", "2026-02-30"),
        ("day", "2026-9-1"),
        ("day", 20260901),
        ("at", "24:00"),
        ("at", "8:30"),
        ("at", "08:30:00"),
        ("at", "08:30\n"),
        ("at", None),
        ("north", "53"),
        ("north", True),
        ("north", float("nan")),
        ("north", 91),
    ],
)
def test_what_is_no_date_wall_time_or_number_is_refused_with_what_is_right(
    name: str, value: object
) -> None:
    with pytest.raises(ValidationError) as refused:
        WhenAndWhereIn().load({name: value})
    (fault,) = problems.faults_in(refused.value.messages)
    assert (fault.field, bool(fault.right)) == (name, True)
