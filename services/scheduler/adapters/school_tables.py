"""The tables of school time, as SQLAlchemy sees them."""

from sqlalchemy import (
    ARRAY,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.scheduler.adapters.tables import metadata


def _list(name: str) -> Column[object]:
    return Column(name, JSONB, nullable=False, server_default=text("'[]'"))


def _count(name: str) -> Column[object]:
    return Column(name, Integer, nullable=False, server_default=text("0"))


school = Table(
    "school",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("key", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("version", Integer, nullable=False),
)

school_time = Table(
    "school_time",
    metadata,
    Column("school_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("labels", ARRAY(Text), nullable=False),
    Column("weekdays", ARRAY(SmallInteger), nullable=False),
    Column("shifts", Boolean, nullable=False),
    Column("cover", Text, nullable=False, server_default=""),
    _list("terms"),
    _list("bells"),
    _list("specials"),
    Column("latitude", Double),
    Column("longitude", Double),
)

replaced_year = Table(
    "replaced_year",
    metadata,
    Column("school_id", Uuid, ForeignKey("scheduler.school_time.school_id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("year", JSONB, nullable=False),
)

travel_time = Table(
    "travel_time",
    metadata,
    Column("from_school", Uuid, primary_key=True),
    Column("to_school", Uuid, primary_key=True),
    Column("minutes", SmallInteger, nullable=False),
)

closure = Table(
    "closure",
    metadata,
    Column("school_id", Uuid, ForeignKey("scheduler.school_time.school_id"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("shifts", Boolean, nullable=False),
    Column("declaration_id", Uuid),
    Column("withdrawn_at", DateTime(timezone=True)),
)

declaration = Table(
    "declaration",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("day", Date, nullable=False),
    Column("declared_at", DateTime(timezone=True), nullable=False),
    Column("declared_by", Uuid, nullable=False),
    Column("reason", Text, nullable=False),
    Column("withdrawn_at", DateTime(timezone=True)),
    Column("schools", Integer, nullable=False),
    _count("schools_done"),
    _count("released"),
    _count("held"),
    Index("declaration_day_idx", "declared_at"),
)

timetable = Table(
    "timetable",
    metadata,
    Column("teacher_id", Uuid, primary_key=True),
    Column("school_id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("teaches", ARRAY(Text), nullable=False),
    Column("prepares", ARRAY(Text), nullable=False),
)
