"""Web sessions, ended everywhere at once with their actor or role; and the audit, a chain of hashes.

Each entry's hash covers the one before it, so that no entry can be changed, taken out or slipped in
without breaking the chain (as in Haber and Stornetta, How to Time-Stamp a Digital Document, 1991).
"""

from alembic import op

revision = "0004"
down_revision = "0003"

SERVICES = ("remit_request_intake", "remit_scheduler", "remit_notifier")

_SESSION = """
CREATE TABLE access.session (
    id uuid CONSTRAINT session_pkey PRIMARY KEY,
    secret_hash bytea NOT NULL CONSTRAINT session_secret_hash_key UNIQUE,
    actor_id uuid NOT NULL,
    role text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz,
    CONSTRAINT session_actor_id_role_fkey FOREIGN KEY (actor_id, role)
        REFERENCES access.role (actor_id, role) ON DELETE CASCADE
);
CREATE INDEX session_actor_id_role_idx ON access.session (actor_id, role);
"""

# concat_ws leaves NULL out and a facts text may hold any character, so each part stands with its length.
_AUDIT = """
CREATE TABLE access.audit_entry (
    number bigint CONSTRAINT audit_entry_pkey PRIMARY KEY,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    facts jsonb NOT NULL,
    previous bytea NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT audit_entry_counts_from_one CHECK (number >= 1),
    CONSTRAINT audit_entry_has_an_actor CHECK (actor <> '')
);

CREATE FUNCTION access.audit_hash(entry access.audit_entry) RETURNS bytea
LANGUAGE sql IMMUTABLE AS $$
    SELECT sha256(entry.previous || convert_to(string_agg(length(part) || ':' || part, ',' ORDER BY place), 'UTF8'))
    FROM unnest(ARRAY[entry.number::text, extract(epoch FROM entry.at)::text, entry.actor,
        entry.action, entry.subject, entry.facts::text]) WITH ORDINALITY AS parts (part, place)
$$;

CREATE FUNCTION access.chain_audit_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last access.audit_entry;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('access.audit_entry', 0));
    SELECT * INTO last FROM access.audit_entry ORDER BY number DESC LIMIT 1;
    NEW.number := coalesce(last.number, 0) + 1;
    NEW.at := clock_timestamp();
    NEW.actor := coalesce(current_setting('app.actor', true), '');
    NEW.previous := coalesce(last.hash, ''::bytea);
    NEW.hash := access.audit_hash(NEW);
    RETURN NEW;
END $$;
CREATE TRIGGER audit_entry_is_chained BEFORE INSERT ON access.audit_entry
    FOR EACH ROW EXECUTE FUNCTION access.chain_audit_entry();

CREATE FUNCTION access.refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit is never changed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON access.audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_audit_change();
"""


def upgrade() -> None:
    """Create both; only intake opens and ends sessions, every service may say that one was seen."""
    op.execute(_SESSION)
    op.execute(_AUDIT)
    for service in SERVICES:
        op.execute(f"GRANT SELECT, INSERT ON access.audit_entry TO {service}")
        op.execute(f"GRANT SELECT, UPDATE (seen_at) ON access.session TO {service}")
    op.execute("GRANT INSERT, UPDATE, DELETE ON access.session TO remit_request_intake")
