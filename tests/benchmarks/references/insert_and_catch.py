"""Booking as many write it: insert until it fits, and catch what the constraint refuses.

Run as a module this is one of several processes. It wants a coach for each ask, the early days first and any
of a day's places, as the asks of the benchmark do; nothing is read before, and nothing else is stored.
"""

import json
import random
import sys

import psycopg

PLACES_A_DAY, DAYS = 10, 5
TABLE = """
CREATE SCHEMA IF NOT EXISTS bench;
DROP TABLE IF EXISTS bench.booking;
CREATE TABLE bench.booking (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    coach integer NOT NULL, during tstzrange NOT NULL,
    EXCLUDE USING gist (coach WITH =, during WITH &&)
)
"""
_INSERT = """
INSERT INTO bench.booking (coach, during)
SELECT %(coach)s, tstzrange(t, t + interval '30 minutes')
FROM (SELECT timestamptz '2030-03-04 08:00+00' + %(day)s * interval '1 day'
    + %(place)s * interval '30 minutes' AS t) AS wanted
"""


def book_all(url: str, seed: int, asks: int, coaches: int) -> dict[str, int]:
    """Book so many; how often it was tried, and how often PostgreSQL chose us as a deadlock's victim."""
    draw = random.Random(seed)  # noqa: S311  -- invented asks, the same each time
    met = {"tries": 0, "booked": 0, "deadlocks": 0}
    with psycopg.connect(url, autocommit=True) as connection:
        print("ready", flush=True)
        sys.stdin.readline()
        for _ in range(asks):
            _book(connection, draw, draw.randrange(coaches), met)
    return met


def _book(
    connection: psycopg.Connection, draw: random.Random, coach: int, met: dict[str, int]
) -> None:
    for day in range(DAYS):
        for place in draw.sample(range(PLACES_A_DAY), PLACES_A_DAY):
            met["tries"] += 1
            try:
                connection.execute(_INSERT, {"coach": coach, "day": day, "place": place})
            except psycopg.errors.ExclusionViolation:
                continue
            except psycopg.errors.DeadlockDetected:
                met["deadlocks"] += 1
                continue
            met["booked"] += 1
            return


if __name__ == "__main__":
    _, given_url, *given = sys.argv
    print(json.dumps(book_all(given_url, *map(int, given))), flush=True)
