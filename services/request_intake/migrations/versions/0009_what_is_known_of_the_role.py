"""Who has her copy of the coaching model, and which clauses were news to whom."""

from alembic import op

revision = "0009"
down_revision = "0004"

_TABLES = """
CREATE TABLE request_intake.own_copy (
    person_id uuid NOT NULL CONSTRAINT own_copy_person_id_fkey
        REFERENCES request_intake.person (id) ON DELETE CASCADE,
    model_version integer NOT NULL CONSTRAINT own_copy_model_version_fkey
        REFERENCES request_intake.model_version (version),
    way text NOT NULL,
    had_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT own_copy_pkey PRIMARY KEY (person_id, model_version, way),
    CONSTRAINT own_copy_way_is_known CHECK (way IN ('page', 'pdf'))
);
CREATE INDEX own_copy_model_version_idx ON request_intake.own_copy (model_version);

CREATE TABLE request_intake.clause_tap (
    person_id uuid NOT NULL CONSTRAINT clause_tap_person_id_fkey
        REFERENCES request_intake.person (id) ON DELETE CASCADE,
    model_version integer NOT NULL CONSTRAINT clause_tap_model_version_fkey
        REFERENCES request_intake.model_version (version),
    coach_type text NOT NULL,
    clause text NOT NULL,
    tapped_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT clause_tap_pkey PRIMARY KEY (person_id, model_version, coach_type, clause)
);
CREATE INDEX clause_tap_clause_idx ON request_intake.clause_tap (model_version, coach_type, clause);
"""

# What was news to somebody is hers; only Remit itself counts.
_RIGHTS = """
ALTER TABLE request_intake.{table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_or_system ON request_intake.{table}
    USING (current_setting('app.actor', true) IN (person_id::text, 'system:request_intake'))
    WITH CHECK (person_id::text = current_setting('app.actor', true));
GRANT SELECT, INSERT ON request_intake.{table} TO remit_request_intake;
"""


def upgrade() -> None:
    op.execute(_TABLES)
    for table in ("own_copy", "clause_tap"):
        op.execute(_RIGHTS.format(table=table))
