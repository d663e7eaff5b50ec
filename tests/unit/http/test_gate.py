"""Only our own names are served, and who sends slowly holds up nobody else."""

import io
import os
import threading
from collections.abc import Iterable

from werkzeug.test import EnvironBuilder, run_wsgi_app

from shared.http.gate import Gate
from tests.support.waiting import until


def echo(environ: dict, start_response: object) -> Iterable[bytes]:  # type: ignore[type-arg]
    start_response("200 OK", [])  # type: ignore[operator]
    return [environ["wsgi.input"].read()]


def sent(gate: Gate, *, said: str = "", **request: object) -> tuple[str, bytes]:
    """The status and body of a request; `said` is the length it announces, if not the true one."""
    environ = EnvironBuilder(**{"base_url": "http://remit.example.org", **request}).get_environ()  # type: ignore[arg-type]
    if said:
        environ["CONTENT_LENGTH"] = said
    body, status, _ = run_wsgi_app(gate, environ, buffered=True)
    return status[:3], b"".join(body)


def a_gate(readers: int = 1) -> Gate:
    return Gate(echo, ("remit.example.org", "localhost"), readers, patience=0.05)


def test_a_request_passes_with_its_body() -> None:
    assert sent(a_gate(), method="POST", data=b"{}") == ("200", b"{}")
    assert sent(a_gate(), base_url="http://localhost:8300")[0] == "200"


def test_another_name_is_not_served() -> None:
    assert sent(a_gate(), base_url="http://evil.example")[0] == "400"


def test_a_body_that_ends_early_is_refused() -> None:
    assert sent(a_gate(), said="50", method="POST", data=b"a=")[0] == "400"


def test_who_sends_slowly_holds_up_other_senders_only() -> None:
    gate, slow = a_gate(readers=1), Slow()
    given = {"method": "POST", "input_stream": slow}
    thread = threading.Thread(target=sent, args=(gate,), kwargs=given)
    thread.start()
    until(slow.began.is_set)
    assert sent(gate, method="POST", data=b"{}")[0] == "503"
    assert sent(gate)[0] == "200"
    slow.go_on.set()
    thread.join()
    assert sent(gate, method="POST", data=b"{}")[0] == "200"


def test_many_who_send_at_once_all_get_their_turn() -> None:
    gate = Gate(echo, ("localhost",), readers=1, patience=30)
    answers: list[str] = []

    def send() -> None:
        given = {"method": "POST", "input_stream": Unhurried(b"{}")}
        answers.append(sent(gate, base_url="http://localhost", **given)[0])

    threads = [threading.Thread(target=send) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == ["200"] * 16


class Unhurried(io.BytesIO):
    """A body in whose reading other threads get to run."""

    def read(self, size: int | None = -1, /) -> bytes:
        os.sched_yield()
        return super().read(size)


class Slow(io.BytesIO):
    """A body that comes when it is told to."""

    def __init__(self) -> None:
        super().__init__(b"{}")
        self.began = threading.Event()
        self.go_on = threading.Event()

    def read(self, size: int | None = -1, /) -> bytes:
        self.began.set()
        self.go_on.wait(30)
        return super().read(size)
