"""Who somebody is to a sign-in provider, and attempts to sign in with a code by mail."""

from alembic import op

revision = "0005"
down_revision = "0004"

_TABLES = """
CREATE TABLE access.identity (
    issuer text NOT NULL,
    subject text NOT NULL,
    actor_id uuid NOT NULL CONSTRAINT identity_actor_id_fkey
        REFERENCES access.actor (id) ON DELETE CASCADE,
    linked_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT identity_pkey PRIMARY KEY (issuer, subject),
    CONSTRAINT identity_actor_id_issuer_key UNIQUE (actor_id, issuer)
);

CREATE TABLE access.sign_in_attempt (
    id uuid CONSTRAINT sign_in_attempt_pkey PRIMARY KEY,
    browser_hash bytea NOT NULL CONSTRAINT sign_in_attempt_browser_hash_key UNIQUE,
    address_hash bytea NOT NULL,
    network_hash bytea NOT NULL,
    actor_id uuid CONSTRAINT sign_in_attempt_actor_id_fkey
        REFERENCES access.actor (id) ON DELETE CASCADE,
    asked_at timestamptz NOT NULL DEFAULT now(),
    tries smallint NOT NULL DEFAULT 0,
    used_at timestamptz,
    CONSTRAINT sign_in_attempt_has_five_tries CHECK (tries BETWEEN 0 AND 5)
);
CREATE INDEX sign_in_attempt_asked_at_idx ON access.sign_in_attempt (asked_at);
CREATE INDEX sign_in_attempt_actor_id_idx ON access.sign_in_attempt (actor_id);
"""


def upgrade() -> None:
    """Create both; intake alone signs people in."""
    op.execute(_TABLES)
    op.execute(
        "GRANT SELECT, INSERT, UPDATE, DELETE ON access.identity, access.sign_in_attempt"
        " TO remit_request_intake"
    )
