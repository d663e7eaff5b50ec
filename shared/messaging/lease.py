"""Keep a lease while its work lives, on the database's clock, from a thread beside the work."""

import logging
from collections.abc import Callable
from threading import Event, Thread
from types import TracebackType
from typing import Self

from sqlalchemy.exc import SQLAlchemyError

log = logging.getLogger(__name__)

RENEW_EVERY_SECONDS = 5.0


class LeaseKeeper:
    """Calls `renew` every five seconds inside its block; a dead process stops renewing by itself."""

    def __init__(self, renew: Callable[[], None], every: float = RENEW_EVERY_SECONDS) -> None:
        self._renew = renew
        self._every = every
        self._over = Event()
        self._thread = Thread(target=self._keep, name="lease-keeper", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def _keep(self) -> None:
        while not self._over.wait(self._every):
            try:
                self._renew()
            except SQLAlchemyError:
                # The lease may run out; then the work's own commit is refused, and nothing doubles.
                log.warning("lease.not_renewed", exc_info=True)
