"""Teachers who ask under faults, as a good client does: one key an ask, sent until it is acknowledged.

Some give up on an answer that was on its way and try again; some send an acknowledged ask once more.
"""

import json
import random
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Protocol, Self
from uuid import UUID, uuid4

from tests.support.stack import Teacher

TOPICS = (
    *("classroom_routines", "lesson_planning", "formative_assessment", "early_reading"),
    *("tech_integration", "digital_citizenship", "number_sense", "writing_instruction"),
)
OUT_OF_REMIT = ("device_repair",)
_PATH = "/api/intake/v1/requests"
_ANSWER_WITHIN = 15.0
_GIVE_UP_AFTER = 90.0
# Of a hundred asks so many are cut off before their answer, so many are sent once more after it, and
# so many are taken back.
_CUT_OFF, _SENT_AGAIN, _TAKEN_BACK = 8, 8, 5


@dataclass(frozen=True, kw_only=True)
class Acknowledged:
    """An ask that Remit said it has received, so many seconds after it was first sent."""

    request_id: UUID
    teacher: Teacher
    key: str
    seconds: float


class Asked(Protocol):
    """Where web is, and who may ask there."""

    @property
    def port(self) -> int: ...
    @property
    def teachers(self) -> Sequence[Teacher]: ...


@dataclass
class Asking:
    """Threads that ask until they are told to stop; what they were told is kept."""

    stack: Asked
    seed: int
    threads: int = 4
    pause: float = 0.1
    most: int | None = None
    acknowledged: list[Acknowledged] = field(default_factory=list)
    refused: list["_Answer"] = field(default_factory=list)
    taken_back: list[UUID] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)
    _sent: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> Self:
        self._running = [
            threading.Thread(target=self._ask_on, args=(f"{self.seed}:{number}",))
            for number in range(self.threads)
        ]
        for thread in self._running:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.finish()

    def finish(self) -> None:
        """Begin no new ask, and wait until every begun one is acknowledged."""
        self._over.set()
        for thread in self._running:
            thread.join(120)

    @property
    def done(self) -> bool:
        """Whether all that was to be asked is acknowledged."""
        return self.most is not None and len(self.acknowledged) >= self.most

    @property
    def ids(self) -> list[UUID]:
        """Everything that must exist, now and after any crash."""
        return [one.request_id for one in list(self.acknowledged)]

    def _begin(self) -> bool:
        with self._lock:
            if self._over.is_set() or (self.most is not None and self._sent >= self.most):
                return False
            self._sent += 1
            return True

    def _ask_on(self, seed: str) -> None:
        chance = random.Random(seed)  # noqa: S311  -- draws, not secrets
        line = _Line(self.stack.port)
        while self._begin():
            self._one(line, chance)
            self._over.wait(chance.uniform(0, 2 * self.pause))
        line.close()

    def _one(self, line: "_Line", chance: random.Random) -> None:
        teacher, mark = chance.choice(self.stack.teachers), uuid4().hex
        key, ask = f"fault-{mark}", _an_ask(chance, mark)
        began = time.monotonic()
        if chance.randrange(100) < _CUT_OFF:
            line.post(teacher, _PATH, ask, key=key, hang_up=True)
        answer = self._until_answered(line, chance, teacher, _PATH, ask, key)
        if answer is None:
            self.unanswered.append(key)
            return
        if answer.status != 202:
            self.refused.append(answer)
            return
        acknowledged = Acknowledged(
            request_id=answer.id, teacher=teacher, key=key, seconds=time.monotonic() - began
        )
        self.acknowledged.append(acknowledged)
        if chance.randrange(100) < _SENT_AGAIN:
            again = line.post(teacher, _PATH, ask, key=key)
            if again is not None and again.status < 500 and again.id != answer.id:
                self.forgotten.append(key)
        if chance.randrange(100) < _TAKEN_BACK:
            self._take_back(line, chance, acknowledged)

    def _take_back(self, line: "_Line", chance: random.Random, asked: Acknowledged) -> None:
        """Cancelled by this try, or (409) by one whose answer was lost, or declined from the start."""
        path = f"{_PATH}/{asked.request_id}/cancel"
        answer = self._until_answered(line, chance, asked.teacher, path, b"{}", None)
        if answer is None or answer.status not in (200, 409):
            self.unanswered.append(path)
        elif answer.status == 200:
            self.taken_back.append(asked.request_id)

    def _until_answered(
        self,
        line: "_Line",
        chance: random.Random,
        teacher: Teacher,
        path: str,
        body: bytes,
        key: str | None,
    ) -> "_Answer | None":
        began = time.monotonic()
        while time.monotonic() - began < _GIVE_UP_AFTER:
            answer = line.post(teacher, path, body, key=key)
            if answer is not None and answer.status < 500:
                return answer
            time.sleep(chance.uniform(0.02, 0.2))  # as a client backs off
        return None


@dataclass(frozen=True)
class _Answer:
    status: int
    body: bytes

    @property
    def id(self) -> UUID | None:
        """Of the request that it shows."""
        found = json.loads(self.body).get("id") if self.status == 202 else None
        return found and UUID(found)


def _an_ask(chance: random.Random, mark: str) -> bytes:
    topics: Sequence[str] = OUT_OF_REMIT if chance.randrange(10) == 0 else TOPICS
    ask = {"words": f"Could somebody help me with this? {mark}", "topic": chance.choice(topics)}
    return json.dumps(ask).encode()


class _Line:
    """One kept connection, opened anew when it is lost."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._wire: HTTPConnection | None = None

    def post(
        self, teacher: Teacher, path: str, body: bytes, *, key: str | None, hang_up: bool = False
    ) -> _Answer | None:
        """The answer, or None when none came (or was not waited for)."""
        headers = {
            "Authorization": f"Bearer {teacher.token}",
            "Content-Type": "application/json",
            **({"Idempotency-Key": key} if key else {}),
        }
        try:
            if self._wire is None:
                self._wire = HTTPConnection("127.0.0.1", self._port, timeout=_ANSWER_WITHIN)
            self._wire.request("POST", path, body, headers)
            if hang_up:
                self.close()
                return None
            answer = self._wire.getresponse()
            return _Answer(answer.status, answer.read())
        except (OSError, HTTPException):
            self.close()
            return None

    def close(self) -> None:
        """Hang up."""
        if self._wire is not None:
            with suppress(OSError):
                self._wire.close()
            self._wire = None
