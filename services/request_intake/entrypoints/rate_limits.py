"""How much anybody may send: counted in Redis for each account, each address and the whole.

A process reports its hits in blocks of up to a twentieth of a limit, so that asking Redis is rare
where limits are wide; this much more may pass in each process. Near a limit it reports every hit.

The form must never depend on it: what Redis does not answer within 50 ms is allowed, and after a
miss nobody asks again for a while, so that a dead or frozen Redis costs one request 50 ms.
"""

import hashlib
import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from shared.http.problems import ProblemError

log = logging.getLogger(__name__)

_PATIENCE = 0.05
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0

_WINDOW = 60
_BLOCKS = 20

# All counters of a request in one round trip; each window begins with its first report. Returns
# the seconds to wait for those that are passed, or 0, and all totals.
_COUNT = """
local answer = {0}
for i, key in ipairs(KEYS) do
    local hits = tonumber(ARGV[#KEYS + i + 1])
    local total = redis.call('INCRBY', key, hits)
    if total == hits then redis.call('EXPIRE', key, ARGV[1]) end
    if total > tonumber(ARGV[i + 1]) then
        answer[1] = math.max(answer[1], redis.call('TTL', key), 1)
    end
    answer[i + 1] = total
end
return answer
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
        self._named = f"remit:rate:{name}"
        self._amounts = [limits.per_account, limits.per_address, limits.whole]
        client = redis.Redis.from_url(
            broker_url,
            socket_timeout=_PATIENCE,
            socket_connect_timeout=_PATIENCE,
            retry=Retry(NoBackoff(), 0),
        )
        self._count = client.register_script(_COUNT)
        self._tally = _Tally(self._amounts)
        self._breaker = _Breaker()

    def check(self, *, account: str, address: str | None) -> None:
        """Count one request; raises ProblemError 429 when a limit is passed. Without Redis: allowed."""
        if not self._breaker.closed():
            return
        keys = self._keys(account, address or "")
        hits = self._tally.unreported(keys)
        if hits is None:
            return
        try:
            left, *totals = self._count(keys, [_WINDOW, *self._amounts, *hits])
        except (redis.RedisError, OSError):
            self._breaker.missed()
            return
        self._breaker.answered()
        self._tally.reported(keys, totals)
        if left:
            raise ProblemError(
                429, "too-many", "That was a lot at once.", headers={"Retry-After": str(left)}
            )

    def _keys(self, account: str, address: str) -> list[str]:
        named = self._named
        return [
            f"{named}:account:{account}",
            f"{named}:address:{_digest(address)}",
            f"{named}:whole",
        ]


@lru_cache(maxsize=4096)
def _digest(address: str) -> str:
    """An address is personal: Redis is given its digest only, for a minute."""
    return hashlib.blake2s(address.encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Limiters:
    """What is counted apart: asks, and readings of words that are not asked yet."""

    asks: RateLimiter
    readings: RateLimiter


class _Tally:
    """What this process has counted and not yet reported, kept for one window."""

    def __init__(self, amounts: Sequence[int]) -> None:
        self._amounts = amounts
        self._lock = threading.Lock()
        self._ends = 0.0
        self._hits: dict[str, int] = {}
        self._room: dict[str, int] = {}

    def unreported(self, keys: Sequence[str]) -> list[int] | None:
        """Count one hit of each; all that is to be reported now, or None while there is room."""
        with self._lock:
            now = time.monotonic()
            if now >= self._ends:
                self._ends = now + _WINDOW
                self._hits.clear()
                self._room.clear()
            counted = self._hits
            hits = [counted.get(key, 0) + 1 for key in keys]
            is_full = False
            for key, hit, amount in zip(keys, hits, self._amounts, strict=True):
                if hit > self._room.get(key, amount // _BLOCKS):
                    is_full = True
            counted.update(zip(keys, repeat(0) if is_full else hits, strict=False))
            return hits if is_full else None

    def reported(self, keys: Sequence[str], totals: Sequence[int]) -> None:
        """These stand so in Redis now: count on alone only as far as the limits are away."""
        with self._lock:
            for key, amount, total in zip(keys, self._amounts, totals, strict=True):
                self._room[key] = min(amount // _BLOCKS, amount - total)


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
