"""Signs of life in Redis, for status and doctor: a time per part, forgotten after two minutes."""

import time

from redis import Redis
from redis.exceptions import RedisError

_PREFIX = "remit:heartbeat:"
_FORGET_AFTER_SECONDS = 120


def beat(client: Redis, part: str) -> None:
    """Say that `part` lives. Without Redis nobody hears it, and that harms nothing."""
    try:
        client.set(_PREFIX + part, repr(time.time()), ex=_FORGET_AFTER_SECONDS)
    except RedisError:
        return


def ages(client: Redis) -> dict[str, float]:
    """Seconds since each part was last heard of. Raises RedisError when Redis is not there."""
    keys = sorted(client.scan_iter(match=_PREFIX + "*", count=100))
    if not keys:
        return {}
    values = client.mget(keys)
    now = time.time()
    heard = zip(keys, values, strict=True)
    return {k.decode().removeprefix(_PREFIX): max(0.0, now - float(v)) for k, v in heard if v}
