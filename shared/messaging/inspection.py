"""Look at the bus and mend it: what `remit bus` and status show, without what events carry."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text


@dataclass(frozen=True, kw_only=True)
class DeliveryLine:
    """One delivery as an administrator sees it: ids, states and times; no data of people."""

    event_id: UUID
    subscriber: str
    name: str
    aggregate_id: UUID
    state: str
    attempts: int
    due_at: datetime
    last_error: str | None
    settled_at: datetime | None
    settled_by: str | None


@dataclass(frozen=True, kw_only=True)
class BusFigures:
    """The bus in numbers. `by_celery` of `settled` deliveries were handled by Celery workers."""

    subscriber: str
    due: int
    parked: int
    dead: int
    settled: int
    by_celery: int
    oldest_due_seconds: float | None


_COLUMNS = ", ".join(DeliveryLine.__dataclass_fields__)
_FIGURES = text("""
SELECT subscriber,
    count(*) FILTER (WHERE state = 'due') AS due,
    count(*) FILTER (WHERE state = 'parked') AS parked,
    count(*) FILTER (WHERE state = 'dead') AS dead,
    count(*) FILTER (WHERE state = 'done') AS settled,
    count(*) FILTER (WHERE state = 'done' AND settled_by = 'celery') AS by_celery,
    extract(epoch FROM now() - min(due_at) FILTER (WHERE state = 'due'))::float
        AS oldest_due_seconds
FROM bus.delivery GROUP BY subscriber ORDER BY subscriber
""")
_RETRY = text("""
UPDATE bus.delivery SET state = 'due', attempts = 0, suspect = true, due_at = now(),
    settled_at = NULL, settled_by = NULL
WHERE event_id = :event_id AND state = 'dead' AND (:subscriber = '' OR subscriber = :subscriber)
""")
_DISCARD = text("""
UPDATE bus.delivery SET state = 'done', settled_at = now(), settled_by = 'discarded'
WHERE event_id = :event_id AND state = 'dead' AND (:subscriber = '' OR subscriber = :subscriber)
""")


def figures(connection: Connection) -> list[BusFigures]:
    """Numbers for each subscriber that has any delivery."""
    return [BusFigures(**row) for row in connection.execute(_FIGURES).mappings()]


def deliveries(
    connection: Connection, *, state: str, subscriber: str = "", most: int = 50
) -> list[DeliveryLine]:
    """Deliveries in a state (due, parked, done, dead), oldest due first."""
    rows = connection.execute(
        text(
            f"SELECT {_COLUMNS} FROM bus.delivery WHERE state = :state"
            " AND (:subscriber = '' OR subscriber = :subscriber) ORDER BY due_at LIMIT :most"
        ),
        {"state": state, "subscriber": subscriber, "most": most},
    )
    return [DeliveryLine(**row) for row in rows.mappings()]


def deliveries_of(connection: Connection, event_id: UUID) -> list[DeliveryLine]:
    """Every delivery of one event."""
    rows = connection.execute(
        text(f"SELECT {_COLUMNS} FROM bus.delivery WHERE event_id = :id ORDER BY subscriber"),
        {"id": event_id},
    )
    return [DeliveryLine(**row) for row in rows.mappings()]


def retry(connection: Connection, event_id: UUID, subscriber: str = "") -> int:
    """Make the dead deliveries of an event due again, each alone; how many there were."""
    return connection.execute(_RETRY, {"event_id": event_id, "subscriber": subscriber}).rowcount


def discard(connection: Connection, event_id: UUID, subscriber: str = "") -> int:
    """Give the dead deliveries of an event up, so that its aggregate moves on; how many there were."""
    return connection.execute(_DISCARD, {"event_id": event_id, "subscriber": subscriber}).rowcount
