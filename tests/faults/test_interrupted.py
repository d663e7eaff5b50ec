"""What a killed worker leaves behind: taken up in time, however much is due besides."""

from collections.abc import Sequence

import pytest
from sqlalchemy import Connection

from shared.clock import utc_now
from shared.database.transaction import transaction
from shared.events import Event, TimeFreed
from shared.identity import new_id
from shared.messaging.append import append
from shared.messaging.claims import (
    MOST_ATTEMPTS,
    claim_alone,
    claim_fresh,
    claim_interrupted,
)
from shared.messaging.drain import Drain, DrainSettings
from tests.support.events import HOUR, NOON
from tests.support.postgres import Database

SERVICE = "scheduler"


class Table:
    """A drain in this process, and what is due for it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.engine = database.engine(SERVICE)
        self.handled: list[list[Event]] = []

    def tell(self, pieces: int) -> None:
        freed = [
            TimeFreed(version=1, coach_id=new_id(), starts_at=NOON, ends_at=NOON + HOUR)
            for _ in range(pieces)
        ]
        with transaction(self.engine, "system:test") as connection:
            append(connection, freed, utc_now())

    def interrupt(self) -> None:
        """All that is due was in the hand of somebody who has been dead for a while."""
        self.database.sql(
            "UPDATE bus.delivery SET lease_id = coalesce(lease_id, gen_random_uuid()),"
            " lease_until = now() - interval '1 s'"
        )

    def claim(self, *, alone: bool) -> None:
        """Take up what is free, and say no more."""
        with transaction(self.engine, "system:test") as connection:
            if alone:
                assert claim_alone(connection, SERVICE, new_id())
            else:
                assert claim_interrupted(connection, SERVICE, new_id(), 200) or claim_fresh(
                    connection, SERVICE, new_id(), 200
                )

    def drain(self, **settings: float) -> Drain:
        def handle(_connection: Connection, events: Sequence[Event]) -> None:
            self.handled.append(list(events))

        return Drain(
            engine=self.engine,
            subscriber=SERVICE,
            actor=f"system:{SERVICE}",
            handlings={TimeFreed: handle},
            settings=DrainSettings(**settings),
        )

    def count(self, condition: str) -> int:
        rows = self.database.sql(f"SELECT count(*) FROM bus.delivery WHERE {condition}")
        return int(str(rows[0][0]))


@pytest.fixture
def table(database: Database) -> Table:
    return Table(database)


def test_a_killed_batch_is_taken_up_in_eighths_and_before_what_came_later(table: Table) -> None:
    table.tell(100)
    table.interrupt()
    table.tell(300)
    table.drain(longest=60.0, linger=0.01).run()
    assert [len(batch) for batch in table.handled] == [25] * 4 + [200, 100]


def test_a_batch_that_was_killed_twice_is_tried_singly_beside_a_stampede(table: Table) -> None:
    table.tell(100)
    table.interrupt()
    table.claim(alone=False)
    table.interrupt()
    table.tell(2_000)
    table.drain(most=10, longest=60.0, linger=0.01).run()
    last_resumed = "(SELECT max(settled_at) FROM bus.delivery WHERE attempts = 1)"
    assert table.count("attempts = 1 AND state = 'done'") == 100
    assert table.count(f"attempts = 0 AND settled_at < {last_resumed}") < 1_000


def test_a_delivery_that_kills_its_worker_five_times_alone_is_set_aside(table: Table) -> None:
    table.tell(1)
    table.claim(alone=False)
    table.interrupt()
    table.claim(alone=False)
    for _ in range(MOST_ATTEMPTS):
        table.interrupt()
        table.claim(alone=True)
    assert table.count("state = 'dead'") == 0
    table.interrupt()
    table.drain(longest=1.0, linger=0.01).run()
    assert table.handled == []
    assert table.count("state = 'dead' AND last_error = 'WorkerDiedError'") == 1


def test_a_newer_version_is_parked_and_the_known_ones_beside_it_pass(table: Table) -> None:
    table.tell(3)
    table.database.sql(
        "UPDATE bus.event SET schema_version = 2 WHERE id = (SELECT max(id::text)::uuid FROM bus.event)"
    )
    table.drain(longest=1.0, linger=0.01).run()
    assert [len(batch) for batch in table.handled] == [2]
    assert (table.count("state = 'done'"), table.count("state = 'parked'")) == (2, 1)
