"""Says "received" before PostgreSQL has it: what is killed in between was never received."""

import threading

from services.request_intake.adapters import directory
from services.request_intake.adapters.front_desk import SqlFrontDesk
from services.request_intake.ports import Accepted, Answer, ByPerson, ByToken, Draft, Nobody

_HELD_BACK = 1.0


def commit() -> None:
    """Store a second later, from memory."""
    store = SqlFrontDesk.accept

    def accept(desk: SqlFrontDesk, draft: Draft, by: ByToken | ByPerson) -> Answer:
        later = threading.Timer(_HELD_BACK, store, (desk, draft, by))
        later.daemon = True
        later.start()
        asker = (
            directory.asker_of_token(desk.statements, by.secret_hash)
            if isinstance(by, ByToken)
            else directory.asker(desk.statements, by.id, by.role)
        )
        return Accepted(asker=asker) if asker else Nobody()

    SqlFrontDesk.accept = accept  # type: ignore[method-assign]
