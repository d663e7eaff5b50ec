"""Ring a service's Celery queue, so that a worker drains it. A ring carries nothing and may be lost."""

from celery import Celery
from kombu.exceptions import OperationalError
from redis import Redis
from redis.exceptions import RedisError

RING_FAILURES = (RedisError, OperationalError, OSError)


class Doorbell:
    """Rings only while few rings wait: `most_waiting` for each queue, as workers times two."""

    def __init__(self, celery: Celery, client: Redis, most_waiting: int) -> None:
        self._celery = celery
        self._client = client
        self._most_waiting = most_waiting

    def depth(self, service: str) -> int:
        """How many rings wait in the service's queue."""
        return int(self._client.llen(service))

    def ring(self, service: str) -> bool:
        """Ring unless enough rings wait. Raises one of RING_FAILURES: then nobody knows if it rang."""
        if self.depth(service) >= self._most_waiting:
            return False
        self._celery.send_task(f"{service}.drain", queue=service, retry=False, ignore_result=True)
        return True
