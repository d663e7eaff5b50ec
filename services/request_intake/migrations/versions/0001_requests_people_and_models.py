"""Division, schools, people, published models and requests."""

from alembic import op

revision = "0001"
down_revision = None

_TABLES = """
CREATE SCHEMA IF NOT EXISTS request_intake;

CREATE TABLE request_intake.division (
    "only" boolean NOT NULL DEFAULT true CONSTRAINT division_pkey PRIMARY KEY,
    name text NOT NULL,
    zone text NOT NULL,
    CONSTRAINT division_is_one CHECK ("only")
);

CREATE TABLE request_intake.school (
    id uuid CONSTRAINT school_pkey PRIMARY KEY,
    key text NOT NULL CONSTRAINT school_key_key UNIQUE,
    name text NOT NULL,
    CONSTRAINT school_key_is_a_key CHECK (key ~ '^[a-z0-9][a-z0-9_-]{0,79}$')
);

CREATE TABLE request_intake.person (
    id uuid CONSTRAINT person_pkey PRIMARY KEY,
    name text NOT NULL,
    email text NOT NULL CONSTRAINT person_email_key UNIQUE,
    language text NOT NULL DEFAULT 'en',
    role text NOT NULL,
    school_id uuid CONSTRAINT person_school_id_fkey REFERENCES request_intake.school (id),
    room text NOT NULL DEFAULT '',
    CONSTRAINT person_email_is_folded CHECK (email = lower(email) AND email LIKE '_%@_%'),
    CONSTRAINT person_role_is_known CHECK (role IN ('teacher', 'coach', 'leader', 'admin'))
);
CREATE INDEX person_school_id_idx ON request_intake.person (school_id);

CREATE TABLE request_intake.model_version (
    version integer CONSTRAINT model_version_pkey PRIMARY KEY,
    id uuid NOT NULL CONSTRAINT model_version_id_key UNIQUE,
    document jsonb NOT NULL,
    published_at timestamptz NOT NULL,
    effective_from date NOT NULL,
    in_force_at timestamptz NOT NULL,
    published_by text NOT NULL,
    reason text NOT NULL,
    CONSTRAINT model_version_counts_from_one CHECK (version >= 1)
);

CREATE TABLE request_intake.request (
    id uuid CONSTRAINT request_pkey PRIMARY KEY,
    teacher_id uuid NOT NULL
        CONSTRAINT request_teacher_id_fkey REFERENCES request_intake.person (id),
    school_id uuid NOT NULL
        CONSTRAINT request_school_id_fkey REFERENCES request_intake.school (id),
    words text NOT NULL,
    topic text,
    support_mode text,
    coach_types text[] NOT NULL,
    meeting text NOT NULL,
    windows jsonb NOT NULL,
    room text NOT NULL,
    model_version integer NOT NULL
        CONSTRAINT request_model_version_fkey REFERENCES request_intake.model_version (version),
    decision text NOT NULL,
    clause text NOT NULL,
    redirect jsonb,
    suggestions text[] NOT NULL,
    state text NOT NULL,
    version bigint NOT NULL,
    idempotency_key text NOT NULL,
    body_sha256 bytea NOT NULL,
    submitted_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    standing jsonb,
    standing_version bigint NOT NULL DEFAULT 0,
    notice_failed boolean NOT NULL DEFAULT false,
    CONSTRAINT request_teacher_id_idempotency_key_key UNIQUE (teacher_id, idempotency_key),
    CONSTRAINT request_has_words CHECK (length(words) BETWEEN 1 AND 2000),
    CONSTRAINT request_meeting_is_known CHECK (meeting IN ('in_person', 'online', 'either')),
    CONSTRAINT request_version_counts_from_one CHECK (version >= 1),
    CONSTRAINT request_state_is_known CHECK (state IN
        ('declined', 'under_review', 'waiting', 'scheduled', 'completed', 'cancelled')),
    CONSTRAINT request_decision_is_whole CHECK (CASE decision
        WHEN 'in_remit' THEN topic IS NOT NULL AND support_mode IS NOT NULL
            AND cardinality(coach_types) > 0
            AND state IN ('waiting', 'scheduled', 'completed', 'cancelled')
        WHEN 'out_of_remit' THEN topic IS NOT NULL AND redirect IS NOT NULL AND clause <> ''
            AND cardinality(coach_types) = 0 AND state = 'declined'
        WHEN 'unclear' THEN topic IS NULL AND cardinality(coach_types) = 0 AND redirect IS NULL
            AND state IN ('under_review', 'cancelled')
        ELSE false END)
);
CREATE INDEX request_teacher_id_submitted_at_idx
    ON request_intake.request (teacher_id, submitted_at);
"""

_PUBLISHED_STAYS = """
CREATE FUNCTION request_intake.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published coaching model is never changed: publish the next version'
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER model_version_stays BEFORE UPDATE OR DELETE OR TRUNCATE
    ON request_intake.model_version
    FOR EACH STATEMENT EXECUTE FUNCTION request_intake.refuse_change();
"""

# The second wall behind the application's own filters: without its actor a connection sees no
# request at all, with a teacher's only hers.
_OWN_REQUESTS_ONLY = """
ALTER TABLE request_intake.request ENABLE ROW LEVEL SECURITY;

CREATE POLICY own_or_system ON request_intake.request
    USING (teacher_id::text = current_setting('app.actor', true)
           OR current_setting('app.actor', true) = 'system:request_intake')
    WITH CHECK (teacher_id::text = current_setting('app.actor', true)
           OR current_setting('app.actor', true) = 'system:request_intake');
"""

_RIGHTS = """
GRANT USAGE ON SCHEMA request_intake TO remit_request_intake;
GRANT SELECT, INSERT, UPDATE ON request_intake.division, request_intake.school,
    request_intake.person TO remit_request_intake;
GRANT SELECT, INSERT ON request_intake.model_version TO remit_request_intake;
GRANT SELECT, INSERT, UPDATE ON request_intake.request TO remit_request_intake;
"""


def upgrade() -> None:
    op.execute(_TABLES)
    op.execute(_PUBLISHED_STAYS)
    op.execute(_OWN_REQUESTS_ONLY)
    op.execute(_RIGHTS)
