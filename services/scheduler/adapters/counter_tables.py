"""What coaches have on a day and in a week, as triggers keep it, and what they did without a booking."""

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import BIT, TSTZRANGE

from services.scheduler.adapters.tables import metadata

SLOTS_IN_LONGEST_WEEK = 2028


def _coach_id() -> Column[object]:
    return Column("coach_id", Uuid, ForeignKey("scheduler.coach.id"), primary_key=True)


coach_day = Table(
    "coach_day",
    metadata,
    _coach_id(),
    Column("day", Date, primary_key=True),
    Column("sessions", SmallInteger, nullable=False),
    Column("minutes", SmallInteger, nullable=False),
    Column("ceiling", SmallInteger, nullable=False),
)

coach_week = Table(
    "coach_week",
    metadata,
    _coach_id(),
    Column("week", Date, primary_key=True),
    Column("sessions", SmallInteger, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("ceiling", Integer, nullable=False),
    Column("open", BIT(SLOTS_IN_LONGEST_WEEK)),
    Column("busy", BIT(SLOTS_IN_LONGEST_WEEK), nullable=False),
)

coach_cycles = Table(
    "coach_cycles",
    metadata,
    _coach_id(),
    Column("cycles", SmallInteger, nullable=False),
    Column("ceiling", SmallInteger, nullable=False),
)

log_entry = Table(
    "log_entry",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("coach_id", Uuid, ForeignKey("scheduler.coach.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("during", TSTZRANGE, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("exception_id", Uuid),
    Index("log_entry_coach_idx", "coach_id", "recorded_at"),
)
