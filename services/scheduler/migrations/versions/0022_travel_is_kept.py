"""The division's travel is changed by whoever saw how it stands."""

from alembic import op

revision = "0022"
down_revision = "0021"

_COLUMN = """
ALTER TABLE scheduler.division ADD COLUMN travel_version integer NOT NULL DEFAULT 1
    CONSTRAINT division_travel_version_check CHECK (travel_version >= 1);
"""


def upgrade() -> None:
    op.execute(_COLUMN)
