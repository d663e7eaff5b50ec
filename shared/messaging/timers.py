"""Work that comes by the clock: one row a timer, run by whoever drains first when it is due."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import Connection, Engine, text

from shared.clock import Clock
from shared.database.transaction import transaction

log = logging.getLogger(__name__)

TimerWork = Callable[[Connection, datetime], None]

_TAKE_DUE = text("""
SELECT name FROM bus.timer
WHERE subscriber = :subscriber AND due_at <= now() AND name = ANY(CAST(:names AS text[]))
ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED
""")
_NEXT = text(
    "UPDATE bus.timer SET due_at = now() + every WHERE subscriber = :subscriber AND name = :name"
)
_AFTER_FAILURE = text(
    "UPDATE bus.timer SET due_at = now() + least(every, interval '1 minute')"
    " WHERE subscriber = :subscriber AND name = :name"
)


class Timers:
    """A subscriber's timers. Each run and its next due time are one transaction."""

    def __init__(
        self,
        engine: Engine,
        subscriber: str,
        actor: str,
        work: Mapping[str, TimerWork],
        clock: Clock,
    ) -> None:
        self._engine = engine
        self._subscriber = subscriber
        self._actor = actor
        self._work = work
        self._clock = clock

    def run_due(self) -> int:
        """Run every timer that is due; how many ran. A failing one is tried again within a minute."""
        ran = 0
        while (name := self._run_one()) is not None:
            log.info("timer.ran", extra={"subscriber": self._subscriber, "timer": name})
            ran += 1
        return ran

    def _run_one(self) -> str | None:
        name: str | None = None
        try:
            with transaction(self._engine, self._actor) as connection:
                params = {"subscriber": self._subscriber, "names": list(self._work)}
                name = connection.scalar(_TAKE_DUE, params)
                if name is not None:
                    self._work[name](connection, self._clock())
                    connection.execute(_NEXT, {"subscriber": self._subscriber, "name": name})
        except Exception:
            if name is None:
                raise
            log.exception("timer.failed", extra={"subscriber": self._subscriber, "timer": name})
            with transaction(self._engine, self._actor) as connection:
                connection.execute(_AFTER_FAILURE, {"subscriber": self._subscriber, "name": name})
            return None
        return name
