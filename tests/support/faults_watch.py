"""Measures how long an interrupted step lies before it is taken up again.

Every lease that is in somebody's hand is seen a few times a second. When its holders are killed it is
interrupted; it is taken up again when the row bears another lease, or none.
"""

import threading
import time
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Self

import psycopg

# A step that was settled while the signal was on its way was not interrupted.
_AT_ONCE = 1.0
IN_HAND_ON_THE_BUS = (
    "SELECT event_id, subscriber, lease_id FROM bus.delivery"
    " WHERE lease_id IS NOT NULL AND state IN ('due', 'parked')"
)


@dataclass
class LeaseWatch:
    """Watches the leases that `in_hand` lists: rows of (id, whose, lease)."""

    url: str
    in_hand: str = IN_HAND_ON_THE_BUS
    resumed_after: list[float] = field(default_factory=list)
    _interrupted: dict[Hashable, float] = field(default_factory=dict)
    _seen: dict[Hashable, str] = field(default_factory=dict)
    _over: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._watch, name="lease-watch", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(10)

    def killed(self, *whose: str) -> None:
        """Whoever held leases of these has just died."""
        with self._lock:
            now = time.monotonic()
            for lease, holder in self._read().items():
                if holder in whose:
                    self._interrupted.setdefault(lease, now)

    @property
    def open(self) -> int:
        """How many interrupted steps nobody has taken up yet."""
        return len(self._interrupted)

    def _read(self) -> dict[Hashable, str]:
        with psycopg.connect(self.url, connect_timeout=3) as connection:
            rows = connection.execute(self.in_hand).fetchall()
        return {(row[0], row[1], row[2]): row[1] for row in rows}

    def _watch(self) -> None:
        while not self._over.wait(0.1):
            try:
                with self._lock:
                    self._compare(self._read())
            except psycopg.OperationalError:
                continue  # the database is being crashed: look again

    def _compare(self, held: dict[Hashable, str]) -> None:
        now = time.monotonic()
        for lease in [lease for lease in self._interrupted if lease not in held]:
            after = now - self._interrupted.pop(lease)
            if after > _AT_ONCE:
                self.resumed_after.append(after)
