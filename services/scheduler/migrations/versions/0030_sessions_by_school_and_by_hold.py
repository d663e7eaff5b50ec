"""Live sessions of schools, held times and offers are found by indexes that nothing else may be led to."""

from alembic import op

revision = "0030"
down_revision = "0008"

# An index `WHERE state IN ('held', 'scheduled')` looks empty to statistics from before the first booking,
# and so does what keeps sessions apart: either was read whole in place of one school or one hour.
_INDEXES = """
DROP INDEX scheduler.session_school_idx;
CREATE INDEX session_school_idx ON scheduler.session (school_id, starts_at);
DROP INDEX scheduler.session_held_idx;
CREATE INDEX session_held_idx ON scheduler.session (held_until) WHERE held_until IS NOT NULL;
DROP INDEX scheduler.session_offer_idx;
CREATE INDEX session_offer_idx ON scheduler.session (offer_id) WHERE offer_id IS NOT NULL;
"""


def upgrade() -> None:
    op.execute(_INDEXES)
