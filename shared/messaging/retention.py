"""Forget what is long settled: handled deliveries after 30 days, dead ones after 90."""

from datetime import datetime

from sqlalchemy import Connection, text

_FORGET_DELIVERIES = text("""
DELETE FROM bus.delivery WHERE settled_at < now() - interval '30 days'
    AND (state = 'done' OR (state = 'dead' AND settled_at < now() - interval '90 days'))
""")
_FORGET_EVENTS = text("""
DELETE FROM bus.event e WHERE recorded_at < now() - interval '30 days'
    AND NOT EXISTS (SELECT FROM bus.delivery d WHERE d.event_id = e.id)
""")


def forget_settled(connection: Connection, _now: datetime) -> None:
    """Delete old settled deliveries, and old events that nobody waits for. Ages are the database's."""
    connection.execute(_FORGET_DELIVERIES)
    connection.execute(_FORGET_EVENTS)
