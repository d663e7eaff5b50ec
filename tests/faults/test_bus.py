"""The bus alone under kill -9 and FLUSHALL, beside variants of it that double or never see their work.

Each arm is the same loop in the same minutes on a database and a broker of its own; only the sin that
its processes commit differs.
"""

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from tests.faults.record import Record
from tests.faults.workshop.bench import Bench, a_bench
from tests.support.postgres import Server
from tests.support.waiting import until

ROUNDS = 6
# What the README promises for an interrupted step.
RESUMES_WITHIN = 30.0
# After 10 s a ringer drains by itself: what it does not see then, nobody will.
_HEALED_WITHIN = 15.0
# A busy machine may not come to the moment that a sin needs: so often an arm is run until it shows.
_MOST_RUNS = 3
SOUND = "sound"
SINS = {"no_claim": "doubled", "by_last_id": "lost"}


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How an arm ended."""

    violations: dict[str, int]
    told: int
    kills: int
    by_celery: float
    resumed_after: list[float] = field(default_factory=list)
    logs: str = ""


def _kill_and_flush(bench: Bench) -> None:
    """Kill at a random point once something moved; every third time the broker is emptied too."""
    for round_ in range(ROUNDS):
        before = bench.marks()
        with suppress(AssertionError):  # a broken arm may have stopped moving
            until(lambda before=before: bench.marks() > before, limit=3.0)
        victim = bench.chance.choice(["worker", "worker", "ringer"])
        until(partial(bench.at_work, victim))
        threading.Event().wait(bench.chance.uniform(0.0, 0.15))
        bench.kill(victim)
        if round_ % 3 == 2:
            bench.valkey.empty()


def _arm(server: Server, folder: Path, seed: int, sin: str) -> Ending:
    if sin == SOUND:
        return _run(server, folder / sin, f"{seed}:{sin}", sin)
    for again in range(_MOST_RUNS):
        ending = _run(server, folder / f"{sin}-{again}", f"{seed}:{sin}:{again}", sin)
        if SINS[sin] in ending.violations:
            break
    return ending


def _run(server: Server, folder: Path, seed: str, sin: str) -> Ending:
    chance = random.Random(seed)  # noqa: S311  -- draws, not secrets
    with a_bench(server, folder, chance, None if sin == SOUND else sin) as bench:
        over = threading.Event()
        tellers = [threading.Thread(target=bench.telling, args=(over,)) for _ in range(2)]
        for teller in tellers:
            teller.start()
        try:
            _kill_and_flush(bench)
            if sin in SINS:
                bench.found(SINS[sin], _HEALED_WITHIN)
        finally:
            over.set()
            for teller in tellers:
                teller.join(10)
        violations = bench.settled(RESUMES_WITHIN if sin == SOUND else _HEALED_WITHIN)
        return Ending(
            violations=violations,
            told=len(bench.told),
            kills=bench.kills,
            by_celery=bench.by_celery(),
            resumed_after=sorted(bench.watch.resumed_after),
            logs=bench.keeper.tails() if violations else "",
        )


@pytest.fixture(scope="module")
def endings(
    server: Server, tmp_path_factory: pytest.TempPathFactory, seed: int
) -> dict[str, Ending]:
    folder = tmp_path_factory.mktemp("bus")
    arms = [SOUND, *SINS]
    with ThreadPoolExecutor(len(arms)) as pool:
        run = {sin: pool.submit(_arm, server, folder, seed, sin) for sin in arms}
    return {sin: future.result() for sin, future in run.items()}


def test_nothing_told_is_lost_or_doubled_however_often_is_killed_and_flushed(
    endings: dict[str, Ending], record: Record
) -> None:
    ending = endings[SOUND]
    record(
        "bus alone",
        kills=ending.kills,
        told=ending.told,
        by_celery=ending.by_celery,
        resumed_p100=max(ending.resumed_after, default=0.0),
    )
    assert ending.violations == {}, ending.logs


def test_an_interrupted_batch_is_taken_up_again_within_the_promise(
    endings: dict[str, Ending],
) -> None:
    assert max(endings[SOUND].resumed_after, default=0.0) <= RESUMES_WITHIN


@pytest.mark.parametrize(("sin", "finds"), SINS.items())
def test_the_same_loop_finds_what_a_broken_bus_does(
    endings: dict[str, Ending], sin: str, finds: str
) -> None:
    assert finds in endings[sin].violations
