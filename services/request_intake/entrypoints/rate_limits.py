"""How much anybody may send: counted in Redis for each account, each address and the whole.

The form must never depend on it: what Redis does not answer within 50 ms is allowed, and after a
miss nobody asks again for a while, so that a dead or frozen Redis costs one request 50 ms.
"""

import hashlib
import logging
import threading
import time
from dataclasses import dataclass

import redis
from limits import RateLimitItem, RateLimitItemPerMinute
from redis.backoff import NoBackoff
from redis.retry import Retry

from shared.http.problems import ProblemError

log = logging.getLogger(__name__)

_PATIENCE = 0.05
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0

# All counters of a request in one round trip; each window begins with its first hit.
_COUNT = """
local left = 0
for i, key in ipairs(KEYS) do
    local hits = redis.call('INCR', key)
    if hits == 1 then redis.call('EXPIRE', key, ARGV[1]) end
    if hits > tonumber(ARGV[i + 1]) then left = math.max(left, redis.call('TTL', key), 1) end
end
return left
"""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Requests a minute."""

    per_account: int
    per_address: int
    whole: int


class RateLimiter:
    """Counts and refuses. Safe to share between threads; make it after a fork."""

    def __init__(self, broker_url: str, limits: Limits, *, name: str) -> None:
        self._name = name
        self._items: tuple[RateLimitItem, ...] = (
            RateLimitItemPerMinute(limits.per_account, namespace="remit"),
            RateLimitItemPerMinute(limits.per_address, namespace="remit"),
            RateLimitItemPerMinute(limits.whole, namespace="remit"),
        )
        self._amounts = [item.amount for item in self._items]
        client = redis.Redis.from_url(
            broker_url,
            socket_timeout=_PATIENCE,
            socket_connect_timeout=_PATIENCE,
            retry=Retry(NoBackoff(), 0),
        )
        self._count = client.register_script(_COUNT)
        self._breaker = _Breaker()

    def check(self, *, account: str, address: str | None) -> None:
        """Count one request; raises ProblemError 429 when a limit is passed. Without Redis: allowed."""
        if not self._breaker.closed():
            return
        try:
            left = int(self._count(self._keys(account, address or ""), [60, *self._amounts]))
        except (redis.RedisError, OSError):
            self._breaker.missed()
            return
        self._breaker.answered()
        if left:
            raise ProblemError(
                429, "too-many", "That was a lot at once.", headers={"Retry-After": str(left)}
            )

    def _keys(self, account: str, address: str) -> list[str]:
        # An address is personal: only its digest is kept, for a minute.
        digest = hashlib.blake2s(address.encode(), digest_size=8).hexdigest()
        names = (("account", account), ("address", digest), ("whole", ""))
        return [
            item.key_for(self._name, *name) for item, name in zip(self._items, names, strict=True)
        ]


class _Breaker:
    """Open after a miss; then one caller at a time may try again, ever more rarely."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open_until = 0.0
        self._pause = 0.0

    def closed(self) -> bool:
        if not self._pause:
            return True
        now = time.monotonic()
        with self._lock:
            if now < self._open_until:
                return False
            self._open_until = now + _PATIENCE * 4  # the others wait until this one knows
            return True

    def missed(self) -> None:
        with self._lock:
            self._pause = min(max(self._pause * 2, _FIRST_PAUSE), _LONGEST_PAUSE)
            self._open_until = time.monotonic() + self._pause
        log.warning("rate_limits.open", extra={"seconds": self._pause})

    def answered(self) -> None:
        if self._pause:
            self._pause = 0.0
            log.info("rate_limits.counting_again")
