"""Goal 15: how fast a backlog of events is drained, and how soon after its commit one is handled.

The drain does all that it always does (lease, envelope read by its schema, effect and settling in
one transaction); only the handler does nothing. The reference moves the same bodies to a stream.
"""

import statistics
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import cast
from uuid import UUID

import psycopg
from redis import Redis
from sqlalchemy import Engine

from shared.clock import utc_now
from shared.database.engine import make_engine
from shared.database.transaction import transaction
from shared.events import Event, RequestSubmitted, TimeFreed
from shared.identity import new_id
from shared.messaging.append import append
from shared.messaging.drain import Drain, DrainSettings
from shared.messaging.envelope import seal
from shared.messaging.redis_client import make_client
from tests.benchmarks.goals import BACKLOG, HANDLED_TAIL
from tests.benchmarks.references import relay
from tests.benchmarks.report import Report
from tests.benchmarks.sizes import Sizes
from tests.benchmarks.stack import Stack, wait_while_moving
from tests.benchmarks.turns import spread, turn_about
from tests.support.events import EXAMPLES

GOALS = (BACKLOG, HANDLED_TAIL)
_ACTOR = "system:scheduler"
_APPENDED_AT_ONCE = 500
_A_SECOND = 50
_WARM_SECONDS = 2
_LONGEST = 300.0
_ASK = cast("RequestSubmitted", EXAMPLES[RequestSubmitted])
_LAST_DONE = """
SELECT max(extract(epoch FROM pg_xact_commit_timestamp(xmin)))::float AS at FROM bus.delivery
"""
_HANDLED = """
SELECT count(*) AS handled, percentile_cont(ARRAY[0.5, 0.99]) WITHIN GROUP (ORDER BY
    1000 * extract(epoch FROM pg_xact_commit_timestamp(d.xmin) - pg_xact_commit_timestamp(e.xmin))) AS ms
FROM bus.delivery d JOIN bus.event e ON e.id = d.event_id
WHERE e.name = 'time.freed' AND d.state = 'done' AND e.recorded_at >= %(since)s
"""


def measure(stack: Stack, sizes: Sizes, report: Report) -> None:
    """Backlog with everything else at rest; then single events through the running whole."""
    stack.afresh(working=False)
    _backlog(stack, sizes, report)
    stack.afresh(working=True)
    _one_by_one(stack, sizes, report)


def _backlog(stack: Stack, sizes: Sizes, report: Report) -> None:
    engine = make_engine(stack.address.database_url, role="remit_scheduler")
    events = [replace(_ASK, request_id=new_id()) for _ in range(sizes.backlog)]
    bodies = [seal(event, utc_now()).body for event in events]
    with (
        psycopg.connect(stack.address.owner_database_url, autocommit=True) as outbox,
        make_client(stack.address.broker_url) as broker,
    ):
        outbox.execute(relay.TABLE)
        rates = turn_about(
            sizes.rounds,
            {
                "drain": lambda: _drained(stack, engine, events),
                "relay": lambda: _relayed(stack, outbox, broker, bodies),
            },
        )
    engine.dispose()
    shares = [100 * a / b for a, b in zip(rates["drain"], rates["relay"], strict=True)]
    report.add(
        BACKLOG,
        statistics.median(shares),
        f"reference relay loop, batch {relay.BATCH}: {spread(rates['relay'])}/s;"
        f" drain {spread(rates['drain'])}/s",
    )


def _drained(stack: Stack, engine: Engine, events: Sequence[Event]) -> float:
    """Events a second through the scheduler's side of the bus."""
    stack.sql("TRUNCATE bus.event, bus.delivery")
    _append(engine, events)
    stack.sql("CHECKPOINT")
    drain = Drain(
        engine=engine,
        subscriber="scheduler",
        actor=_ACTOR,
        handlings={RequestSubmitted: lambda _connection, _events: None},
        settings=DrainSettings(longest=_LONGEST),
    )
    began = time.time()
    handled = drain.run().handled
    if handled != len(events):
        raise RuntimeError(f"{handled} of {len(events)} events were handled")
    last_done: float = stack.one(_LAST_DONE)["at"]
    return handled / (last_done - began)


def _relayed(stack: Stack, outbox: psycopg.Connection, broker: Redis, bodies: list[str]) -> float:
    """Events a second through the reference."""
    relay.fill(outbox, RequestSubmitted.name, bodies)
    stack.sql("CHECKPOINT")
    began = time.monotonic()
    relayed = relay.relay_all(outbox, broker)
    return relayed / (time.monotonic() - began)


def _one_by_one(stack: Stack, sizes: Sizes, report: Report) -> None:
    """Freed time of the city's coaches, 50 a second: a real event with a short handler."""
    engine = make_engine(stack.address.database_url, role="remit_scheduler")
    coaches = [row["id"] for row in stack.sql("SELECT id FROM scheduler.coach ORDER BY id")]
    _tell_steadily(engine, coaches, _WARM_SECONDS)
    wait_while_moving(stack, 60)
    since = utc_now()
    _tell_steadily(engine, coaches, sizes.open_loop_seconds)
    wait_while_moving(stack, 60)
    engine.dispose()
    row = stack.one(_HANDLED, since=since)
    median, tail = row["ms"]
    report.add(
        HANDLED_TAIL,
        tail,
        f"{row['handled']:,} events through ringer, Celery and drain; p50 {median:.1f} ms",
    )


def _tell_steadily(engine: Engine, coaches: Sequence[UUID], seconds: int) -> None:
    began = time.monotonic()
    for index in range(seconds * _A_SECOND):
        now = utc_now()
        freed = TimeFreed(
            version=1,
            coach_id=coaches[index % len(coaches)],
            starts_at=now + timedelta(days=1),
            ends_at=now + timedelta(days=1, hours=1),
        )
        time.sleep(max(0.0, began + index / _A_SECOND - time.monotonic()))
        _append(engine, [freed])


def _append(engine: Engine, events: Sequence[Event]) -> None:
    for first in range(0, len(events), _APPENDED_AT_ONCE):
        with transaction(engine, _ACTOR) as connection:
            append(connection, events[first : first + _APPENDED_AT_ONCE], utc_now())
