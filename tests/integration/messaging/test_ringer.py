"""The ringer rings for what is due, and drains by itself when ringing does not help."""

import threading

import pytest
from redis import Redis
from sqlalchemy import Connection

from shared.clock import utc_now
from shared.database.transaction import transaction
from shared.messaging import heartbeat
from shared.messaging.append import append
from shared.messaging.celery_app import kombu_url, make_celery
from shared.messaging.doorbell import Doorbell
from shared.messaging.redis_client import make_client
from shared.messaging.ringer import Ringer, RingerSettings, Room
from tests.support.events import a_time_freed
from tests.support.postgres import Database
from tests.support.waiting import until

MOST_WAITING = 2


class Rooms:
    """Counts how often the ringer drained by itself."""

    def __init__(self, database: Database, broker_url: str, **settings: float) -> None:
        database.sql("UPDATE bus.timer SET due_at = now() + interval '1 day'")
        self.drained_here = 0
        self.client = make_client(broker_url, timeout=0.5)
        self.engine = database.engine("ringer")
        self.writer = database.engine("scheduler")
        self.ringer = Ringer(
            engine=self.engine,
            doorbell=Doorbell(make_celery(broker_url), self.client, MOST_WAITING),
            rooms=(Room("scheduler", self._drain), Room("notifier", self._drain)),
            settings=RingerSettings(**settings),
        )

    def _drain(self) -> None:
        self.drained_here += 1

    def tell(self) -> None:
        with transaction(self.writer, "system:test") as connection:
            append(connection, [a_time_freed()], utc_now())

    def look(self) -> Connection:
        with self.engine.connect() as connection:
            self.ringer.look(connection)
        return connection


@pytest.fixture
def broker(valkey: str) -> str:
    with Redis.from_url(valkey) as client:
        client.flushall()
    return valkey


def test_nothing_due_rings_nothing(database: Database, broker: str) -> None:
    rooms = Rooms(database, broker)
    rooms.look()
    assert rooms.ringer.doorbell.depth("scheduler") == 0


def test_what_is_due_rings_its_own_service_and_only_while_few_rings_wait(
    database: Database, broker: str
) -> None:
    rooms = Rooms(database, broker)
    rooms.tell()
    for _ in range(5):
        rooms.look()
    assert rooms.ringer.doorbell.depth("scheduler") == MOST_WAITING
    assert rooms.ringer.doorbell.depth("notifier") == 0
    assert rooms.drained_here == 0


def test_a_ring_carries_nothing(database: Database, broker: str) -> None:
    rooms = Rooms(database, broker)
    rooms.tell()
    rooms.look()
    (ring, *_) = rooms.client.lrange("scheduler", 0, -1)  # type: ignore[misc]
    assert b"aggregate" not in ring
    assert b"event" not in ring


def test_a_dead_letter_does_not_keep_the_bell_ringing(database: Database, broker: str) -> None:
    rooms = Rooms(database, broker)
    rooms.tell()
    database.sql("UPDATE bus.delivery SET state = 'dead', settled_at = now()")
    rooms.tell()
    rooms.look()
    assert rooms.ringer.doorbell.depth("scheduler") == 0


def test_without_redis_the_ringer_drains_by_itself(database: Database) -> None:
    rooms = Rooms(database, "unix:///nowhere/valkey.sock", bell_failing_for=0.0)
    rooms.tell()

    def drained() -> bool:
        rooms.look()
        return rooms.drained_here > 0

    until(drained)


def test_what_waits_too_long_is_drained_whatever_redis_says(
    database: Database, broker: str
) -> None:
    rooms = Rooms(database, broker)
    rooms.tell()
    database.sql("UPDATE bus.delivery SET due_at = now() - interval '11 seconds'")
    rooms.look()
    until(lambda: rooms.drained_here)


def test_what_waits_long_behind_workers_that_are_at_it_is_left_to_them(
    database: Database, broker: str
) -> None:
    rooms = Rooms(database, broker, at_it_again=0.0)
    rooms.tell()
    database.sql(
        "UPDATE bus.delivery SET state = 'done', settled_by = 'celery', settled_at = now()"
    )
    rooms.tell()
    database.sql("UPDATE bus.delivery SET due_at = now() - interval '1 hour' WHERE state = 'due'")
    rooms.look()
    assert rooms.drained_here == 0
    database.sql(
        "UPDATE bus.delivery SET settled_at = now() - interval '6 seconds' WHERE state = 'done'"
    )
    rooms.look()
    until(lambda: rooms.drained_here)


def test_a_ringer_stops_when_told(database: Database, broker: str) -> None:
    rooms = Rooms(database, broker)
    stop = threading.Event()
    thread = threading.Thread(target=rooms.ringer.run_forever, args=(stop,))
    thread.start()
    rooms.tell()
    until(lambda: rooms.ringer.doorbell.depth("scheduler"))
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


def test_heartbeats_are_heard_with_their_age(broker: str) -> None:
    client = make_client(broker)
    assert heartbeat.ages(client) == {}
    heartbeat.beat(client, "matching")
    assert 0 <= heartbeat.ages(client)["matching"] < 60


def test_a_unix_socket_is_spelled_as_each_library_wants_it() -> None:
    assert kombu_url("unix:///run/valkey.sock") == "redis+socket:///run/valkey.sock"
    assert kombu_url("redis://localhost:6379/0") == "redis://localhost:6379/0"
