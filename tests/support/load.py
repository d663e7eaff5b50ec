"""An HTTP load of bounded size over kept connections, from one thread: cheap beside what it measures.

Closed: each connection sends its next request when it has its answer. Open: each request has its
own planned time, whatever the server does, and its latency counts from there (no coordinated
omission).
"""

import selectors
import socket
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

ANSWER_WITHIN = 30.0
_END_OF_HEAD = b"\r\n\r\n"
_CHUNK = 65_536
NO_ANSWER = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """One request's fate; times are of the monotonic clock. Status 0: the connection failed."""

    planned: float
    answered: float
    status: int

    @property
    def latency(self) -> float:
        return self.answered - self.planned


@dataclass(frozen=True)
class Load:
    """All answers of one load."""

    answers: list[Answer]
    began: float

    @property
    def seconds(self) -> float:
        """From the first request's plan to the last answer."""
        return max(answer.answered for answer in self.answers) - self.began

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.answers) / self.seconds

    def percentile(self, share: float) -> float:
        """The latency that this share of the requests stayed within, in seconds."""
        return percentile([answer.latency for answer in self.answers], share)

    def refused(self, wanted: int) -> int:
        """How many were answered otherwise than wanted."""
        return sum(answer.status != wanted for answer in self.answers)

    def statuses(self) -> str:
        """How often each status was answered, for people."""
        counted = Counter(answer.status for answer in self.answers)
        return ", ".join(f"{count} x {status}" for status, count in counted.most_common())


def percentile(values: list[float], share: float) -> float:
    """The nearest-rank percentile."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def post(path: str, body: bytes, headers: dict[str, str] | None = None) -> bytes:
    """The bytes of one POST of a JSON body over a kept connection."""
    return send("POST", path, body, {"Content-Type": "application/json"} | (headers or {}))


def get(path: str, headers: dict[str, str] | None = None) -> bytes:
    """The bytes of one GET over a kept connection."""
    return send("GET", path, b"", headers or {})


def send(method: str, path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """The bytes of one request over a kept connection."""
    length = {"Content-Length": str(len(body))} if body else {}
    lines = [
        f"{method} {path} HTTP/1.1",
        *(f"{name}: {value}" for name, value in ({"Host": "127.0.0.1"} | headers | length).items()),
    ]
    return "\r\n".join(lines).encode() + _END_OF_HEAD + body


def closed_loop(
    port: int, requests: Iterable[bytes], connections: int, seconds: float | None = None
) -> Load:
    """Send `requests`, as many at once as there are connections, until none is left or time is up."""
    return _Client(port, connections, requests, rate=None, seconds=seconds).run()


def open_loop(port: int, requests: Iterable[bytes], connections: int, rate: float) -> Load:
    """Send `requests` at `rate` a second, each at its time or as soon as a connection is free."""
    return _Client(port, connections, requests, rate=rate, seconds=None).run()


class BrokenAnswer(Exception):  # noqa: N818  -- reads as what it says
    """What came is no HTTP/1.1 answer that this client reads."""


@dataclass(eq=False)
class _Line:
    """One kept connection, with at most one request on it."""

    port: int
    wire: socket.socket = field(init=False)
    received: bytearray = field(default_factory=bytearray)
    planned: float = 0.0
    sent: float = 0.0

    def open(self) -> None:
        self.wire = socket.create_connection(("127.0.0.1", self.port), 5)
        self.wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received.clear()

    def status(self) -> int | None:
        """The status of the whole answer, or None while some of it is missing."""
        head_end = self.received.find(_END_OF_HEAD)
        if head_end < 0:
            return None
        head = bytes(self.received[:head_end]).lower()
        _, _, rest = head.partition(b"\r\ncontent-length:")
        if not rest:
            raise BrokenAnswer("an answer without Content-Length")
        length = int(rest.partition(b"\r\n")[0])
        if len(self.received) < head_end + len(_END_OF_HEAD) + length:
            return None
        self.received.clear()
        return int(head[9:12])


class _Client:
    def __init__(
        self,
        port: int,
        connections: int,
        requests: Iterable[bytes],
        *,
        rate: float | None,
        seconds: float | None,
    ) -> None:
        self._requests: Iterator[bytes] = iter(requests)
        self._rate = rate
        self._seconds = seconds
        self._lines = [_Line(port) for _ in range(connections)]
        self._idle = deque(self._lines)
        self._busy: set[_Line] = set()
        self._selector = selectors.DefaultSelector()
        self._answers: list[Answer] = []
        self._sent = 0
        self._over = False

    def run(self) -> Load:
        try:
            for line in self._lines:
                line.open()
                self._selector.register(line.wire, selectors.EVENT_READ, line)
            self._began = time.monotonic()
            while not self._over or self._busy:
                self._send()
                self._receive()
        finally:
            for line in self._lines:
                if hasattr(line, "wire"):
                    line.wire.close()
            self._selector.close()
        return Load(self._answers, self._began)

    def _send(self) -> None:
        """Give each idle connection the next request whose time has come."""
        while self._idle and not self._over:
            now = time.monotonic()
            planned = now if self._rate is None else self._began + self._sent / self._rate
            if planned > now:
                return
            request = self._next(now)
            if request is None:
                self._over = True
                return
            line = self._idle.popleft()
            line.planned, line.sent = planned, now
            self._sent += 1
            self._busy.add(line)
            try:
                line.wire.sendall(request)
            except OSError:
                self._lost(line)

    def _next(self, now: float) -> bytes | None:
        if self._seconds is not None and now >= self._began + self._seconds:
            return None
        return next(self._requests, None)

    def _receive(self) -> None:
        for key, _ in self._selector.select(self._patience()):
            self._read(key.data)
        if self._busy:
            late = time.monotonic() - ANSWER_WITHIN
            for line in [line for line in self._busy if line.sent < late]:
                self._lost(line)

    def _patience(self) -> float:
        if self._rate is None or not self._idle or self._over:
            return 1.0
        return max(0.0, self._began + self._sent / self._rate - time.monotonic())

    def _read(self, line: _Line) -> None:
        try:
            received = line.wire.recv(_CHUNK)
        except OSError:
            received = b""
        if not received:
            self._lost(line)
            return
        line.received += received
        status = line.status()
        if status is not None:
            self._settle(line, status)

    def _settle(self, line: _Line, status: int) -> None:
        self._busy.discard(line)
        self._answers.append(Answer(line.planned, time.monotonic(), status))
        self._idle.append(line)

    def _lost(self, line: _Line) -> None:
        """The connection is gone: so is the answer of what was on it, and a new one is opened."""
        was_busy = line in self._busy
        self._selector.unregister(line.wire)
        line.wire.close()
        line.open()
        self._selector.register(line.wire, selectors.EVENT_READ, line)
        if was_busy:
            self._settle(line, NO_ANSWER)
