"""`remit up` killed with kill -9 as a whole, mid-stampede, and started again on its data."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.faults.record import Record
from tests.support.faults_client import Asking
from tests.support.faults_mail import Copies
from tests.support.faults_scene import Scene
from tests.support.stack_whole import WholeStack

_STAMPEDE = 300
_KILLED_AFTER = 120
# Leases of 20 s run out, what they held is done, and the letters go out.
TOLD_WITHIN = 60.0
_SENDERS = 5


@contextmanager
def _killed_mid_stampede(data: Path, seed: int, sin: str = "") -> Iterator[Scene[WholeStack]]:
    """The stack is up again, and every ask of the stampede has been acknowledged."""
    stack = WholeStack(data, sin)
    stack.start()
    try:
        stack.load()
        with Asking(stack, seed, threads=8, pause=0.0, most=_STAMPEDE) as asking:
            scene = Scene(stack, asking)
            scene.until(lambda: len(asking.acknowledged) >= _KILLED_AFTER)
            stack.kill()
            stack.start()
            scene.until(lambda: asking.done, limit=60)
        yield scene
    finally:
        stack.stop()


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How a stack stood when it was up again, and when it had settled."""

    always: dict[str, list[Any]]
    violations: dict[str, str]
    acknowledged: int
    without_answer: list[Any]
    settled_after: float
    copies: Copies
    logs: str


def _run(data: Path, seed: int, sin: str = "") -> Ending:
    with _killed_mid_stampede(data, seed, sin) as scene:
        began = time.monotonic()
        always = scene.always()
        violations = {} if always else scene.settled(TOLD_WITHIN)
        return Ending(
            always=always,
            violations=violations,
            acknowledged=len(scene.asking.acknowledged),
            without_answer=[*scene.asking.refused, *scene.asking.unanswered],
            settled_after=time.monotonic() - began,
            copies=scene.copies(),
            logs=scene.stack.tails() if violations else "",
        )


@pytest.fixture(scope="module")
def endings(tmp_path_factory: pytest.TempPathFactory, seed: int) -> tuple[Ending, Ending]:
    """Of the sound stack and of the broken one, killed in the same minute."""
    folder = tmp_path_factory.mktemp("whole")
    with ThreadPoolExecutor(2) as pool:
        sound = pool.submit(_run, folder / "sound", seed)
        broken = pool.submit(_run, folder / "broken", seed, "in_the_stack")
    return sound.result(), broken.result()


def test_a_killed_stack_keeps_every_acknowledged_ask_and_tells_everybody(
    endings: tuple[Ending, Ending], record: Record
) -> None:
    sound, _ = endings
    record(
        "whole stack killed",
        acknowledged=sound.acknowledged,
        settled_after=sound.settled_after,
        mails=len(sound.copies.by_id),
        second_copies=sound.copies.extra,
    )
    assert (sound.always, sound.violations, sound.without_answer) == ({}, {}, []), sound.logs
    assert sound.acknowledged == _STAMPEDE
    assert sound.copies.extra <= _SENDERS


def test_the_same_kill_finds_a_stack_that_acknowledges_what_it_has_not_stored(
    endings: tuple[Ending, Ending],
) -> None:
    _, broken = endings
    assert "acknowledged_but_missing" in broken.always
