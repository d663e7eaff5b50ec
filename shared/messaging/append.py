"""Append events in the caller's transaction: this is the outbox, and the subscribers' inbox too."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, text

from shared.events import Event
from shared.messaging.envelope import seal
from shared.messaging.routing import SUBSCRIBERS

_APPEND = text("""
WITH appended AS (
    INSERT INTO bus.event (id, name, schema_version, aggregate_id, body)
    SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:names AS text[]),
        CAST(:versions AS smallint[]), CAST(:aggregates AS uuid[]), CAST(:bodies AS jsonb[]))
)
INSERT INTO bus.delivery (event_id, subscriber, name, aggregate_id)
SELECT * FROM unnest(CAST(:told_ids AS uuid[]), CAST(:subscribers AS text[]),
    CAST(:told_names AS text[]), CAST(:told_aggregates AS uuid[]))
""")


def append(connection: Connection, events: Sequence[Event], now: datetime) -> None:
    """Record events and a delivery for each subscriber, in one statement; commits nothing."""
    if not events:
        return
    sealed = [(seal(event, now), SUBSCRIBERS[type(event)]) for event in events]
    told = [(envelope, subscriber) for envelope, heard in sealed for subscriber in heard]
    connection.execute(
        _APPEND,
        {
            "ids": [envelope.id for envelope, _ in sealed],
            "names": [envelope.name for envelope, _ in sealed],
            "versions": [envelope.schema_version for envelope, _ in sealed],
            "aggregates": [envelope.aggregate_id for envelope, _ in sealed],
            "bodies": [envelope.body for envelope, _ in sealed],
            "told_ids": [envelope.id for envelope, _ in told],
            "subscribers": [subscriber for _, subscriber in told],
            "told_names": [envelope.name for envelope, _ in told],
            "told_aggregates": [envelope.aggregate_id for envelope, _ in told],
        },
    )
