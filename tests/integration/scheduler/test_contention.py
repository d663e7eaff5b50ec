"""Eight workers after forty coaches: nobody is booked twice, and no deadlock reaches anybody.

Neither whoever drains, nor a person who moves, answers, covers or takes back while they work.
"""

import os
import random
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from services.scheduler.adapters import checker
from services.scheduler.domain.moving import Meeting, Wanted
from shared.clock import utc_now
from shared.events import RequestCancelled
from tests.support.postgres import Database
from tests.support.scheduler.builders import Division
from tests.support.scheduler.contested import contested_asks, contested_coaches
from tests.support.scheduler.ledger import Ledger
from tests.support.scheduler.workers import workers
from tests.support.waiting import until

WORKERS, COACHES, ASKS, AT_ONCE = 8, 40, 500, 10
_OVERLAPPING = """
SELECT count(*) FROM scheduler.session a JOIN scheduler.session b
    ON a.id < b.id AND a.coach_id = b.coach_id AND a.during && b.during
WHERE a.live_coach_type IS NOT NULL AND b.live_coach_type IS NOT NULL
"""


# As PostgreSQL counts them: also those that a drain would have tried again, unseen by its caller.
_DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
_SOME_LIVE = """
SELECT id, request_id, teacher_id, coach_id, state, sequence, offer_id, starts_at,
    upper(during) AS ends_at FROM scheduler.session
WHERE live_coach_type IS NOT NULL ORDER BY random() LIMIT 1
"""


def environ_of(database: Database) -> dict[str, str]:
    return os.environ | {
        "REMIT_DATABASE_URL": database.url,
        "REMIT_PUBLIC_URL": "http://localhost",
        "REMIT_SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz",
    }


def test_eight_workers_fill_forty_coaches_without_a_deadlock(database: Database) -> None:
    now = utc_now()
    division = Division(database, now=now).with_model()
    division.with_coaches(*contested_coaches(COACHES, hours_a_day=1))  # ten places each
    draw = random.Random(7)  # noqa: S311  -- invented asks, the same each time
    with workers(environ_of(database), WORKERS) as running:
        running.go()
        for _ in range(ASKS // AT_ONCE):  # while they work, so that all of them find some
            division.tell(*contested_asks(draw, COACHES, AT_ONCE, now))
        until(lambda: "due" not in division.delivery_states(), 120)
        met = running.finish()

    assert met.thrown == []
    assert met.deadlocks_met == 0
    assert database.sql(_DEADLOCKS)[0][0] == 0
    assert division.delivery_states() == {"done": ASKS + 1}  # and the model
    assert database.sql(_OVERLAPPING)[0][0] == 0
    booked = len(division.sessions())
    waiting = database.sql("SELECT count(*) FROM scheduler.request WHERE state = 'waiting'")[0][0]
    assert booked + waiting == ASKS
    assert 0 < booked <= COACHES * 10
    with division.engine.connect() as connection:
        assert checker.differences(connection) == []


@dataclass
class People:
    """Teachers and coaches who change their minds while others are being booked."""

    division: Division
    draw: random.Random
    met: Counter[str] = field(default_factory=Counter)
    thrown: list[str] = field(default_factory=list)

    def go_on(self, changes: int) -> None:
        for _ in range(changes):
            rows = self.division.database.sql(_SOME_LIVE)
            if rows:
                try:
                    self.met[type(self.change(rows[0])).__name__] += 1
                except Exception as error:  # noqa: BLE001  -- whatever a caller would have met
                    self.thrown.append(f"{type(error).__name__}: {error}"[:300])

    def change(self, row: Any) -> Any:
        application = self.division.application
        if row.state == "held":
            answer = self.draw.choice((application.closing.take, application.closing.turn_down))
            return answer(row.teacher_id, row.offer_id)
        match self.draw.randrange(4):
            case 0:
                return application.covering.cover(row.coach_id, row.starts_at, row.ends_at)
            case 1:
                taken_back = RequestCancelled(
                    version=9, request_id=row.request_id, cancelled_at=self.division.now
                )
                self.division.tell(taken_back)
                return taken_back
            case _:
                meeting = application.moving.meeting(row.teacher_id, row.id)
                if not isinstance(meeting, Meeting) or not meeting.times:
                    return None
                wanted = Wanted(starts_at=self.draw.choice(meeting.times))
                return application.moving.move(
                    row.teacher_id, row.id, seen=meeting.session.sequence, wanted=wanted
                )


def test_no_deadlock_reaches_who_moves_answers_covers_or_takes_back_meanwhile(
    database: Database,
) -> None:
    now = utc_now()
    division = Division(database, now=now).with_model()
    division.with_coaches(*contested_coaches(12, hours_a_day=2))
    draw = random.Random(11)  # noqa: S311  -- invented asks, the same each time
    people = [People(division, random.Random(n)) for n in range(4)]  # noqa: S311
    with workers(environ_of(database), WORKERS) as running:
        running.go()
        division.tell(*contested_asks(draw, 12, 60, now))
        until(lambda: bool(division.sessions()), 60)
        threads = [threading.Thread(target=one.go_on, args=(25,)) for one in people]
        for thread in threads:
            thread.start()
        for _ in range(10):
            division.tell(*contested_asks(draw, 12, 6, now))
        for thread in threads:
            thread.join(120)
        until(lambda: "due" not in division.delivery_states(), 120)
        met = running.finish()

    assert [one.thrown for one in people] == [[]] * len(people)
    assert met.thrown == []
    assert sum((one.met for one in people), Counter())["Moved"] > 0
    assert database.sql(_DEADLOCKS)[0][0] == 0
    Ledger(division).check_database()
