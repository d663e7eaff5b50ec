"""The API on a real database: decided, stored once, told once, seen by its teacher alone."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.events import an_id
from tests.support.postgres import Database
from tests.support.request_intake.division import (
    MAYA,
    NOOR,
    OFFICE,
    REQUESTS,
    SmallDivision,
    an_ask_body,
)


@pytest.fixture
def division(database: Database) -> SmallDivision:
    return SmallDivision(database)


def _post(client: FlaskClient, key: str | None = None, **changes: Any) -> TestResponse:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(REQUESTS, json=an_ask_body(**changes), headers=headers)


def test_an_ask_in_remit_waits_for_a_coach(division: SmallDivision) -> None:
    client = division.client()

    answer = _post(client)

    assert answer.status_code == 202
    assert answer.json["status"] == "waiting"
    assert answer.json["decision"] == "in_remit"
    assert answer.json["support_mode"] == "consultation"
    assert answer.json["coach_types"] == ["instructional", "literacy", "math"]
    assert answer.json["school"]["name"] == "Tamarack School"
    assert answer.json["room"] == "12"
    assert client.get(answer.headers["Location"]).json == answer.json
    assert division.counts() == (1, 1, 1)


def test_an_ask_out_of_remit_is_declined_with_its_redirect(division: SmallDivision) -> None:
    answer = _post(division.client(), topic="payroll", words="My pay is short this month.")

    assert answer.status_code == 202
    assert answer.json["status"] == "declined"
    assert answer.json["redirect"]["key"] == "payroll"
    assert answer.json["redirect"]["label"] == "Payroll and benefits"
    assert answer.json["coach_types"] == []
    told = division.database.sql("SELECT subscriber FROM bus.delivery WHERE name LIKE 'request.%'")
    assert [row[0] for row in told] == ["notifier"]


def test_an_unclear_ask_is_reviewed_with_one_question(division: SmallDivision) -> None:
    answer = division.client().post(REQUESTS, json={"words": "help"})

    assert answer.json["status"] == "under_review"
    assert answer.json["clause"].endswith("?")


def test_free_words_are_read_when_no_topic_is_chosen(division: SmallDivision) -> None:
    words = "The projector in my room is broken and the bulb needs replacing"

    answer = division.client().post(REQUESTS, json={"words": words})

    assert answer.json["redirect"]["key"] == "projector_printer_wifi"


def test_words_never_travel_on_the_bus(division: SmallDivision) -> None:
    _post(division.client(), words="CANARY-7f3a in my unit", topic="unit_planning")
    _post(division.client(), words="CANARY-7f3a pay", topic="payroll")

    bodies = division.database.sql("SELECT body::text FROM bus.event")

    assert not [body for (body,) in bodies if "CANARY" in str(body)]


def test_the_same_key_and_ask_get_the_same_request(division: SmallDivision) -> None:
    client = division.client()

    first, second = _post(client, "key-number-1"), _post(client, "key-number-1")

    assert first.json == second.json
    assert second.status_code == 202
    assert (first.headers["Idempotency-Replayed"], second.headers["Idempotency-Replayed"]) == (
        "false",
        "true",
    )
    assert division.counts() == (1, 1, 1)


def test_the_same_key_with_another_ask_is_refused(division: SmallDivision) -> None:
    client = division.client()
    _post(client, "key-number-1")

    answer = _post(client, "key-number-1", words="Something else entirely")

    assert answer.status_code == 422
    assert answer.json["type"] == "urn:remit:problem:key-reused"
    assert division.counts() == (1, 1, 1)


def test_the_same_key_of_two_teachers_is_two_requests(division: SmallDivision) -> None:
    first = _post(division.client(MAYA), "key-number-1")
    second = _post(division.client(NOOR), "key-number-1")

    assert first.json["id"] != second.json["id"]
    assert division.counts() == (2, 2, 2)


def test_twenty_sendings_at_once_store_one_request(division: SmallDivision) -> None:
    token = division.token()

    def send(_: int) -> str:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "key-number-1"}
        with division.app.test_client() as client:
            answer = client.post(REQUESTS, json=an_ask_body(), headers=headers)
        assert answer.status_code in (202, 503), answer.json
        return answer.json.get("id", "busy")

    with ThreadPoolExecutor(20) as threads:
        ids = set(threads.map(send, range(60))) - {"busy"}

    assert len(ids) == 1
    assert division.counts() == (1, 1, 1)


def test_anothers_request_does_not_exist(division: SmallDivision) -> None:
    hers = _post(division.client(MAYA)).json["id"]
    noor = division.client(NOOR)

    for answer in (
        noor.get(f"{REQUESTS}/{hers}"),
        noor.post(f"{REQUESTS}/{hers}/cancel"),
        noor.get(f"{REQUESTS}/{an_id(9)}"),
    ):
        assert answer.status_code == 404
        assert answer.json["type"] == "urn:remit:problem:no-such-request"
    assert noor.get(REQUESTS).json == {"requests": []}


def test_nobody_can_ask_for_another(division: SmallDivision) -> None:
    for field in ("teacher_id", "teacher", "role", "school_id", "status", "coach_id"):
        answer = _post(division.client(OFFICE, "admin"), **{field: str(MAYA)})
        assert answer.status_code == 422
        assert answer.json["errors"][0]["field"] == field
    assert division.counts() == (0, 0, 0)


def test_an_admin_without_school_names_one(division: SmallDivision) -> None:
    office = division.client(OFFICE, "admin")

    refused, taken = _post(office), _post(office, school="birch")

    assert refused.json["errors"][0]["field"] == "school"
    assert taken.json["school"]["name"] == "Birch School"


def test_of_two_cancellations_one_succeeds_and_the_other_is_told(division: SmallDivision) -> None:
    client = division.client()
    url = f"{REQUESTS}/{_post(client).json['id']}/cancel"

    first, second = client.post(url, json={"version": 1}), client.post(url, json={"version": 1})

    assert (first.status_code, first.json["status"], first.json["version"]) == (200, "cancelled", 2)
    assert second.status_code == 409
    assert second.json["type"] == "urn:remit:problem:can-not-be-cancelled"
    names = [row[0] for row in division.database.sql("SELECT name FROM bus.event ORDER BY name")]
    assert names.count("request.cancelled") == 1


def test_a_disabled_account_is_out_at_its_next_request(division: SmallDivision) -> None:
    client = division.client()
    assert client.get(REQUESTS).status_code == 200

    division.database.sql("UPDATE access.actor SET disabled_at = now() WHERE id = :id", id=MAYA)

    assert client.get(REQUESTS).status_code == 401
    refused = _post(client)
    assert refused.status_code == 401
    assert refused.json["type"] == "urn:remit:problem:bad-token"
    assert division.application.asker(MAYA) is None
    assert division.counts() == (0, 0, 0)


def test_a_replay_is_shown_to_nobody_whose_token_has_ended(division: SmallDivision) -> None:
    client = division.client()
    assert _post(client, "key-number-1").status_code == 202

    division.database.sql("UPDATE access.token SET revoked_at = now()")

    assert _post(client, "key-number-1").status_code == 401


def test_a_key_that_was_sent_twice_is_refused(division: SmallDivision) -> None:
    answer = _post(division.client(), "key-number-1,key-number-2")

    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "Idempotency-Key"


def test_a_program_has_no_session_whatever_it_sends(division: SmallDivision) -> None:
    answer = division.client().get("/api/intake/v1/model?lang=fr")

    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_a_bad_token_is_refused_with_a_challenge(division: SmallDivision) -> None:
    client = division.app.test_client()

    for header in (None, "Bearer x", "Basic abc", f"Bearer remit_{'a' * 43}"):
        headers = {"Authorization": header} if header else {}
        answer = client.get(REQUESTS, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.content_type == "application/problem+json"


def test_the_public_model_needs_no_token(division: SmallDivision) -> None:
    client = division.app.test_client()

    model = client.get("/api/intake/v1/model").json
    schools = client.get("/api/intake/v1/schools").json

    assert model["version"] == 1
    assert len(model["topics"]) == 51
    assert len(model["out_of_remit"]) == 23
    assert [school["key"] for school in schools["schools"]] == ["birch", "tamarack"]


def test_health_says_alive_and_ready(division: SmallDivision) -> None:
    client = division.app.test_client()

    assert client.get("/api/intake/v1/health").json == {"status": "ready"}
    assert client.get("/api/intake/v1/health/live").json == {"status": "alive"}


def test_a_new_model_version_judges_the_next_ask(division: SmallDivision) -> None:
    other_process = SmallDivision(division.database)  # publishes version 2 behind the first's back

    answer = _post(division.client())

    assert answer.json["model_version"] == 2
    assert other_process.application.model().version == 2
