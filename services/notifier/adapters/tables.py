"""The tables of schema `notifier`, as SQLAlchemy Core sees them; the migrations make them.

Constraints, row security, the view due_work and the trigger that keeps a letter's bytes as they
are stand in the migration: they hold whatever a program does.
"""

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from shared.database.metadata import NAMING

SCHEMA = "notifier"

metadata = MetaData(schema=SCHEMA, naming_convention=NAMING)

_INSTANT = DateTime(timezone=True)

heard = Table(
    "heard",
    metadata,
    Column("request_id", Uuid, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("version", Integer, nullable=False),
)

notice = Table(
    "notice",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("request_id", Uuid, nullable=False),
    Column("session_id", Uuid),
    Column("teacher_id", Uuid, nullable=False),
    Column("recipient_id", Uuid, nullable=False),
    Column("part", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("dated_at", _INSTANT, nullable=False),
    Column("mime", LargeBinary),
    Column("state", Text, nullable=False, server_default=text("'queued'")),
    Column("attempts", SmallInteger, nullable=False, server_default=text("0")),
    Column("doubts", SmallInteger, nullable=False, server_default=text("0")),
    Column("overtaken", Boolean, nullable=False, server_default=text("false")),
    Column("may_be_out", Boolean, nullable=False, server_default=text("false")),
    Column("queued_at", _INSTANT, nullable=False, server_default=text("now()")),
    Column("next_at", _INSTANT, server_default=text("now()")),
    Column("lease_id", Uuid),
    Column("lease_until", _INSTANT),
    Column("sent_at", _INSTANT),
    Column("settled_at", _INSTANT),
    Column("smtp_code", SmallInteger),
    Column("smtp_reply", Text),
    Column("failure", Text),
    UniqueConstraint(
        "request_id",
        "version",
        "recipient_id",
        "kind",
        name="notice_request_id_version_recipient_id_kind_key",
    ),
)

Index("notice_due_idx", notice.c.next_at, postgresql_where=text("next_at IS NOT NULL"))
Index("notice_leased_idx", notice.c.lease_until, postgresql_where=text("lease_until IS NOT NULL"))

hold = Table(
    "hold",
    metadata,
    Column("only", Boolean, primary_key=True, server_default=text("true")),
    Column("reason", Text, nullable=False),
    Column("smtp_code", Integer),
    Column("failures", Integer, nullable=False),
    Column("since", _INSTANT, nullable=False, server_default=text("now()")),
    Column("ask_again_at", _INSTANT, nullable=False),
)
