"""The loop that kills at random points; sound and broken products go through the very same one."""

import random
import threading
import time
from collections.abc import Callable

import psutil

from shared.messaging.heartbeat import ages
from tests.support.faults_scene import Scene
from tests.support.stack import Stack

# How often each is drawn. `child:` kills one child alone, under a master that lives.
_VICTIMS = {
    "planning": 4,
    "telling": 4,
    "web": 2,
    "ringer": 2,
    "beat": 1,
    "child:planning": 1,
    "child:web": 1,
}
# A process that was started this long ago has been at work, if it has shown life since.
_AT_WORK_AFTER = 1.0
_SHOW_LIFE = ("planning", "telling", "ringer")


def kill_at_random(
    scene: Scene[Stack],
    chance: random.Random,
    rounds: int,
    enough: Callable[[], bool] = lambda: False,
) -> None:
    """Kill one victim a round, at a random moment after new asks were acknowledged."""
    for _ in range(rounds):
        before = len(scene.asking.acknowledged)
        scene.until(lambda before=before: len(scene.asking.acknowledged) > before, limit=10)
        victim = _draw(scene, chance)
        threading.Event().wait(chance.uniform(0.0, 0.15))
        _kill(scene.stack, victim, chance)
        if enough():
            return


def _draw(scene: Scene[Stack], chance: random.Random) -> str:
    """A victim that has been at work: to kill what only starts proves little."""
    victim = chance.choices(list(_VICTIMS), list(_VICTIMS.values()))[0]
    scene.until(lambda: _at_work(scene.stack, victim.removeprefix("child:")))
    return victim


def _at_work(stack: Stack, name: str) -> bool:
    process = stack.keeper.processes[name]
    lived = time.monotonic() - process.started_at
    if lived < _AT_WORK_AFTER or not process.alive:
        return False
    if name not in _SHOW_LIFE:
        return name != "web" or stack.answers()
    with stack.valkey.client() as client:  # on a busy machine a worker is long in coming
        return ages(client).get(name, lived) < lived


def _kill(stack: Stack, victim: str, chance: random.Random) -> None:
    if not victim.startswith("child:"):
        stack.kill(victim)
        return
    name = victim.removeprefix("child:")
    popen = stack.keeper.processes[name].popen
    assert popen is not None
    try:
        children = psutil.Process(popen.pid).children()
        if children:
            chance.choice(children).kill()
            stack.kills[victim] = stack.kills.get(victim, 0) + 1
    except psutil.NoSuchProcess:
        return
