"""An outbox and its relay loop as many write them: delete a batch, publish it in a pipeline, commit.

It delivers to a stream, not to a handler, keeps no attempts, leases or subscribers, and loses order
and dead letters alike; it is the least that moves events out of PostgreSQL durably.
"""

import psycopg
from redis import Redis

BATCH = 100
TABLE = """
CREATE SCHEMA IF NOT EXISTS bench;
DROP TABLE IF EXISTS bench.outbox;
CREATE TABLE bench.outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, topic text NOT NULL, body jsonb NOT NULL
)
"""
_STREAM = "bench:relayed"
_TAKE = """
DELETE FROM bench.outbox WHERE id IN
    (SELECT id FROM bench.outbox ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING topic, body::text
"""


def fill(connection: psycopg.Connection, topic: str, bodies: list[str]) -> None:
    """A backlog."""
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE bench.outbox")
        with cursor.copy("COPY bench.outbox (topic, body) FROM STDIN") as copy:
            for body in bodies:
                copy.write_row((topic, body))


def relay_all(connection: psycopg.Connection, broker: Redis) -> int:
    """Relay until nothing is left; how many there were."""
    relayed = 0
    while True:
        with connection.transaction():
            rows = connection.execute(_TAKE, [BATCH]).fetchall()
            pipeline = broker.pipeline(transaction=False)
            for topic, body in rows:
                pipeline.xadd(_STREAM, {topic: body}, maxlen=50_000, approximate=True)
            pipeline.execute()
        if not rows:
            broker.delete(_STREAM)
            return relayed
        relayed += len(rows)
