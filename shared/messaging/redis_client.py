"""Clients of Redis or Valkey that never wait long; light enough for every command to import."""

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry


def make_client(broker_url: str, timeout: float = 2.0) -> Redis:
    """A Redis client that never waits long and never repeats a write (redis-py 8 would, ten times)."""
    return Redis.from_url(
        broker_url,
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        retry=Retry(NoBackoff(), 0),
        protocol=2,
    )
