"""The tables of sessions, of cycles, and of why each was decided, as SQLAlchemy sees them."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TSTZRANGE, ExcludeConstraint

from services.scheduler.adapters.tables import coach_offer, combination, metadata, mode_terms

_LIVE = text("(state = ANY (ARRAY['held'::text, 'scheduled'::text]))")

session = Table(
    "session",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("request_id", Uuid, ForeignKey("scheduler.request.id"), nullable=False),
    Column("meeting", SmallInteger, nullable=False, server_default=text("1")),
    Column("coach_id", Uuid, ForeignKey("scheduler.coach.id"), nullable=False),
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
    Column("offer_id", Uuid),
    Column("series_id", Uuid),
    Column("kind_of_work", Text),
    Column("turned_out", Text),
    Column("closed_at", DateTime(timezone=True)),
    Column("closed_by", Uuid),
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
    ForeignKeyConstraint(["model_version", "turned_out"], [mode_terms.c.version, mode_terms.c.key]),
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
    Index("session_offer_idx", "offer_id", postgresql_where=text("(offer_id IS NOT NULL)")),
    Index("session_held_idx", "held_until", postgresql_where=text("(held_until IS NOT NULL)")),
    Index("session_school_idx", "school_id", "starts_at"),
)

match = Table(
    "match",
    metadata,
    Column("request_id", Uuid, ForeignKey("scheduler.request.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("session_id", Uuid, ForeignKey("scheduler.session.id")),
    Column("coach_id", Uuid, ForeignKey("scheduler.coach.id")),
    Column("decided_at", DateTime(timezone=True), nullable=False),
    Column("reasons", JSONB, nullable=False),
    Column("candidates", JSONB, nullable=False),
    Column("weights", JSONB, nullable=False),
    Index("match_session_idx", "session_id"),
)

cycle = Table(
    "cycle",
    metadata,
    Column("request_id", Uuid, ForeignKey("scheduler.request.id"), primary_key=True),
    Column("coach_id", Uuid, ForeignKey("scheduler.coach.id"), nullable=False),
    Column("coach_type", Text, nullable=False),
    Column("place_kind", Text, nullable=False),
    Column("place_address", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("meetings", SmallInteger, nullable=False),
    Column("weeks_between", SmallInteger, nullable=False),
    Column("series_id", Uuid, nullable=False),
    Column("anchor_at", DateTime(timezone=True), nullable=False),
    Column("sequence", Integer, nullable=False, server_default=text("0")),
    Column("former", JSONB),
    Index("cycle_coach_idx", "coach_id", postgresql_where=text("(state <> 'ended'::text)")),
)

duty_tick = Table(
    "duty_tick",
    metadata,
    Column("subject_id", Uuid, primary_key=True),
    Column("side", Text, primary_key=True),
    Column("duty", Text, primary_key=True),
    Column("ticked_by", Uuid, nullable=False),
    Column("ticked_at", DateTime(timezone=True), nullable=False),
)

hand_over = Table(
    "hand_over",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("request_id", Uuid, ForeignKey("scheduler.request.id"), nullable=False),
    Column("number", SmallInteger, nullable=False),
    Column("coach_id", Uuid, ForeignKey("scheduler.coach.id"), nullable=False),
    Column("to_coach_id", Uuid, ForeignKey("scheduler.coach.id"), nullable=False),
    Column("why", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("answered_at", DateTime(timezone=True)),
    UniqueConstraint("request_id", "number"),
    Index(
        "hand_over_asked_key",
        "request_id",
        unique=True,
        postgresql_where=text("(state = 'asked'::text)"),
    ),
)
