"""Days on which a coach is away, or has extra hours, noted as one and taken back as one."""

from alembic import op

revision = "0050"
down_revision = "0041"

_SPANS = """
ALTER TABLE scheduler.hours_exception
    ADD COLUMN span_id uuid NOT NULL DEFAULT gen_random_uuid();
CREATE INDEX hours_exception_span_idx ON scheduler.hours_exception (span_id);
"""


def upgrade() -> None:
    op.execute(_SPANS)
