"""The conversation over HTTP, against a small server that answers by a script."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from deploy.asking.client import Client, NobodyAnswers, NoDivision, Refused
from tests.unit.ask.builders import a_standing


@dataclass
class _Script:
    """What is answered, in turn (the last again and again), and what was heard."""

    answers: list[tuple[int, Any]] = field(default_factory=list)
    heard: list[tuple[str, str, dict[str, str], Any]] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def server() -> Iterator[_Script]:
    script = _Script()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            said = json.loads(body) if body else None
            script.heard.append((self.command, self.path, dict(self.headers), said))
            status, answer = script.answers.pop(0) if len(script.answers) > 1 else script.answers[0]
            data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST  # noqa: N815  -- the standard library calls it so

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        httpd.daemon_threads = True
        thread = Thread(target=httpd.serve_forever, args=(0.01,))
        thread.start()
        script.url = f"http://127.0.0.1:{httpd.server_port}/"
        yield script
        httpd.shutdown()
        thread.join()


@pytest.fixture
def client(server: _Script) -> Iterator[Client]:
    client = Client(server.url, "remit_token")
    yield client
    client.close()


def test_an_ask_is_sent_with_token_and_idempotency_key(server: _Script, client: Client) -> None:
    server.answers = [(202, dict(a_standing().answer))]

    standing = client.submit({"words": "Help me plan", "topic": "lesson_planning"})

    method, path, headers, said = server.heard[0]
    assert (method, path) == ("POST", "/api/intake/v1/requests")
    assert headers["Authorization"] == "Bearer remit_token"
    assert len(headers["Idempotency-Key"]) == 36
    assert said == {"words": "Help me plan", "topic": "lesson_planning"}
    assert standing.id == "r1"


def test_a_busy_server_is_asked_again_with_the_same_key(server: _Script, client: Client) -> None:
    server.answers = [(503, {}), (202, dict(a_standing().answer))]

    client.submit({"words": "Help me plan"})

    keys = {headers["Idempotency-Key"] for _, _, headers, _ in server.heard}
    assert len(server.heard) == 2
    assert len(keys) == 1


def test_a_refusal_carries_the_problem_with_its_fields(server: _Script, client: Client) -> None:
    fault = {"field": "words", "message": "is missing", "right": "1 to 2000 characters"}
    server.answers = [(422, {"detail": "Not valid.", "errors": [fault]})]

    with pytest.raises(Refused) as refused:
        client.submit({"words": ""})

    assert refused.value.status == 422
    assert refused.value.sentence == "Your words are missing. Right would be: 1 to 2000 characters."


def test_an_error_that_is_no_problem_document_is_a_refusal_too(
    server: _Script, client: Client
) -> None:
    server.answers = [(404, b"<html>")]
    with pytest.raises(Refused, match="The server answered 404"):
        client.look("r1")


def test_notices_are_asked_by_request(server: _Script, client: Client) -> None:
    notice = {
        "part": "coach",
        "kind": "invitation",
        "state": "sent",
        "message_id": "<m@example.org>",
        "more": 1,
    }
    server.answers = [(200, {"notices": [notice]})]

    [told] = client.notices("r1")

    assert server.heard[0][1] == "/api/notifier/v1/notices?request_id=r1"
    assert (told.part, told.settled, told.message_id) == ("coach", True, "<m@example.org>")


def test_without_a_token_only_public_things_are_asked(server: _Script) -> None:
    model: dict[str, object] = {
        "topics": [],
        "out_of_remit": [],
        "support_modes": [],
        "coach_types": [],
    }
    model |= {"schools": [{"key": "a", "name": "A"}], "zone": "America/Regina"}
    server.answers = [(200, model)]
    client = Client(server.url)

    client.choices()
    client.close()

    assert [path for _, path, _, _ in server.heard] == [
        "/api/intake/v1/schools",
        "/api/intake/v1/model",
    ]
    assert all("Authorization" not in headers for _, _, headers, _ in server.heard)


def test_an_address_where_nobody_listens_is_said_to_be_silent(server: _Script) -> None:
    with pytest.raises(NobodyAnswers):
        Client("http://127.0.0.1:9").look("r1")


def test_a_stack_without_schools_is_said_to_be_empty(server: _Script, client: Client) -> None:
    server.answers = [(200, {"schools": []})]
    with pytest.raises(NoDivision):
        client.choices()
