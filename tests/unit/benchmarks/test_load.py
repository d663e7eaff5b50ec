"""The load client against a server whose answers are known."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.support.load import (
    NO_ANSWER,
    Answer,
    Load,
    closed_loop,
    get,
    open_loop,
    percentile,
    post,
)


class _Echo(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._answer(int(self.path[1:]))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if body == b"hang up":
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return
        self._answer(int(body))

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Echo)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_closed_loop_sends_each_request_once(port: int) -> None:
    load = closed_loop(port, [post("/", b"202")] * 100, connections=4)
    assert [answer.status for answer in load.answers] == [202] * 100
    assert load.refused(202) == 0


def test_a_closed_loop_ends_when_its_time_is_up(port: int) -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield post("/", b"202")

    load = closed_loop(port, endless(), connections=2, seconds=0.2)
    assert load.answers
    assert load.seconds < 5


def test_an_open_loop_keeps_its_rate(port: int) -> None:
    load = open_loop(port, [post("/", b"202")] * 50, connections=4, rate=200)
    assert len(load.answers) == 50
    assert load.seconds >= 49 / 200


def test_reading_takes_no_body(port: int) -> None:
    load = closed_loop(port, [get("/200"), get("/404"), get("/200")], 1)
    assert load.statuses() == "2 x 200, 1 x 404"


def test_other_answers_are_counted_as_refused(port: int) -> None:
    load = closed_loop(port, [post("/", b"202"), post("/", b"429"), post("/", b"503")], 1)
    assert load.refused(202) == 2


def test_a_connection_that_breaks_costs_one_answer(port: int) -> None:
    load = closed_loop(port, [post("/", b"202"), post("/", b"hang up"), post("/", b"202")], 1)
    assert sorted(answer.status for answer in load.answers) == [NO_ANSWER, 202, 202]


def test_latency_counts_from_the_planned_time() -> None:
    load = Load([Answer(1.0, 1.5, 202), Answer(2.0, 4.0, 202)], began=1.0)
    assert load.percentile(0.5) == 2.0
    assert load.seconds == 3.0


def test_the_percentile_is_one_of_the_values() -> None:
    assert percentile([3.0, 1.0, 2.0, 4.0], 0.5) == 3.0
    assert percentile([1.0], 0.99) == 1.0
