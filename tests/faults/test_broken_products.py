"""The kill loop's red arms: the same loop, a sin in one process, and the check that must find it.

The arms run side by side, each on a stack of its own, until what is expected was found.
"""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.killing import kill_at_random
from tests.support.faults_client import Asking
from tests.support.faults_scene import Found, Scene
from tests.support.stack import Division, a_stack

_MOST_ROUNDS = 25


@dataclass(frozen=True)
class Arm:
    """A sin, the processes that commit it, and the violation that it must lead to."""

    sin: str
    processes: tuple[str, ...]
    finds: str


ARMS = (
    Arm("forgets_the_key", ("web",), "asked_twice"),
    Arm("answers_first", ("web",), "acknowledged_but_missing"),
    Arm("done_first", ("planning", "telling"), "done_without_effect"),
    Arm("no_lease", ("planning", "telling"), "held_too_long"),
    Arm("sends_later", ("telling",), "sent_without_copy"),
    Arm("new_letter_each_try", ("telling",), "copy_of_no_notice"),
)


def _run(division: Division, folder: Path, arm: Arm, seed: int) -> Found:
    chance = random.Random(f"{seed}:{arm.sin}")
    sins = dict.fromkeys(arm.processes, arm.sin)
    with (
        a_stack(division, folder / arm.sin, sins) as stack,
        Asking(stack, chance.randrange(10**9), threads=2) as asking,
    ):
        scene = Scene(stack, asking)
        kill_at_random(scene, chance, _MOST_ROUNDS, lambda: arm.finds in scene.always())
        return scene.always()


@pytest.fixture(scope="module")
def found(
    division: Division, tmp_path_factory: pytest.TempPathFactory, seed: int
) -> dict[str, Found]:
    folder = tmp_path_factory.mktemp("arms")
    with ThreadPoolExecutor(len(ARMS)) as pool:
        runs = {arm.sin: pool.submit(_run, division, folder, arm, seed) for arm in ARMS}
    return {sin: run.result() for sin, run in runs.items()}


@pytest.mark.parametrize("arm", ARMS, ids=lambda arm: arm.sin)
def test_the_same_loop_finds_what_a_broken_product_does(found: dict[str, Found], arm: Arm) -> None:
    assert arm.finds in found[arm.sin], found[arm.sin]
