"""A coach is called to cover a class, or leaves: her time goes, and the hours covered are counted."""

from alembic import op

revision = "0003"
down_revision = "0002"

_TABLES = """
-- Work that a coach did without a booking.
CREATE TABLE scheduler.log_entry (
    id uuid CONSTRAINT log_entry_pkey PRIMARY KEY,
    coach_id uuid NOT NULL CONSTRAINT log_entry_coach_id_fkey REFERENCES scheduler.coach (id),
    kind text NOT NULL,
    during tstzrange NOT NULL,
    recorded_at timestamptz NOT NULL,
    exception_id uuid,
    CONSTRAINT log_entry_kind_check CHECK (kind IN ('class_covered')),
    CONSTRAINT log_entry_during_check CHECK (NOT isempty(during) AND NOT lower_inf(during)
        AND NOT upper_inf(during) AND upper(during) - lower(during) <= interval '12 hours')
);
CREATE INDEX log_entry_coach_idx ON scheduler.log_entry (coach_id, recorded_at);
ALTER TABLE scheduler.coach ADD COLUMN last_day date;
GRANT SELECT, INSERT, DELETE ON scheduler.log_entry TO remit_scheduler;
"""


def upgrade() -> None:
    op.execute(_TABLES)
