"""The workshop's worker group, as `deploy.processes.worker` runs one."""

import os
import signal
from functools import cache

from celery import shared_task
from celery.signals import worker_process_init

from deploy.processes.guard import die_with_parent
from shared.logging import configure
from shared.messaging.celery_app import make_celery
from tests.faults.workshop.service import SERVICE, make_drain

process_drain = cache(make_drain)


@shared_task(name=f"{SERVICE}.drain")
def drain() -> None:
    """Handle what is due."""
    process_drain().run()


def main() -> None:
    """Answer rings until told to stop."""
    configure()
    app = make_celery(os.environ["REMIT_BROKER_URL"], worker=True)

    @worker_process_init.connect(weak=False)
    def born(**_: object) -> None:
        die_with_parent(signal.SIGKILL)

    quiet = ["--without-mingle", "--without-gossip", "--without-heartbeat", "--loglevel=WARNING"]
    app.worker_main(["worker", f"--queues={SERVICE}", "--pool=prefork", "--concurrency=2", *quiet])


if __name__ == "__main__":
    main()
