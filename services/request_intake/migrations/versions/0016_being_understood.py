"""Copies of the coaching model by mail, and the pulse: what people take it to say, never by name."""

from alembic import op

revision = "0016"
down_revision = "0015"

_COPIES = """
ALTER TABLE request_intake.own_copy
    DROP CONSTRAINT own_copy_way_is_known,
    ADD CONSTRAINT own_copy_way_is_known CHECK (way IN ('page', 'pdf', 'mail'));
DROP POLICY own_or_system ON request_intake.own_copy;
CREATE POLICY own_or_system ON request_intake.own_copy
    USING (current_setting('app.actor', true) IN (person_id::text, 'system:request_intake'))
    WITH CHECK (person_id::text = current_setting('app.actor', true)
        OR way = 'mail' AND current_setting('app.actor', true) = 'system:request_intake');

CREATE TABLE request_intake.copy_round (
    model_version integer CONSTRAINT copy_round_pkey PRIMARY KEY
        CONSTRAINT copy_round_model_version_fkey REFERENCES request_intake.model_version (version),
    begun_by uuid NOT NULL,
    begun_at timestamptz NOT NULL
);
GRANT SELECT, INSERT ON request_intake.copy_round TO remit_request_intake;
INSERT INTO bus.timer (subscriber, name, every) VALUES ('request_intake', 'send_copies', '30 seconds');
"""

# Who answered is known so that nobody answers twice; what she answered is kept as numbers of her
# school and of each statement.
_PULSE = """
CREATE TABLE request_intake.pulse (
    id uuid CONSTRAINT pulse_pkey PRIMARY KEY,
    name text NOT NULL,
    model_version integer NOT NULL CONSTRAINT pulse_model_version_fkey
        REFERENCES request_intake.model_version (version),
    opened_by uuid NOT NULL,
    opened_at timestamptz NOT NULL,
    closes_on date NOT NULL,
    closed_at timestamptz,
    CONSTRAINT pulse_has_a_name CHECK (length(name) BETWEEN 1 AND 80)
);
CREATE UNIQUE INDEX pulse_is_open_idx ON request_intake.pulse ((true)) WHERE closed_at IS NULL;

CREATE TABLE request_intake.pulse_answered (
    pulse_id uuid NOT NULL CONSTRAINT pulse_answered_pulse_id_fkey
        REFERENCES request_intake.pulse (id) ON DELETE CASCADE,
    person_id uuid NOT NULL CONSTRAINT pulse_answered_person_id_fkey
        REFERENCES request_intake.person (id) ON DELETE CASCADE,
    CONSTRAINT pulse_answered_pkey PRIMARY KEY (pulse_id, person_id)
);
ALTER TABLE request_intake.pulse_answered ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_only ON request_intake.pulse_answered
    USING (current_setting('app.actor', true) = person_id::text)
    WITH CHECK (current_setting('app.actor', true) = person_id::text);

CREATE TABLE request_intake.pulse_school (
    pulse_id uuid NOT NULL CONSTRAINT pulse_school_pulse_id_fkey
        REFERENCES request_intake.pulse (id) ON DELETE CASCADE,
    school_id uuid NOT NULL CONSTRAINT pulse_school_school_id_fkey
        REFERENCES request_intake.school (id) ON DELETE CASCADE,
    people integer NOT NULL,
    asked integer NOT NULL,
    "right" integer NOT NULL,
    CONSTRAINT pulse_school_pkey PRIMARY KEY (pulse_id, school_id)
);
CREATE TABLE request_intake.pulse_statement (
    pulse_id uuid NOT NULL CONSTRAINT pulse_statement_pulse_id_fkey
        REFERENCES request_intake.pulse (id) ON DELETE CASCADE,
    statement text NOT NULL,
    is_coaching boolean NOT NULL,
    asked integer NOT NULL,
    "right" integer NOT NULL,
    CONSTRAINT pulse_statement_pkey PRIMARY KEY (pulse_id, statement)
);
GRANT SELECT, INSERT, UPDATE ON request_intake.pulse, request_intake.pulse_school,
    request_intake.pulse_statement TO remit_request_intake;
GRANT SELECT, INSERT ON request_intake.pulse_answered TO remit_request_intake;
"""


def upgrade() -> None:
    op.execute(_COPIES)
    op.execute(_PULSE)
