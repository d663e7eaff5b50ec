"""The scheduler's tables, as SQLAlchemy sees them. Triggers and functions stand in the migrations."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Time,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

SCHEMA = "scheduler"
metadata = MetaData(schema=SCHEMA)


def _coach_id(*, primary_key: bool = False, nullable: bool = False) -> Column[object]:
    return Column(
        "coach_id",
        Uuid,
        ForeignKey("scheduler.coach.id"),
        primary_key=primary_key,
        nullable=nullable,
    )


def _version() -> Column[object]:
    return Column(
        "version", Integer, ForeignKey("scheduler.model_version.version"), primary_key=True
    )


division = Table(
    "division",
    metadata,
    Column("one", Boolean, primary_key=True, server_default=text("true")),
    Column("name", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("weights", JSONB, nullable=False, server_default=text("'{}'")),
    Column("travel_kmh", SmallInteger, nullable=False, server_default=text("50")),
    Column("travel_version", Integer, nullable=False, server_default=text("1")),
    Column("weights_revision", Integer, nullable=False, server_default=text("0")),
)

local_day = Table(
    "local_day",
    metadata,
    Column("day", Date, primary_key=True),
    Column("starts_at", DateTime(timezone=True), nullable=False, unique=True),
)

model_version = Table(
    "model_version",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("model_id", Uuid, nullable=False, unique=True),
    Column("effective_from", Date, nullable=False),
    Column("sealed_at", DateTime(timezone=True)),
    Column("duties", JSONB, nullable=False, server_default=text("'{}'")),
)

combination = Table(
    "combination",
    metadata,
    _version(),
    Column("coach_type", Text, primary_key=True),
    Column("topic", Text, primary_key=True),
    Column("support_mode", Text, primary_key=True),
)

mode_terms = Table(
    "mode_terms",
    metadata,
    _version(),
    Column("key", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("minutes", SmallInteger, nullable=False),
    Column("sessions_min", SmallInteger, nullable=False),
    Column("sessions_max", SmallInteger, nullable=False),
    Column("online_ok", Boolean, nullable=False),
    Column("where_in_day", Text, nullable=False, server_default="either"),
    Column("weeks_between", SmallInteger, nullable=False, server_default=text("1")),
    Column("uses_protected", Boolean, nullable=False, server_default=text("false")),
)

coach_type_terms = Table(
    "coach_type_terms",
    metadata,
    _version(),
    Column("key", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("sessions_per_day", SmallInteger, nullable=False),
    Column("weekly_minutes", Integer, nullable=False),
    Column("cycles_at_once", SmallInteger, nullable=False, server_default=text("5")),
    Column("protected_percent", SmallInteger, nullable=False, server_default=text("0")),
)

topic_terms = Table(
    "topic_terms",
    metadata,
    _version(),
    Column("key", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("where_in_day", Text, nullable=False, server_default=""),
)

coach = Table(
    "coach",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("language", Text, nullable=False, server_default="en"),
    Column("online_address", Text, nullable=False, server_default=""),
    Column("sessions_per_day", SmallInteger, nullable=False),
    Column("weekly_minutes", Integer, nullable=False),
    Column("last_day", Date),
    Column("home_base", Uuid),
    Column("cycles_at_once", SmallInteger, nullable=False, server_default=text("5")),
    Column("buffer_minutes", SmallInteger, nullable=False, server_default=text("0")),
    Column("notice_minutes", Integer),
    Column("revision", Integer, nullable=False, server_default=text("0")),
    Column("joined_on", Date, nullable=False, server_default=text("CURRENT_DATE")),
    Column("protected_percent", SmallInteger, nullable=False, server_default=text("0")),
)

coach_offer = Table(
    "coach_offer",
    metadata,
    _coach_id(primary_key=True),
    Column("coach_type", Text, primary_key=True),
    Column("support_mode", Text, primary_key=True),
    Index("coach_offer_type_idx", "coach_type", "support_mode", "coach_id"),
)

coach_school = Table(
    "coach_school",
    metadata,
    _coach_id(primary_key=True),
    Column("school_id", Uuid, primary_key=True),
    Index("coach_school_school_idx", "school_id", "coach_id"),
)

weekly_hours = Table(
    "weekly_hours",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _coach_id(nullable=False),
    Column("iso_weekday", SmallInteger),
    Column("starts", Time, nullable=False),
    Column("ends", Time, nullable=False),
    Column("label_school", Uuid),
    Column("label", Text),
    Column("protected", Boolean, nullable=False, server_default=text("false")),
    Column("at_school", Uuid),
    Index("weekly_hours_coach_idx", "coach_id"),
    Index(
        "weekly_hours_label_idx",
        "label_school",
        postgresql_where=text("(label_school IS NOT NULL)"),
    ),
)

hours_exception = Table(
    "hours_exception",
    metadata,
    Column("id", Uuid, primary_key=True),
    _coach_id(),
    Column("day", Date, nullable=False),
    Column("kind", Text, nullable=False),
    Column("starts", Time),
    Column("ends", Time),
    Column("span_id", Uuid, nullable=False, server_default=text("gen_random_uuid()")),
    Index("hours_exception_coach_idx", "coach_id", "day"),
    Index("hours_exception_span_idx", "span_id"),
)

request = Table(
    "request",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False, server_default=text("0")),
    Column("model_version", Integer),
    Column("teacher_id", Uuid),
    Column("teacher_name", Text),
    Column("teacher_email", Text),
    Column("teacher_language", Text),
    Column("school_id", Uuid),
    Column("school_name", Text),
    Column("room", Text),
    Column("topic", Text),
    Column("support_mode", Text),
    Column("coach_types", ARRAY(Text)),
    Column("meeting", Text),
    Column("windows", JSONB),
    Column("waiting_since", DateTime(timezone=True)),
    Column("turn_at", DateTime(timezone=True)),
    Column("reasons", JSONB, nullable=False, server_default=text("'[]'")),
    Column("school_windows", JSONB, nullable=False, server_default=text("'[]'")),
    Column("ahead", Boolean, nullable=False, server_default=text("false")),
    Column("meetings", SmallInteger, nullable=False, server_default=text("1")),
    Column("needed_by", Date),
    Column("missed", SmallInteger, nullable=False, server_default=text("0")),
    Index(
        "request_waiting_idx",
        text("(NOT ahead)"),
        "turn_at",
        "id",
        postgresql_where=text("(state = 'waiting'::text)"),
    ),
    Index("request_since_idx", "waiting_since", postgresql_where=text("(teacher_id IS NOT NULL)")),
    Index(
        "request_teacher_idx",
        "teacher_id",
        postgresql_where=text("(state = ANY (ARRAY['waiting'::text, 'scheduled'::text]))"),
    ),
)

teacher_move = Table(
    "teacher_move",
    metadata,
    Column("teacher_id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
)
