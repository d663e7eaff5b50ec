"""Tables of the schema `access`."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    LargeBinary,
    Table,
    Text,
    Uuid,
    func,
    text,
)

from shared.database.metadata import metadata

actor = Table(
    "actor",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False, unique=True),
    Column("disabled_at", DateTime(timezone=True)),
    schema="access",
)

role = Table(
    "role",
    metadata,
    Column("actor_id", Uuid, ForeignKey("access.actor.id", ondelete="CASCADE"), primary_key=True),
    Column("role", Text, primary_key=True),
    Column("school_id", Uuid),
    CheckConstraint("role IN ('teacher', 'coach', 'leader', 'admin')", name="known"),
    schema="access",
)

token = Table(
    "token",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("secret_hash", LargeBinary, nullable=False, unique=True),
    Column(
        "actor_id",
        Uuid,
        ForeignKey("access.actor.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("role", Text, nullable=False),
    Column("label", Text, nullable=False, server_default=text("''")),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("revoked_at", DateTime(timezone=True)),
    schema="access",
)
