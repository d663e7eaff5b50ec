"""The scheduler's tables, as SQLAlchemy sees them. Triggers and functions stand in the migrations."""

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Time,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TSTZRANGE, ExcludeConstraint

SCHEMA = "scheduler"
metadata = MetaData(schema=SCHEMA)

_LIVE = text("(state = ANY (ARRAY['held'::text, 'scheduled'::text]))")


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
)

coach_type_terms = Table(
    "coach_type_terms",
    metadata,
    _version(),
    Column("key", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("sessions_per_day", SmallInteger, nullable=False),
    Column("weekly_minutes", Integer, nullable=False),
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
    _coach_id(primary_key=True),
    Column("iso_weekday", SmallInteger, primary_key=True),
    Column("starts", Time, primary_key=True),
    Column("ends", Time, nullable=False),
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
    Index("hours_exception_coach_idx", "coach_id", "day"),
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
    Column("reasons", JSONB, nullable=False, server_default=text("'[]'")),
    Column("school_windows", JSONB, nullable=False, server_default=text("'[]'")),
    Column("ahead", Boolean, nullable=False, server_default=text("false")),
    Index(
        "request_waiting_idx",
        text("(NOT ahead)"),
        "waiting_since",
        "id",
        postgresql_where=text("(state = 'waiting'::text)"),
    ),
)

session = Table(
    "session",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("request_id", Uuid, ForeignKey("scheduler.request.id"), nullable=False),
    Column("meeting", SmallInteger, nullable=False, server_default=text("1")),
    _coach_id(),
    Column("teacher_id", Uuid, nullable=False),
    Column("school_id", Uuid, nullable=False),
    Column("model_version", Integer, nullable=False),
    Column("coach_type", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("support_mode", Text, nullable=False),
    Column("place_kind", Text, nullable=False),
    Column("place_address", Text, nullable=False),
    Column("during", TSTZRANGE, nullable=False),
    Column("state", Text, nullable=False),
    Column("sequence", Integer, nullable=False, server_default=text("0")),
    Column("recorded_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("held_until", DateTime(timezone=True)),
    Column("turned_down", Boolean, nullable=False, server_default=text("false")),
    Column("instead_of", Uuid, ForeignKey("scheduler.session.id")),
    Column("starts_at", DateTime(timezone=True), Computed("lower(during)", persisted=True)),
    Column(
        "live_coach_type",
        Text,
        Computed("CASE WHEN state IN ('held', 'scheduled') THEN coach_type END", persisted=True),
    ),
    Column(
        "live_support_mode",
        Text,
        Computed("CASE WHEN state IN ('held', 'scheduled') THEN support_mode END", persisted=True),
    ),
    CheckConstraint("coach_id <> teacher_id", name="session_two_people_check"),
    ForeignKeyConstraint(
        ["model_version", "coach_type", "topic", "support_mode"],
        [combination.c[name] for name in ("version", "coach_type", "topic", "support_mode")],
    ),
    ForeignKeyConstraint(
        ["coach_id", "live_coach_type", "live_support_mode"],
        [coach_offer.c.coach_id, coach_offer.c.coach_type, coach_offer.c.support_mode],
    ),
    ExcludeConstraint(
        ("coach_id", "="), ("during", "&&"), name="session_coach_once", using="gist", where=_LIVE
    ),
    ExcludeConstraint(
        ("teacher_id", "="),
        ("during", "&&"),
        name="session_teacher_once",
        using="gist",
        where=_LIVE,
    ),
    Index(
        "session_request_once",
        "request_id",
        "meeting",
        unique=True,
        postgresql_where=text("(state <> 'cancelled'::text)"),
    ),
    Index("session_coach_idx", "coach_id", "starts_at"),
    Index("session_teacher_idx", "teacher_id", "starts_at"),
    Index("session_turned_down_idx", "request_id", postgresql_where=text("turned_down")),
    Index("session_held_idx", "held_until", postgresql_where=text("(state = 'held'::text)")),
    Index(
        "session_school_idx",
        "school_id",
        "starts_at",
        postgresql_where=_LIVE,
    ),
)

match = Table(
    "match",
    metadata,
    Column("request_id", Uuid, ForeignKey("scheduler.request.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("session_id", Uuid, ForeignKey("scheduler.session.id")),
    _coach_id(nullable=True),
    Column("decided_at", DateTime(timezone=True), nullable=False),
    Column("reasons", JSONB, nullable=False),
    Column("candidates", JSONB, nullable=False),
    Column("weights", JSONB, nullable=False),
    Index("match_session_idx", "session_id"),
)
