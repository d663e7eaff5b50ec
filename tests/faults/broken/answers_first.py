"""Says "received" before PostgreSQL has it: what is killed in between was never received."""

import threading

from services.request_intake.adapters.front_desk import SqlFrontDesk
from services.request_intake.ports import Accepted
from shared.events import Event

_HELD_BACK = 1.0


def commit() -> None:
    """Store a second later, from memory."""
    store = SqlFrontDesk.accept

    def accept(
        desk: SqlFrontDesk, request: object, event: Event, *, key: str, digest: bytes
    ) -> Accepted:
        later = threading.Timer(
            _HELD_BACK, store, (desk, request, event), {"key": key, "digest": digest}
        )
        later.daemon = True
        later.start()
        return Accepted()

    SqlFrontDesk.accept = accept  # type: ignore[method-assign, assignment]
