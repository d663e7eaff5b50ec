"""The tables of schema `request_intake`, as SQLAlchemy Core sees them; the migrations make them.

Constraints, row security and the trigger that keeps published models as they are stand in the
migration: they hold whatever a program does.
"""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.database.metadata import NAMING

SCHEMA = "request_intake"

metadata = MetaData(schema=SCHEMA, naming_convention=NAMING)

_INSTANT = DateTime(timezone=True)

division = Table(
    "division",
    metadata,
    Column("only", Boolean, primary_key=True, server_default=text("true")),
    Column("name", Text, nullable=False),
    Column("zone", Text, nullable=False),
)

school = Table(
    "school",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("version", Integer, nullable=False, server_default=text("1")),
)

person = Table(
    "person",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False, unique=True),
    Column("language", Text, nullable=False, server_default="en"),
    Column("role", Text, nullable=False),
    Column("school_id", ForeignKey(school.c.id)),
    Column("room", Text, nullable=False, server_default=""),
    Column("moves", Integer, nullable=False, server_default="0"),
    Index(None, "school_id"),
)

model_version = Table(
    "model_version",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("id", Uuid, nullable=False, unique=True),
    Column("document", JSONB, nullable=False),
    Column("published_at", _INSTANT, nullable=False),
    Column("effective_from", Date, nullable=False),
    Column("in_force_at", _INSTANT, nullable=False),
    Column("published_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

model_draft = Table(
    "model_draft",
    metadata,
    Column("only", Boolean, primary_key=True, server_default=text("true")),
    Column("document", JSONB, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("based_on", ForeignKey(model_version.c.version), nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("changed_at", _INSTANT, nullable=False),
)

request = Table(
    "request",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("teacher_id", ForeignKey(person.c.id), nullable=False),
    Column("school_id", ForeignKey(school.c.id), nullable=False),
    Column("words", Text, nullable=False),
    Column("topic", Text),
    Column("support_mode", Text),
    Column("coach_types", ARRAY(Text), nullable=False),
    Column("meeting", Text, nullable=False),
    Column("windows", JSONB, nullable=False),
    Column("school_windows", JSONB, nullable=False, server_default=text("'[]'")),
    Column("room", Text, nullable=False),
    Column("model_version", ForeignKey(model_version.c.version), nullable=False),
    Column("decision", Text, nullable=False),
    Column("clause", Text, nullable=False),
    Column("redirect", JSONB(none_as_null=True)),
    Column("suggestions", ARRAY(Text), nullable=False),
    Column("state", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("idempotency_key", Text, nullable=False),
    Column("body_sha256", LargeBinary, nullable=False),
    Column("submitted_at", _INSTANT, nullable=False),
    Column("changed_at", _INSTANT, nullable=False),
    Column("standing", JSONB(none_as_null=True)),
    Column("standing_version", BigInteger, nullable=False, server_default="0"),
    Column("notice_failed", Boolean, nullable=False, server_default=text("false")),
    Column("asked_topic", Text),
    Column("asked_mode", Text),
    Column("meetings", SmallInteger),
    Column("needed_by", Date),
    UniqueConstraint("teacher_id", "idempotency_key"),
)

ask_vector = Table(
    "ask_vector",
    metadata,
    Column("request_id", ForeignKey(request.c.id, ondelete="CASCADE"), primary_key=True),
    Column("vector", LargeBinary, nullable=False),
)

own_copy = Table(
    "own_copy",
    metadata,
    Column("person_id", ForeignKey(person.c.id, ondelete="CASCADE"), primary_key=True),
    Column("model_version", ForeignKey(model_version.c.version), primary_key=True),
    Column("way", Text, primary_key=True),
    Column("had_at", _INSTANT, nullable=False, server_default=func.now()),
    Index(None, "model_version"),
)

copy_round = Table(
    "copy_round",
    metadata,
    Column(
        "model_version",
        ForeignKey(model_version.c.version),
        primary_key=True,
        autoincrement=False,
    ),
    Column("begun_by", Uuid, nullable=False),
    Column("begun_at", _INSTANT, nullable=False),
)

pulse = Table(
    "pulse",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("model_version", ForeignKey(model_version.c.version), nullable=False),
    Column("opened_by", Uuid, nullable=False),
    Column("opened_at", _INSTANT, nullable=False),
    Column("closes_on", Date, nullable=False),
    Column("closed_at", _INSTANT),
)
Index(
    "pulse_is_open_idx",
    text("(true)"),
    unique=True,
    postgresql_where=pulse.c.closed_at.is_(None),
    _table=pulse,
)

pulse_answered = Table(
    "pulse_answered",
    metadata,
    Column("pulse_id", ForeignKey(pulse.c.id, ondelete="CASCADE"), primary_key=True),
    Column("person_id", ForeignKey(person.c.id, ondelete="CASCADE"), primary_key=True),
)

pulse_school = Table(
    "pulse_school",
    metadata,
    Column("pulse_id", ForeignKey(pulse.c.id, ondelete="CASCADE"), primary_key=True),
    Column("school_id", ForeignKey(school.c.id, ondelete="CASCADE"), primary_key=True),
    Column("people", Integer, nullable=False),
    Column("asked", Integer, nullable=False),
    Column("right", Integer, nullable=False),
)

pulse_statement = Table(
    "pulse_statement",
    metadata,
    Column("pulse_id", ForeignKey(pulse.c.id, ondelete="CASCADE"), primary_key=True),
    Column("statement", Text, primary_key=True),
    Column("is_coaching", Boolean, nullable=False),
    Column("asked", Integer, nullable=False),
    Column("right", Integer, nullable=False),
)

clause_tap = Table(
    "clause_tap",
    metadata,
    Column("person_id", ForeignKey(person.c.id, ondelete="CASCADE"), primary_key=True),
    Column("model_version", ForeignKey(model_version.c.version), primary_key=True),
    Column("coach_type", Text, primary_key=True),
    Column("clause", Text, primary_key=True),
    Column("tapped_at", _INSTANT, nullable=False, server_default=func.now()),
    Index("clause_tap_clause_idx", "model_version", "coach_type", "clause"),
)

replay = Table(
    "replay",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("document", JSONB, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("started_at", _INSTANT, nullable=False),
    Column("stopped_at", _INSTANT),
)

replay_chunk = Table(
    "replay_chunk",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("replay_id", ForeignKey(replay.c.id, ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("request_ids", ARRAY(Uuid), nullable=False),
    Column("flips", JSONB(none_as_null=True)),
    Column("judged_at", _INSTANT),
    UniqueConstraint("replay_id", "number"),
)

school_addition = Table(
    "school_addition",
    metadata,
    Column("school_id", ForeignKey(school.c.id, ondelete="CASCADE"), primary_key=True),
    Column("contacts", JSONB, nullable=False),
    Column("topics", JSONB, nullable=False),
    Column("revision", Integer, nullable=False),
)

review = Table(
    "review",
    metadata,
    Column("request_id", ForeignKey(request.c.id), primary_key=True),
    Column("why", Text, primary_key=True),
    Column("teacher_id", Uuid, nullable=False),
    Column("sentence", Text, nullable=False, server_default=""),
    Column("since", _INSTANT, nullable=False),
    Column("escalated_at", _INSTANT),
    Column("answer", Text),
    Column("answered_at", _INSTANT),
    Column("answered_by", Uuid),
    Column("for_coaches", Boolean, nullable=False, server_default=text("false")),
    Index(None, "request_id", unique=True, postgresql_where=text("answered_at IS NULL")),
    Index(None, "since", postgresql_where=text("answered_at IS NULL")),
)

exception_grant = Table(
    "exception_grant",
    metadata,
    Column("request_id", ForeignKey(request.c.id), primary_key=True),
    Column("teacher_id", Uuid, nullable=False),
    Column("granted_by", Uuid, nullable=False),
    Column("granted_at", _INSTANT, nullable=False),
    Column("reason", Text, nullable=False),
    Column("model_version", Integer, nullable=False),
    Column("topic", Text, nullable=False),
    Column("coach_type", Text, nullable=False),
    Column("support_mode", Text, nullable=False),
    Column("month", Date, nullable=False),
    Column("number", Integer, nullable=False),
    Column("budget", Integer, nullable=False),
    UniqueConstraint("month", "number"),
)

school_time = Table(
    "school_time",
    metadata,
    Column("school_id", ForeignKey(school.c.id, ondelete="CASCADE"), primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("labels", ARRAY(Text), nullable=False),
    Column("by_weekday", Boolean, nullable=False),
    Column("periods", ARRAY(Text), nullable=False),
)

known_timetable = Table(
    "known_timetable",
    metadata,
    Column("teacher_id", Uuid, primary_key=True),
    Column("school_id", Uuid, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("prepares", Boolean, nullable=False),
)
