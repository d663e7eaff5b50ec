"""The bus under kill -9 and FLUSHALL, beside variants of it that lose, double or get stuck.

Each arm is the same loop in the same minutes on a database and a broker of its own; only the sin that
its processes commit differs.
"""

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.faults.workshop.bench import Bench, a_bench
from tests.support.postgres import Server
from tests.support.waiting import until

ROUNDS = 10
# What the README promises for an interrupted step.
RESUMES_WITHIN = 30.0
SOUND = "sound"
SINS = {
    "done_first": "lost",
    "no_lease": "lost",
    "no_claim": "doubled",
    "by_last_id": "lost",
    "carries_ids": "lost",
}


@dataclass
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
        try:
            until(lambda before=before: bench.marks() > before, limit=3.0)
        except AssertionError:
            pass  # a broken arm may have stopped moving
        threading.Event().wait(bench.chance.uniform(0.0, 0.15))
        bench.kill(bench.chance.choice(["worker", "worker", "ringer"]))
        if round_ % 3 == 2:
            bench.valkey.empty()


def _arm(server: Server, folder: Path, seed: int, sin: str) -> Ending:
    chance = random.Random(f"{seed}:{sin}")
    with a_bench(server, folder / sin, chance, None if sin == SOUND else sin) as bench:
        over = threading.Event()
        tellers = [threading.Thread(target=bench.telling, args=(over,)) for _ in range(4)]
        for teller in tellers:
            teller.start()
        try:
            _kill_and_flush(bench)
        finally:
            over.set()
            for teller in tellers:
                teller.join(10)
        violations = bench.settled(RESUMES_WITHIN + 2)
        return Ending(
            violations=violations,
            told=len(bench.told),
            kills=bench.kills,
            by_celery=bench.by_celery(),
            resumed_after=bench.watch.resumed_after,
            logs=bench.keeper.tails() if violations else "",
        )


@pytest.fixture(scope="module")
def endings(server: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ending]:
    import os

    seed = int(os.environ.get("REMIT_FAULT_SEED") or random.SystemRandom().randrange(10**9))
    print(f"REMIT_FAULT_SEED={seed}")
    folder = tmp_path_factory.mktemp("bus")
    arms = [SOUND, *SINS]
    with ThreadPoolExecutor(len(arms)) as pool:
        run = {sin: pool.submit(_arm, server, folder, seed, sin) for sin in arms}
    return {sin: future.result() for sin, future in run.items()}


def test_nothing_told_is_lost_or_doubled_however_often_is_killed_and_flushed(
    endings: dict[str, Ending],
) -> None:
    ending = endings[SOUND]
    print(ending)
    assert ending.violations == {}, ending.logs


def test_an_interrupted_batch_is_taken_up_again_within_the_promise(
    endings: dict[str, Ending],
) -> None:
    resumed = endings[SOUND].resumed_after
    assert max(resumed, default=0.0) <= RESUMES_WITHIN


@pytest.mark.parametrize(("sin", "finds"), SINS.items())
def test_the_same_loop_finds_what_a_broken_bus_does(
    endings: dict[str, Ending], sin: str, finds: str
) -> None:
    print(endings[sin].violations, endings[sin].told, endings[sin].kills)
    assert finds in endings[sin].violations
