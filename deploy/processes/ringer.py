"""The ringer: sees due work in PostgreSQL and rings. Run with `python -m deploy.processes.ringer`.

It imports a service only when the bell is no help and the work must be drained right here.
"""

import os
import signal
import time
from collections.abc import Callable
from functools import cache
from threading import Event

from redis import Redis
from sqlalchemy import Engine, text

from deploy.composition import build
from deploy.processes.config import Settings
from deploy.processes.safety import refuse_unsafe
from shared.database.engine import make_engine
from shared.logging import configure
from shared.messaging.celery_app import make_celery
from shared.messaging.doorbell import Doorbell
from shared.messaging.heartbeat import beat
from shared.messaging.redis_client import make_client
from shared.messaging.ringer import Ringer, Room
from shared.messaging.routing import SERVICES

PART = "ringer"
_WITH_DUE_WORK = text("SELECT schemaname FROM pg_views WHERE viewname = 'due_work'")


@cache
def _application(service: str) -> object:
    return build(service, os.environ, kind="worker")


def _drain_here(service: str) -> Callable[[], object]:
    def drain() -> object:
        return _application(service).drain.run(by="ringer")  # type: ignore[attr-defined]

    return drain


def rooms(engine: Engine) -> tuple[Room, ...]:
    """Each service, with its view of due work where it has one."""
    with engine.connect() as connection:
        viewed = set(connection.scalars(_WITH_DUE_WORK))
    return tuple(
        Room(service, _drain_here(service), f"{service}.due_work" if service in viewed else None)
        for service in SERVICES
    )


def show_life(client: Redis, every: float = 1.0) -> Callable[[], None]:
    """A heartbeat for the ringer's `on_look`, at most once in `every` seconds."""
    last = 0.0

    def looked() -> None:
        nonlocal last
        if time.monotonic() - last >= every:
            last = time.monotonic()
            beat(client, PART)

    return looked


def main() -> None:
    """Ring until told to stop."""
    configure()
    refuse_unsafe(os.environ)
    settings = Settings.from_env()
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    engine = make_engine(settings.database_url, role="remit_ringer", pool_size=1)
    client = make_client(settings.broker_url)
    Ringer(
        engine,
        Doorbell(make_celery(settings.broker_url), client, settings.most_rings),
        rooms(engine),
        on_look=show_life(client),
    ).run_forever(stop)


if __name__ == "__main__":
    main()
