"""The one Celery app object: a doorbell and a pool of workers, never a store of facts.

Each setting stands for something that was measured; see deploy/decisions.
"""

import time
from datetime import timedelta
from urllib.parse import urlsplit

from celery import Celery
from celery.signals import task_postrun
from kombu.entity import Queue
from redis import Redis

from shared.messaging.heartbeat import beat
from shared.messaging.redis_client import make_client
from shared.messaging.routing import SERVICES

RING_EVERY = timedelta(seconds=10)


# In kB. A worker that replays a draft holds two readers, 450 MB at its peak; one that is replaced after
# each drain learns to read anew each time.
_LEAKING = 900_000


def make_celery(broker_url: str, *, worker: bool = False) -> Celery:
    """The app, for a worker or for a producer. Opens no connection by itself."""
    app = Celery("remit", broker=kombu_url(broker_url), set_as_current=True)
    app.conf.update(
        task_serializer="json",
        accept_content=["json"],
        result_accept_content=["json"],
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=False,
        task_publish_retry=False,
        task_create_missing_queues=False,
        task_queues=[Queue(service) for service in SERVICES],  # type: ignore[no-untyped-call]
        task_soft_time_limit=25,
        task_time_limit=30,
        worker_prefetch_multiplier=1,
        worker_max_tasks_per_child=5_000,
        worker_max_memory_per_child=_LEAKING,
        # A drain needs no broker to end well; cancelled, its rows would wait 20 s for their lease.
        worker_cancel_long_running_tasks_on_connection_loss=False,
        worker_soft_shutdown_timeout=5,
        worker_enable_soft_shutdown_on_idle=True,
        worker_send_task_events=False,
        worker_hijack_root_logger=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_pool_acquire_timeout=3,
        broker_transport_options={
            "visibility_timeout": 60,
            "unacked_restore_interval": 5,
            "unacked_restore_throttle": 1,
            "socket_timeout": 15 if worker else 5,
            "socket_connect_timeout": 3,
            "socket_keepalive": True,
            "health_check_interval": 10,
        },
        timezone="UTC",
        enable_utc=True,
        beat_max_loop_interval=5,
        beat_schedule={
            f"{service}.drain": {
                "task": f"{service}.drain",
                "schedule": RING_EVERY,
                "options": {"queue": service, "expires": 30},
            }
            for service in SERVICES
        },
    )
    return app


def kombu_url(broker_url: str) -> str:
    """The broker's URL as kombu spells it: a Unix socket is redis+socket there, unix in redis-py."""
    parts = urlsplit(broker_url)
    if parts.scheme != "unix":
        return broker_url
    return f"redis+socket://{parts.netloc}{parts.path}"


class HeartbeatOfWorkers:
    """Says that a worker group lives, after each drain it completes, at most once a second."""

    def __init__(self, broker_url: str, part: str) -> None:
        self._broker_url = broker_url
        self._part = part
        self._client: Redis | None = None
        self._last = 0.0

    def connect(self) -> None:
        """Listen to the end of every task in this process and its children."""
        task_postrun.connect(self._drained, weak=False)

    def _drained(self, **_: object) -> None:
        if time.monotonic() - self._last < 1:
            return
        self._last = time.monotonic()
        self._client = self._client or make_client(self._broker_url)
        beat(self._client, self._part)
