"""Redis emptied, frozen and killed under load: it makes things quick, and nothing depends on it."""

import random
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from shared.messaging.doorbell import Doorbell
from shared.messaging.ringer import Ringer
from shared.messaging.routing import SERVICES
from tests.faults.harm import FLUSHES, answered_without_redis, flush_under_load
from tests.faults.record import Record
from tests.support.faults_client import Asking
from tests.support.faults_scene import Scene
from tests.support.load import percentile
from tests.support.stack import Division, a_stack

# Nobody was interrupted, so nothing waits for a lease: at worst the ringer notices after 10 s.
SETTLES_WITHIN = 20.0
_AWAY, _AWAY_LONG = 12.0, 60.0
_FORM_P95 = 0.5


@pytest.fixture
def away(long_faults: bool) -> float:
    """For how long Redis is away, in seconds."""
    return _AWAY_LONG if long_faults else _AWAY


def test_an_emptied_redis_loses_nothing(
    division: Division, tmp_path: Path, chance: random.Random, record: Record
) -> None:
    with (
        a_stack(division, tmp_path / "stack") as stack,
        Asking(stack, chance.randrange(10**9)) as asking,
    ):
        scene = Scene(stack, asking)
        flush_under_load(scene)
        began = time.monotonic()
        violations = scene.settled(SETTLES_WITHIN)
        record(
            "FLUSHALL",
            flushes=FLUSHES,
            acknowledged=len(asking.acknowledged),
            settled_after=time.monotonic() - began,
        )
        assert violations == {}, stack.keeper.tails()
        assert scene.copies().extra == 0


def test_without_redis_the_form_does_not_wait_and_the_ringer_drains_by_itself(
    division: Division, tmp_path: Path, chance: random.Random, record: Record, away: float
) -> None:
    with (
        a_stack(division, tmp_path / "stack") as stack,
        Asking(stack, chance.randrange(10**9), pause=0.2) as asking,
    ):
        scene = Scene(stack, asking)
        for fault, harm, mend in (
            ("frozen", stack.valkey.freeze, stack.valkey.thaw),
            ("killed", stack.valkey.kill, stack.valkey.start),
        ):
            before, began = len(asking.acknowledged), time.monotonic()
            harm()
            answered_after = answered_without_redis(scene)
            scene.until(lambda began=began: time.monotonic() - began > away, limit=away)
            waited = [one.seconds for one in asking.acknowledged[before:]]
            mend()
            record(
                f"Redis {fault}",
                seconds=time.monotonic() - began,
                answered_after=answered_after,
                asks_meanwhile=len(waited),
                form_p95=percentile(waited, 0.95),
                form_max=max(waited),
            )
            assert answered_after is not None, stack.keeper.tails()
            assert percentile(waited, 0.95) <= _FORM_P95
        asking.finish()
        began = time.monotonic()
        violations = scene.settled(SETTLES_WITHIN)
        record("Redis killed", settled_after=time.monotonic() - began)
        assert violations == {}, stack.keeper.tails()
        assert scene.copies().extra == 0


class _DeadBell(Doorbell):
    def __init__(self) -> None:
        self.tried: list[str] = []

    def ring(self, service: str) -> bool:
        self.tried.append(service)
        raise TimeoutError


def test_a_bell_that_fails_is_not_tried_for_every_room_at_every_look() -> None:
    bell = _DeadBell()
    ringer = Ringer(engine=create_engine("postgresql+psycopg://"), doorbell=bell, rooms=())
    for service in SERVICES * 10:
        ringer._ring(service)
    assert len(bell.tried) == 1
