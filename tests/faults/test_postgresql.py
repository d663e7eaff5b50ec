"""PostgreSQL crashed (`-m immediate`) under load: what was acknowledged is there when it is back."""

import random
from pathlib import Path

from tests.faults.harm import crash_postgres
from tests.faults.record import Record
from tests.support.faults_client import Asking
from tests.support.faults_scene import Scene
from tests.support.stack import Division, a_stack
from tests.support.stack_postgresql import CrashablePostgres

_CRASHES = 3
BACK_WITHIN = 30.0
RESUMES_WITHIN = 30.0
# Every sender may have a letter between the server's 250 and our commit when the database goes.
_SENDERS = 5


def test_no_acknowledged_ask_is_lost_when_postgresql_crashes(
    division: Division,
    crashable: CrashablePostgres,
    tmp_path: Path,
    chance: random.Random,
    record: Record,
) -> None:
    with (
        a_stack(division, tmp_path / "stack") as stack,
        Asking(stack, chance.randrange(10**9)) as asking,
    ):
        scene = Scene(stack, asking)
        back_after = crash_postgres(scene, crashable, _CRASHES)
        violations = scene.settled(RESUMES_WITHIN + 30)
        copies = scene.copies()
        record(
            "PostgreSQL crashed",
            crashes=_CRASHES,
            acknowledged=len(asking.acknowledged),
            back_after_max=max(back_after),
            second_copies=copies.extra,
        )
        assert (violations, asking.unanswered) == ({}, []), stack.keeper.tails()
        assert max(back_after) <= BACK_WITHIN
        assert copies.extra <= _SENDERS * _CRASHES
