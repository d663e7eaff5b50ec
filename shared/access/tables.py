"""Tables of the schema `access`."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

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

session = Table(
    "session",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("secret_hash", LargeBinary, nullable=False, unique=True),
    Column("actor_id", Uuid, nullable=False),
    Column("role", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("seen_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("ended_at", DateTime(timezone=True)),
    ForeignKeyConstraint(
        ["actor_id", "role"], ["access.role.actor_id", "access.role.role"], ondelete="CASCADE"
    ),
    Index(None, "actor_id", "role"),
    schema="access",
)

identity = Table(
    "identity",
    metadata,
    Column("issuer", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("actor_id", Uuid, ForeignKey("access.actor.id", ondelete="CASCADE"), nullable=False),
    Column("linked_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    UniqueConstraint("actor_id", "issuer"),
    schema="access",
)

sign_in_attempt = Table(
    "sign_in_attempt",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("browser_hash", LargeBinary, nullable=False, unique=True),
    Column("address_hash", LargeBinary, nullable=False),
    Column("network_hash", LargeBinary, nullable=False),
    Column("actor_id", Uuid, ForeignKey("access.actor.id", ondelete="CASCADE"), index=True),
    Column(
        "asked_at",
        DateTime(timezone=True),
        nullable=False,
        server_default=func.now(),
        index=True,
    ),
    Column("tries", SmallInteger, nullable=False, server_default=text("0")),
    Column("used_at", DateTime(timezone=True)),
    CheckConstraint("tries BETWEEN 0 AND 5", name="has_five_tries"),
    schema="access",
)

audit_entry = Table(
    "audit_entry",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("facts", JSONB, nullable=False),
    Column("previous", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    CheckConstraint("number >= 1", name="counts_from_one"),
    CheckConstraint("actor <> ''", name="has_an_actor"),
    schema="access",
)
