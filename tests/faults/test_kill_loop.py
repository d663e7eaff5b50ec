"""kill -9 of web, worker groups, ringer and beat at random points while teachers ask."""

import random
from pathlib import Path

from services.scheduler.adapters.checker import differences
from tests.faults.killing import kill_at_random
from tests.faults.record import Record
from tests.support.faults_client import Asking
from tests.support.faults_scene import Scene
from tests.support.stack import Division, a_stack

RESUMES_WITHIN = 30.0
# Four senders a telling group: so many letters may be between the server's 250 and our commit.
_SENDERS = 4


def test_nothing_acknowledged_is_lost_or_doubled_however_often_is_killed(
    division: Division, tmp_path: Path, chance: random.Random, kill_rounds: int, record: Record
) -> None:
    seed = chance.randrange(10**9)
    with a_stack(division, tmp_path / "stack") as stack, Asking(stack, seed) as asking:
        scene = Scene(stack, asking)
        scene.plant_poisons()
        kill_at_random(scene, chance, kill_rounds)
        asking.finish()
        violations = scene.settled(RESUMES_WITHIN + 30)
        copies, resumed = scene.copies(), sorted(stack.watch.resumed_after)
        record(
            "kill loop",
            kills=stack.kills,
            acknowledged=len(asking.acknowledged),
            taken_back=len(asking.taken_back),
            mails=len(copies.by_id),
            second_copies=copies.extra,
            interrupted=len(resumed),
            resumed_p50=resumed[len(resumed) // 2] if resumed else 0.0,
            resumed_p100=resumed[-1] if resumed else 0.0,
        )
        assert (violations, asking.refused, asking.unanswered) == ({}, [], []), stack.keeper.tails()
        with stack.database.engine("scheduler").begin() as connection:
            assert differences(connection) == []
        in_the_window = stack.kills.get("telling", 0) + stack.kills.get("ringer", 0)
        assert copies.extra <= _SENDERS * in_the_window
        assert max(resumed, default=0.0) <= RESUMES_WITHIN
