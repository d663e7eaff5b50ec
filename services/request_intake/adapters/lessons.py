"""Lessons of this division's reviews in one process: loaded with the model, looked for now and then.

Nobody waits for it: another thread looks and learns, while words are read as before.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from services.request_intake.adapters.learned import Stamp, learned, stamp
from services.request_intake.domain.phrases import Learned
from shared.database.transaction import transaction

log = logging.getLogger(__name__)

_SYSTEM = "system:request_intake"
_EVERY = 60.0


class Lessons:
    """Safe to share between threads. `learn` is called with all of them when there is another."""

    def __init__(self, engine: Engine, learn: Callable[[Sequence[Learned]], None]) -> None:
        self._engine = engine
        self._learn = learn
        self._looking = threading.Lock()
        self._next = 0.0
        self._known: Stamp = ()

    def all(self) -> Sequence[Learned]:
        """Those that there are."""
        self._next = time.monotonic() + _EVERY
        with transaction(self._engine, _SYSTEM) as connection:
            self._known = stamp(connection)
            return learned(connection)

    def look_now_and_then(self) -> None:
        """Once a minute, look whether there are others; returns at once."""
        if time.monotonic() < self._next or not self._looking.acquire(blocking=False):
            return
        self._next = time.monotonic() + _EVERY
        threading.Thread(target=self._look, name="lessons", daemon=True).start()

    def _look(self) -> None:
        try:
            with transaction(self._engine, _SYSTEM) as connection:
                now = stamp(connection)
                taught = None if now == self._known else learned(connection)
            if taught is not None:
                self._learn(taught)
                self._known = now
                log.info("reading.learned", extra={"asks": len(taught)})
        except SQLAlchemyError:
            log.warning("reading.not_learned")  # as before; in a minute it is tried again
        finally:
            self._looking.release()
