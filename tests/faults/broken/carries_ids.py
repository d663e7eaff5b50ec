"""Plain Celery's way: each ring carries the id of its work, is rung once, and is all that is known.

The table is not asked again. What the broker or a killed worker drops is never rung for again.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import UUID

from celery import current_task
from sqlalchemy import Connection, text

from shared.messaging import claims
from shared.messaging.doorbell import RING_FAILURES
from shared.messaging.drain import DrainSettings
from shared.messaging.ringer import Ringer

# Beside the logs: a killed ringer must not remember less than a task that was sent.
_RUNG = Path("rung.txt")
_DUE = text("SELECT event_id, subscriber FROM bus.delivery WHERE state = 'due' AND due_at <= now()")


def _ring_once_each(ringer: Ringer, connection: Connection) -> Mapping[str, float]:
    rung = set(_RUNG.read_text().split()) if _RUNG.exists() else set()
    with _RUNG.open("a") as file:
        for event_id, subscriber in connection.execute(_DUE).all():
            if (work := f"{event_id}:{subscriber}") in rung:
                continue
            file.write(f"{work}\n")
            try:
                ringer.doorbell._celery.send_task(
                    f"{subscriber}.drain",
                    queue=subscriber,
                    headers={"work": str(event_id)},
                    retry=False,
                )
            except RING_FAILURES:
                continue
    return {}


def _only_what_was_rung(
    connection: Connection, subscriber: str, lease: UUID, most: int = 1, singly: Sequence[str] = ()
) -> list[claims.Claim]:
    work = (current_task.request.headers or {}).get("work") if current_task else None
    statement = text(
        claims._CLAIM_FRESH.text.replace(
            claims._FRESH, f"{claims._FRESH} AND d.event_id = CAST(:work AS uuid)"
        )
    )
    params = {
        "subscriber": subscriber,
        "lease": lease,
        "most": most,
        "singly": list(singly),
        "work": work,
    }
    return [claims.Claim(**row) for row in connection.execute(statement, params).mappings()]


def commit() -> None:
    """The ring is the work, and a drain is over with it."""
    DrainSettings.__init__.__kwdefaults__["linger"] = 0.001
    Ringer.look = _ring_once_each  # type: ignore[method-assign]
    claims.claim_fresh = _only_what_was_rung
    claims.claim_interrupted = _only_what_was_rung
    claims.claim_alone = _only_what_was_rung  # type: ignore[assignment]
