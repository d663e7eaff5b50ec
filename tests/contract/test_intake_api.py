"""What intake's API promises to programs: its paths, its answers, its description."""

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from marshmallow import Schema, fields

from services.request_intake.entrypoints.api import schemas, shown
from services.request_intake.handlers.following import record_scheduled
from shared.events import SessionScheduled
from tests.support.events import EXAMPLES
from tests.support.postgres import Server
from tests.support.request_intake.builders import a_request, a_window, starter
from tests.support.request_intake.division import REQUESTS, SmallDivision, an_ask_body
from tests.support.request_intake.fakes import FakeWork

PREFIX = "/api/intake/v1"
OPERATIONS = {
    f"{PREFIX}/requests": {"get", "post"},
    f"{PREFIX}/requests/{{request_id}}": {"get"},
    f"{PREFIX}/requests/{{request_id}}/cancel": {"post"},
    f"{PREFIX}/need": {"post"},
    f"{PREFIX}/model": {"get"},
    f"{PREFIX}/schools": {"get"},
    f"{PREFIX}/schools/{{key}}/additions": {"get", "put"},
    f"{PREFIX}/appraisals": {"get"},
    f"{PREFIX}/appraisals/{{coach_id}}/{{teacher_id}}": {"put", "delete"},
    f"{PREFIX}/versions": {"get"},
    f"{PREFIX}/open-requests": {"get"},
    f"{PREFIX}/draft": {"get", "post"},
    f"{PREFIX}/draft/preview": {"get"},
    f"{PREFIX}/draft/about": {"put"},
    f"{PREFIX}/draft/publish": {"post"},
    f"{PREFIX}/draft/replay": {"get", "post", "delete"},
    f"{PREFIX}/draft/discard": {"post"},
    f"{PREFIX}/draft/{{section}}/{{key}}": {"put", "delete"},
    f"{PREFIX}/requests/{{request_id}}/appeal": {"post"},
    f"{PREFIX}/reviews": {"get"},
    f"{PREFIX}/reviews/{{review_id}}": {"get"},
    f"{PREFIX}/reviews/{{review_id}}/answer": {"post"},
    f"{PREFIX}/versions/{{version}}/pack": {"get"},
    f"{PREFIX}/draft/pack": {"get"},
    f"{PREFIX}/draft/pack/compare": {"post"},
    f"{PREFIX}/draft/pack/adopt": {"post"},
    f"{PREFIX}/draft/pack/import": {"post"},
}


@pytest.fixture(scope="module")
def division(postgres: Server) -> Iterator[SmallDivision]:
    with postgres.clone() as database:
        yield SmallDivision(database)


@pytest.fixture(scope="module")
def description(division: SmallDivision) -> dict[str, Any]:
    found: dict[str, Any] = division.app.test_client().get(f"{PREFIX}/openapi.json").json
    return found


def test_it_describes_itself_in_openapi_3_1(description: dict[str, Any]) -> None:
    assert description["openapi"] == "3.1.0"
    methods = {"get", "post", "put", "patch", "delete"}
    described = {path: methods & set(item) for path, item in description["paths"].items()}
    assert described == OPERATIONS


def test_what_needs_a_token_says_so(description: dict[str, Any]) -> None:
    for path, item in description["paths"].items():
        for method in OPERATIONS[path]:
            open_to_all = path.endswith(("/model", "/schools"))
            assert ("security" in item[method]) is not open_to_all, (path, method)


def test_each_refusal_is_described_as_a_problem(description: dict[str, Any]) -> None:
    post = description["paths"][f"{PREFIX}/requests"]["post"]
    assert {"202", "422", "default"} <= set(post["responses"])
    problem = description["components"]["schemas"]["Problem"]
    assert {"type", "title", "status", "detail"} <= set(problem["required"])


def test_the_key_of_a_try_is_described(description: dict[str, Any]) -> None:
    post = description["paths"][f"{PREFIX}/requests"]["post"]
    assert "Idempotency-Key" in [parameter.get("name") for parameter in post["parameters"]]


def _fits(schema: Schema, value: dict[str, Any]) -> None:
    """The value has exactly the described fields, all the way down."""
    assert set(value) == set(schema.fields)
    for name, field in schema.fields.items():
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested) and value[name] is not None:
            many = value[name] if isinstance(value[name], list) else [value[name]]
            for one in many:
                _fits(inner.schema, one)


@pytest.mark.parametrize("topic", ["unit_planning", "payroll", None])
def test_what_is_shown_of_a_request_is_what_is_described(topic: str | None) -> None:
    event = EXAMPLES[SessionScheduled]
    work = FakeWork([a_request(topic=topic, windows=(a_window(),))])
    record_scheduled(work, [event])
    (request,) = work.requests.by_id.values()
    _fits(schemas.RequestOut(), orjson.loads(orjson.dumps(shown.request(request))))


@pytest.mark.parametrize(
    "words",
    ["Transitions are chaos.", "My laptop won't turn on.", "help", "I am afraid for a pupil"],
)
def test_what_is_shown_of_a_reading_is_what_is_described(
    division: SmallDivision, words: str
) -> None:
    read = shown.need(division.application.read_need(words))
    _fits(schemas.NeedOut(), orjson.loads(orjson.dumps(read)))


def test_the_model_is_shown_without_its_signals_and_inner_rules() -> None:
    described = schemas.ModelOut().dump(shown.model(starter(), 1))
    assert "signals" not in described["out_of_remit"][0]
    assert "caps" not in described["coach_types"][0]
    assert described["out_of_remit"][0]["redirect"]["sentence"]


def test_an_answer_has_location_key_and_whether_it_is_a_repeat(division: SmallDivision) -> None:
    answer = division.client().post(REQUESTS, json=an_ask_body())
    assert answer.status_code == 202
    assert answer.headers["Location"] == f"{REQUESTS}/{answer.json['id']}"
    assert answer.headers["Idempotency-Key"]
    assert answer.headers["Idempotency-Replayed"] == "false"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
