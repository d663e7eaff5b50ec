"""What is taken stock of each hour, and who appraises whom."""

from sqlalchemy import (
    REAL,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)

from services.scheduler.adapters.tables import metadata

school_stock = Table(
    "school_stock",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("coach_type", Text, primary_key=True),
    Column("coaches", SmallInteger, nullable=False),
)

coach_stock = Table(
    "coach_stock",
    metadata,
    Column("coach_id", Uuid, ForeignKey("scheduler.coach.id"), primary_key=True),
    Column("coach_type", Text, primary_key=True),
    Column("fewest", SmallInteger, nullable=False),
)

coach_load = Table(
    "coach_load",
    metadata,
    Column("coach_id", Uuid, ForeignKey("scheduler.coach.id"), primary_key=True),
    Column("minutes", Integer, nullable=False),
    Column("travel", Integer, nullable=False),
)

school_wait = Table(
    "school_wait",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("asks", Integer, nullable=False),
    Column("days", REAL, nullable=False),
)

appraisal = Table(
    "appraisal",
    metadata,
    Column("coach_id", Uuid, primary_key=True),
    Column("teacher_id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("stands", Boolean, nullable=False),
    Index("appraisal_teacher_idx", "teacher_id", postgresql_where=text("stands")),
)
