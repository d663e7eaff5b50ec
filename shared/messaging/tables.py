"""Tables of the schema `bus`: events, one delivery for each subscriber, and timers."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Interval,
    SmallInteger,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import BOOLEAN, JSONB

from shared.database.metadata import metadata

event = Table(
    "event",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("schema_version", SmallInteger, nullable=False),
    Column("aggregate_id", Uuid, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("body", JSONB, nullable=False),
    schema="bus",
)

delivery = Table(
    "delivery",
    metadata,
    Column("event_id", Uuid, ForeignKey("bus.event.id", ondelete="CASCADE"), primary_key=True),
    Column("subscriber", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("aggregate_id", Uuid, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'due'")),
    Column("due_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("suspect", BOOLEAN, nullable=False, server_default=text("false")),
    Column("attempts", SmallInteger, nullable=False, server_default=text("0")),
    Column("put_off_times", Integer, nullable=False, server_default=text("0")),
    Column("lease_id", Uuid),
    Column("lease_until", DateTime(timezone=True)),
    Column("last_error", Text),
    Column("settled_at", DateTime(timezone=True)),
    Column("settled_by", Text),
    CheckConstraint("state IN ('due', 'parked', 'done', 'dead')", name="state"),
    Index(
        "delivery_open_idx",
        "subscriber",
        "due_at",
        postgresql_where=text("state IN ('due', 'parked')"),
    ),
    Index(
        "delivery_dead_idx", "subscriber", "aggregate_id", postgresql_where=text("state = 'dead'")
    ),
    Index("delivery_settled_idx", "settled_at", postgresql_where=text("settled_at IS NOT NULL")),
    schema="bus",
)

timer = Table(
    "timer",
    metadata,
    Column("subscriber", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("due_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("every", Interval, nullable=False),
    schema="bus",
)
