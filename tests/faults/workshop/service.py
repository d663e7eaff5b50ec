"""What the workshop does when it is told: one mark for each piece, slowly enough to be killed at it."""

import os
from collections.abc import Sequence

from sqlalchemy import Connection, text

from shared.database.engine import make_engine
from shared.events import Event
from shared.events.sessions import TimeFreed
from shared.messaging.drain import Drain

SERVICE = "scheduler"
BENCH = """
CREATE TABLE bus.mark (piece uuid NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp());
GRANT SELECT, INSERT ON bus.mark TO remit_scheduler;
"""
_MARK = text("INSERT INTO bus.mark (piece) SELECT CAST(:piece AS uuid) FROM pg_sleep(0.0005)")


def mark(connection: Connection, events: Sequence[Event]) -> None:
    """One row a piece, one statement each: a batch is in the making for a tenth of a second."""
    for event in events:
        connection.execute(_MARK, {"piece": event.aggregate_id})


def make_drain() -> Drain:
    """The workshop's drain, for a process of its own."""
    engine = make_engine(os.environ["REMIT_DATABASE_URL"], role=f"remit_{SERVICE}")
    return Drain(
        engine=engine,
        subscriber=SERVICE,
        actor=f"system:{SERVICE}",
        handlings={TimeFreed: mark},
    )
