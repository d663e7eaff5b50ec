"""The division's schools, as intake tells them: also those whose own time nobody has kept yet."""

from alembic import op

revision = "0020"
down_revision = "0030"

_TABLES = """
CREATE TABLE scheduler.school (
    id uuid CONSTRAINT school_pkey PRIMARY KEY,
    key text NOT NULL,
    name text NOT NULL,
    version integer NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON scheduler.school TO remit_scheduler;
"""


def upgrade() -> None:
    op.execute(_TABLES)
