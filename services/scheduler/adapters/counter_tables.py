"""The tables that triggers keep, as SQLAlchemy sees them: what each coach has on a day and in a week."""

from sqlalchemy import Column, Date, ForeignKey, Integer, SmallInteger, Table, Uuid
from sqlalchemy.dialects.postgresql import BIT

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
