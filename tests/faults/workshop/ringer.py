"""The workshop's ringer, as `deploy.processes.ringer` runs one."""

import os
import signal
from functools import cache
from threading import Event

from shared.database.engine import make_engine
from shared.logging import configure
from shared.messaging.celery_app import make_celery
from shared.messaging.doorbell import Doorbell
from shared.messaging.redis_client import make_client
from shared.messaging.ringer import Ringer, Room
from tests.faults.workshop.service import SERVICE, make_drain

process_drain = cache(make_drain)


def main() -> None:
    """Ring until told to stop."""
    configure()
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    broker = os.environ["REMIT_BROKER_URL"]
    Ringer(
        make_engine(os.environ["REMIT_DATABASE_URL"], role="remit_ringer", pool_size=1),
        Doorbell(make_celery(broker), make_client(broker), most_waiting=4),
        (Room(SERVICE, lambda: process_drain().run(by="ringer")),),
    ).run_forever(stop)


if __name__ == "__main__":
    main()
