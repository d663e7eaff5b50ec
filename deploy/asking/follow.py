"""Follow one request until its people are told: received, decided, matched, told, and how long each took."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from deploy.asking.client import NobodyAnswers, Refused
from deploy.asking.standing import Notice, Standing

_FIRST_PAUSE, _LONGEST_PAUSE, _GROWTH = 0.025, 0.25, 1.5


class Stage(StrEnum):
    """The steps of the path, as the person who watches reads them."""

    RECEIVED = "received"
    DECIDED = "decided"
    MATCHED = "matched"
    TOLD = "told"


@dataclass(frozen=True, kw_only=True)
class Step:
    """A stage that was reached, so many milliseconds after the ask was sent."""

    stage: Stage
    milliseconds: int
    standing: Standing
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Followed:
    """How far it came. When not `settled` the time was up; the request itself is safe."""

    standing: Standing
    notices: tuple[Notice, ...]
    settled: bool


class Looker(Protocol):
    """What following needs of the client."""

    def look(self, request_id: str) -> Standing:
        """How the request stands now."""

    def notices(self, request_id: str) -> list[Notice]:
        """What its people were told so far."""


@dataclass(frozen=True, kw_only=True)
class Follower:
    """Looks politely, and reports each stage once."""

    looker: Looker
    report: Callable[[Step], None]
    limit: float
    clock: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep

    def follow(self, submit: Callable[[], Standing]) -> Followed:
        """Submit, then look until all is said and told, or the limit has passed."""
        asked_at = self.clock()
        standing = submit()
        self._tell(Stage.RECEIVED, asked_at, standing)
        self._tell(Stage.DECIDED, asked_at, standing)
        matched = False
        notices: tuple[Notice, ...] = ()
        for pause in _pauses():
            if standing.settled and not matched:
                matched = True
                if standing.decision == "in_remit":
                    self._tell(Stage.MATCHED, asked_at, standing)
            if matched:
                notices = self._notices(standing, notices)
                if standing.told(notices):
                    self._tell(Stage.TOLD, asked_at, standing, notices)
                    return Followed(standing=standing, notices=notices, settled=True)
            if self.clock() - asked_at > self.limit:
                break
            self.pause(pause)
            standing = self._look_again(standing)
        return Followed(standing=standing, notices=notices, settled=False)

    def _look_again(self, standing: Standing) -> Standing:
        """The newest standing; the last known one while the server is away or busy."""
        with _patience():
            return self.looker.look(standing.id)
        return standing

    def _notices(self, standing: Standing, known: tuple[Notice, ...]) -> tuple[Notice, ...]:
        with _patience():
            return tuple(self.looker.notices(standing.id))
        return known

    def _tell(
        self, stage: Stage, since: float, standing: Standing, notices: tuple[Notice, ...] = ()
    ) -> None:
        milliseconds = round((self.clock() - since) * 1000)
        self.report(
            Step(stage=stage, milliseconds=milliseconds, standing=standing, notices=notices)
        )


@contextmanager
def _patience() -> Iterator[None]:
    """Once submitted, the request is safe: a server that restarts is waited for, up to the limit."""
    try:
        yield
    except NobodyAnswers:
        return
    except Refused as refusal:
        if not refusal.passing:
            raise


def _pauses() -> Iterator[float]:
    """Short at first, because most requests are booked within a blink; then longer."""
    pause = _FIRST_PAUSE
    while True:
        yield pause
        pause = min(pause * _GROWTH, _LONGEST_PAUSE)
