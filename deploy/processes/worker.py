"""A worker group: Celery answers rings and drains. Run with `python -m deploy.processes.worker NAME`.

Two groups serve one machine, so that a slow mail server never holds up a match. On a cluster a
group of each service's own name runs alone.
"""

import os
import signal
import sys
from dataclasses import dataclass
from importlib import import_module

from celery.signals import worker_process_init, worker_ready

from deploy.processes.config import Settings
from deploy.processes.guard import die_with_parent
from deploy.processes.safety import refuse_unsafe
from shared.logging import configure
from shared.messaging.celery_app import HeartbeatOfWorkers, make_celery
from shared.messaging.heartbeat import beat
from shared.messaging.redis_client import make_client
from shared.messaging.routing import INTAKE, NOTIFIER, SCHEDULER


@dataclass(frozen=True)
class Group:
    """Which services' rings a worker answers, and with what."""

    services: tuple[str, ...]
    pool: str
    concurrency: int


GROUPS = {
    "planning": Group((INTAKE, SCHEDULER), "prefork", 2),
    "telling": Group((NOTIFIER,), "threads", 4),
    INTAKE: Group((INTAKE,), "prefork", 2),
    SCHEDULER: Group((SCHEDULER,), "prefork", 2),
    NOTIFIER: Group((NOTIFIER,), "threads", 4),
}


def main(name: str) -> None:
    """Answer rings until told to stop; a drain at work is finished first."""
    configure()
    group = GROUPS[name]
    refuse_unsafe(os.environ, group.services)
    settings = Settings.from_env()
    app = make_celery(settings.broker_url, worker=True)
    for service in group.services:
        import_module(f"services.{service}.entrypoints.worker")
    _show_life(settings.broker_url, name)
    app.worker_main(
        [
            "--quiet",
            "worker",
            f"--hostname={name}@%h",
            f"--queues={','.join(group.services)}",
            f"--pool={group.pool}",
            f"--concurrency={settings.worker_concurrency or group.concurrency}",
            "--loglevel=WARNING",
            "--without-mingle",
            "--without-gossip",
            "--without-heartbeat",
        ]
    )


def _show_life(broker_url: str, name: str) -> None:
    """Beat when ready and after each drain; and let no child outlive a killed master."""
    HeartbeatOfWorkers(broker_url, name).connect()

    @worker_ready.connect(weak=False)  # type: ignore[untyped-decorator]
    def ready(**_: object) -> None:
        with make_client(broker_url) as client:
            beat(client, name)

    @worker_process_init.connect(weak=False)  # type: ignore[untyped-decorator]
    def born(**_: object) -> None:
        die_with_parent(signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1])
