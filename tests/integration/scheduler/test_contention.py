"""Eight workers after forty coaches: nobody is booked twice, and no deadlock reaches who drains."""

import os
import random

from services.scheduler.adapters import checker
from shared.clock import utc_now
from tests.support.postgres import Database
from tests.support.scheduler.builders import Division
from tests.support.scheduler.contested import contested_asks, contested_coaches
from tests.support.scheduler.workers import workers
from tests.support.waiting import until

WORKERS, COACHES, ASKS, AT_ONCE = 8, 40, 500, 10
_OVERLAPPING = """
SELECT count(*) FROM scheduler.session a JOIN scheduler.session b
    ON a.id < b.id AND a.coach_id = b.coach_id AND a.during && b.during
WHERE a.live_coach_type IS NOT NULL AND b.live_coach_type IS NOT NULL
"""


def test_eight_workers_fill_forty_coaches_without_a_deadlock(database: Database) -> None:
    now = utc_now()
    division = Division(database, now=now).with_model()
    division.with_coaches(*contested_coaches(COACHES, hours_a_day=1))  # ten places each
    environ = os.environ | {
        "REMIT_DATABASE_URL": database.url,
        "REMIT_PUBLIC_URL": "http://localhost",
        "REMIT_SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz",
    }
    draw = random.Random(7)  # noqa: S311  -- invented asks, the same each time
    with workers(environ, WORKERS) as running:
        running.go()
        for _ in range(ASKS // AT_ONCE):  # while they work, so that all of them find some
            division.tell(*contested_asks(draw, COACHES, AT_ONCE, now))
        until(lambda: "due" not in division.delivery_states(), 120)
        met = running.finish()

    assert met.thrown == []
    assert met.deadlocks_met == 0
    assert division.delivery_states() == {"done": ASKS + 1}  # and the model
    assert database.sql(_OVERLAPPING)[0][0] == 0
    booked = len(division.sessions())
    waiting = database.sql("SELECT count(*) FROM scheduler.request WHERE state = 'waiting'")[0][0]
    assert booked + waiting == ASKS
    assert 0 < booked <= COACHES * 10
    with division.engine.connect() as connection:
        assert checker.differences(connection) == []
