"""One workshop at work: its database, its broker, its processes, those who tell it of pieces."""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from shared.clock import utc_now
from shared.database.transaction import transaction
from shared.events import TimeFreed
from shared.identity import new_id
from shared.messaging.append import append
from tests.faults.workshop.service import BENCH, SERVICE
from tests.support.events import HOUR, NOON
from tests.support.faults_watch import LeaseWatch
from tests.support.postgres import Database, Server
from tests.support.processes import Keeper, Process, module
from tests.support.stack_valkey import CrashableValkey, crashable_valkey
from tests.support.waiting import happens

_AT_WORK_AFTER = 1.5
# What heals by waiting, and what nothing can heal.
LOST = """
SELECT piece FROM unnest(CAST(:told AS uuid[])) AS told (piece)
WHERE NOT EXISTS (SELECT FROM bus.mark WHERE mark.piece = told.piece)
"""
DOUBLED = "SELECT piece FROM bus.mark GROUP BY piece HAVING count(*) > 1"
DEAD = "SELECT event_id FROM bus.delivery WHERE state = 'dead'"
FOR_GOOD = {"doubled": DOUBLED, "dead": DEAD}
IN_TIME = {"lost": LOST}


@dataclass
class Bench:
    """A running workshop."""

    database: Database
    valkey: CrashableValkey
    keeper: Keeper
    watch: LeaseWatch
    chance: random.Random
    told: list[UUID] = field(default_factory=list)
    kills: int = 0

    def tell(self, pieces: int) -> None:
        """Append events of new pieces in a transaction that takes its time before it commits."""
        ids = [new_id() for _ in range(pieces)]
        freed = [
            TimeFreed(version=1, coach_id=id_, starts_at=NOON, ends_at=NOON + HOUR) for id_ in ids
        ]
        engine = self.database.engines[0]
        with transaction(engine, "system:test") as connection:
            append(connection, freed, utc_now())
            connection.exec_driver_sql(f"SELECT pg_sleep({self.chance.uniform(0, 0.03)})")
        self.told += ids

    def telling(self, over: threading.Event) -> None:
        """Tell of a few pieces at a time until told to stop."""
        while not over.wait(self.chance.uniform(0.02, 0.1)):
            self.tell(self.chance.randint(1, 10))

    def marks(self) -> int:
        """How many effects there are."""
        return int(str(self.database.sql("SELECT count(*) FROM bus.mark")[0][0]))

    def kill(self, name: str) -> None:
        """SIGKILL to the group of a process, and note which steps that interrupted."""
        self.keeper.kill(name)
        self.kills += 1
        if name == "worker":
            self.watch.killed(SERVICE)

    def at_work(self, name: str) -> bool:
        """Whether a process has lived long enough to be worth killing."""
        process = self.keeper.processes[name]
        return process.alive and time.monotonic() - process.started_at > _AT_WORK_AFTER

    def found(self, violation: str, limit: float) -> bool:
        """Whether it shows within `limit` seconds more of work."""
        return happens(lambda: violation in self.violations(), limit, every=0.2)

    def violations(self) -> dict[str, int]:
        """How often each promise is broken at this moment."""
        found = {}
        for name, check in (FOR_GOOD | IN_TIME).items():
            told = {"told": list(self.told)} if ":told" in check else {}
            if rows := self.database.sql(check, **told):
                found[name] = len(rows)
        return found

    def settled(self, limit: float) -> dict[str, int]:
        """Wait until no promise is broken, at most `limit` seconds; what is still broken then."""
        deadline = time.monotonic() + limit
        while found := self.violations():
            if found.keys() & FOR_GOOD.keys() or time.monotonic() > deadline:
                return found
            time.sleep(0.1)
        return {}

    def by_celery(self) -> float:
        """The share of settled deliveries that Celery workers handled."""
        share = "SELECT avg((settled_by = 'celery')::int) FROM bus.delivery WHERE state = 'done'"
        return float(str(self.database.sql(share)[0][0] or 0))


@contextmanager
def a_bench(
    server: Server, folder: Path, chance: random.Random, sin: str | None = None
) -> Iterator[Bench]:
    """A workshop on a database and a broker of its own, its processes committing `sin`, if any."""
    folder.mkdir()
    with server.clone() as database, crashable_valkey(folder) as valkey:
        for statement in filter(str.strip, BENCH.split(";")):
            database.sql(statement)
        database.engine(SERVICE, pool_size=6)
        environ = {"REMIT_DATABASE_URL": database.url, "REMIT_BROKER_URL": valkey.url}
        keeper = Keeper()
        for name in ("worker", "ringer"):
            target = (f"tests.faults.workshop.{name}",)
            command = module(*(("tests.faults.broken", sin) if sin else ()), *target)
            keeper.keep(Process(name, command, environ, folder / f"{name}.log"))
        try:
            with LeaseWatch(database.owner_url) as watch:
                yield Bench(database, valkey, keeper, watch, chance)
        finally:
            keeper.close()
