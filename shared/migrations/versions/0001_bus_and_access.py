"""The bus, who is signed in, and what each part may do with them."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SERVICES = ("remit_request_intake", "remit_scheduler", "remit_notifier")

TABLES = """
CREATE TABLE bus.event (
    id uuid CONSTRAINT event_pkey PRIMARY KEY,
    name text NOT NULL,
    schema_version smallint NOT NULL,
    aggregate_id uuid NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    body jsonb NOT NULL
);
CREATE INDEX event_aggregate_id_idx ON bus.event (aggregate_id);

CREATE TABLE bus.delivery (
    event_id uuid NOT NULL CONSTRAINT delivery_event_id_fkey REFERENCES bus.event (id) ON DELETE CASCADE,
    subscriber text NOT NULL,
    name text NOT NULL,
    aggregate_id uuid NOT NULL,
    state text NOT NULL DEFAULT 'due',
    due_at timestamptz NOT NULL DEFAULT now(),
    suspect boolean NOT NULL DEFAULT false,
    attempts smallint NOT NULL DEFAULT 0,
    put_off_times integer NOT NULL DEFAULT 0,
    lease_id uuid,
    lease_until timestamptz,
    last_error text,
    settled_at timestamptz,
    settled_by text,
    CONSTRAINT delivery_pkey PRIMARY KEY (event_id, subscriber),
    CONSTRAINT delivery_state_check CHECK (state IN ('due', 'parked', 'done', 'dead'))
);
CREATE INDEX delivery_open_idx ON bus.delivery (subscriber, due_at) WHERE state IN ('due', 'parked');
CREATE INDEX delivery_dead_idx ON bus.delivery (subscriber, aggregate_id) WHERE state = 'dead';
CREATE INDEX delivery_settled_idx ON bus.delivery (settled_at) WHERE settled_at IS NOT NULL;
-- A queue table: rows live for milliseconds as due, so dead entries must leave the index quickly.
ALTER TABLE bus.delivery SET (
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_cost_delay = 0, fillfactor = 70
);

CREATE TABLE bus.timer (
    subscriber text NOT NULL,
    name text NOT NULL,
    due_at timestamptz NOT NULL DEFAULT now(),
    every interval NOT NULL,
    CONSTRAINT timer_pkey PRIMARY KEY (subscriber, name)
);
INSERT INTO bus.timer (subscriber, name, every) SELECT unnest(ARRAY['request_intake', 'scheduler', 'notifier']), 'forget_settled', '6 hours';

CREATE SCHEMA access;
CREATE TABLE access.actor (
    id uuid CONSTRAINT actor_pkey PRIMARY KEY,
    name text NOT NULL,
    email text NOT NULL CONSTRAINT actor_email_key UNIQUE,
    disabled_at timestamptz
);
CREATE TABLE access.role (
    actor_id uuid NOT NULL CONSTRAINT role_actor_id_fkey REFERENCES access.actor (id) ON DELETE CASCADE,
    role text NOT NULL,
    school_id uuid,
    CONSTRAINT role_pkey PRIMARY KEY (actor_id, role),
    CONSTRAINT role_known_check CHECK (role IN ('teacher', 'coach', 'leader', 'admin'))
);
CREATE TABLE access.token (
    id uuid CONSTRAINT token_pkey PRIMARY KEY,
    secret_hash bytea NOT NULL CONSTRAINT token_secret_hash_key UNIQUE,
    actor_id uuid NOT NULL CONSTRAINT token_actor_id_fkey REFERENCES access.actor (id) ON DELETE CASCADE,
    role text NOT NULL,
    label text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);
CREATE INDEX token_actor_id_idx ON access.token (actor_id);
"""


def upgrade() -> None:
    """Create the schemas of mechanism and grant each part what it needs, nothing more."""
    op.execute(TABLES)
    for service in SERVICES:
        op.execute(f"GRANT USAGE ON SCHEMA bus, access TO {service}")
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON bus.event, bus.delivery TO {service}")
        op.execute(f"GRANT SELECT, UPDATE ON bus.timer TO {service}")
        op.execute(f"GRANT SELECT ON access.actor, access.role, access.token TO {service}")
    op.execute(
        "GRANT INSERT, UPDATE, DELETE ON access.actor, access.role, access.token"
        " TO remit_request_intake"
    )
    op.execute("GRANT USAGE ON SCHEMA bus TO remit_ringer")
    op.execute("GRANT SELECT ON bus.event, bus.delivery, bus.timer TO remit_ringer")
