"""The red arms: the same harm done to products with a sin in them, and the check that must find it.

Each arm has a stack of its own; several run side by side, each until what is expected was found.
"""

import random
import tempfile
import time
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults import harm
from tests.faults.killing import kill_at_random
from tests.support.faults_client import Asking
from tests.support.faults_invariants import ALWAYS, AT_REST
from tests.support.faults_scene import Scene
from tests.support.postgres import _prepared as prepared
from tests.support.stack import Division, Stack, a_division, a_stack
from tests.support.stack_postgresql import crashable_postgres

# So many times it is killed, and on a busy machine for so many seconds, until it shows.
_MOST_ROUNDS = 25
_KILLED_FOR = 180.0
# Longer than a sin takes between its two steps: what is seen in between is not yet lost.
_STEP_IS_OVER = 3.0
_SIDE_BY_SIDE = 5
# The sound product comes to rest within a second; at 10 s its ringer would have helped itself.
_LONGEST_REST = 12.0

Harm = Callable[[Scene[Stack], random.Random, "Arm"], Collection[str]]


@dataclass(frozen=True)
class Arm:
    """A sin, the processes that commit it, the harm done, and the violation that must follow."""

    sin: str
    processes: tuple[str, ...]
    harm: Harm
    finds: str


def _killed(scene: Scene[Stack], chance: random.Random, arm: Arm) -> Collection[str]:
    over = time.monotonic() + _KILLED_FOR
    while True:
        kill_at_random(scene, chance, _MOST_ROUNDS, lambda: arm.finds in scene.always())
        if _lasts(scene, arm) or time.monotonic() > over:
            return scene.always()


def _lasts(scene: Scene[Stack], arm: Arm) -> bool:
    """Whether the very same is still violated when the step that does it is over: it is for good."""
    first = {tuple(row) for row in scene.always().get(arm.finds, [])}
    if not first:
        return False

    def gone() -> bool:
        return not first & {tuple(row) for row in scene.always().get(arm.finds, [])}

    return not scene.until(gone, limit=_STEP_IS_OVER)


def _at_rest(scene: Scene[Stack], arm: Arm) -> Collection[str]:
    """What is violated when nothing else is, or as long as rest may take."""
    scene.asking.finish()
    everything = ALWAYS | AT_REST
    scene.until(lambda: scene.violated(everything).keys() == {arm.finds}, limit=_LONGEST_REST)
    return scene.violated(everything)


def _flushed(scene: Scene[Stack], _chance: random.Random, arm: Arm) -> Collection[str]:
    harm.flush_under_load(scene)
    return _at_rest(scene, arm)


def _without_redis(scene: Scene[Stack], _chance: random.Random, _arm: Arm) -> Collection[str]:
    scene.stack.valkey.freeze()
    return ["not_answered"] if harm.answered_without_redis(scene) is None else []


def _without_mail(scene: Scene[Stack], _chance: random.Random, arm: Arm) -> Collection[str]:
    harm.take_mail_down(scene)
    return _at_rest(scene, arm)


def _refused(scene: Scene[Stack], _chance: random.Random, arm: Arm) -> Collection[str]:
    harm.refuse_some(scene)
    harm.some_more_asks(scene, 20)
    return _at_rest(scene, arm)


def _dropped(scene: Scene[Stack], chance: random.Random, arm: Arm) -> Collection[str]:
    dropped = harm.drop_some_once(scene, chance)
    scene.until(
        lambda: len(dropped) == harm.DROPS and arm.finds in scene.always(), limit=_KILLED_FOR
    )
    return scene.always()


# A ringer drains too when work is late: a sin of those who drain is everybody's.
_DRAINING = ("planning", "telling", "ringer")
ARMS = (
    Arm("carries_ids", _DRAINING, _flushed, "still_due"),
    Arm("trusts_the_bell", ("ringer",), _without_redis, "not_answered"),
    Arm("fails_at_once", _DRAINING, _without_mail, "not_sent"),
    Arm("fails_in_silence", _DRAINING, _refused, "failed_but_not_said"),
    Arm("trusts_the_wire", _DRAINING, _dropped, "sent_without_copy"),
    Arm("forgets_the_key", ("web",), _killed, "asked_twice"),
    Arm("answers_first", ("web",), _killed, "acknowledged_but_missing"),
    Arm("done_first", _DRAINING, _killed, "done_without_effect"),
    Arm("no_lease", _DRAINING, _killed, "held_too_long"),
    Arm("sends_later", _DRAINING, _killed, "sent_without_copy"),
    Arm("new_letter_each_try", _DRAINING, _killed, "copy_of_no_notice"),
)


def _run(division: Division, folder: Path, arm: Arm, seed: int) -> Collection[str]:
    chance = random.Random(f"{seed}:{arm.sin}")  # noqa: S311  -- draws, not secrets
    sins = dict.fromkeys(arm.processes, arm.sin)
    with (
        a_stack(division, folder / arm.sin, sins) as stack,
        Asking(stack, chance.randrange(10**9), threads=2) as asking,
    ):
        return arm.harm(Scene(stack, asking), chance, arm)


_ASYNCHRONOUS = "asynchronous"
_WRITE_LATER = (
    "ALTER SYSTEM SET synchronous_commit = off",
    "ALTER SYSTEM SET wal_writer_delay = '10s'",
    "SELECT pg_reload_conf()",
)


def _run_asynchronous(folder: Path, seed: int) -> Collection[str]:
    """The sin is the server's here, and committed behind the back of those who refuse to start on it."""
    with ExitStack() as closing:
        short_path = closing.enter_context(tempfile.TemporaryDirectory(prefix="remit-faults-"))
        postgres = closing.enter_context(crashable_postgres(Path(short_path)))
        server = closing.enter_context(prepared(postgres.admin_url))
        division = closing.enter_context(a_division(server))
        stack = closing.enter_context(a_stack(division, folder / _ASYNCHRONOUS))
        for statement in _WRITE_LATER:
            server.execute(statement)
        scene = Scene(stack, closing.enter_context(Asking(stack, seed)))
        harm.crash_postgres(scene, postgres, 2)
        return scene.always()


@pytest.fixture(scope="module")
def found(
    division: Division, tmp_path_factory: pytest.TempPathFactory, seed: int
) -> dict[str, Collection[str]]:
    folder = tmp_path_factory.mktemp("arms")
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
        asynchronous = pool.submit(_run_asynchronous, folder, seed)
        runs = {arm.sin: pool.submit(_run, division, folder, arm, seed) for arm in ARMS}
    return {sin: run.result() for sin, run in (runs | {_ASYNCHRONOUS: asynchronous}).items()}


@pytest.mark.parametrize("arm", ARMS, ids=lambda arm: arm.sin)
def test_the_same_harm_finds_what_a_broken_product_does(
    found: dict[str, Collection[str]], arm: Arm
) -> None:
    assert arm.finds in found[arm.sin]


def test_the_same_crash_finds_a_database_that_acknowledges_before_it_writes(
    found: dict[str, Collection[str]],
) -> None:
    assert "acknowledged_but_missing" in found[_ASYNCHRONOUS]
