"""A school year that was changed, as it stood before: until what that made impossible is found."""

from alembic import op

revision = "0021"
down_revision = "0020"

_TABLES = """
-- `version` is that of the year which took its place.
CREATE TABLE scheduler.replaced_year (
    school_id uuid NOT NULL
        CONSTRAINT replaced_year_school_id_fkey REFERENCES scheduler.school_time (school_id),
    version integer NOT NULL,
    year jsonb NOT NULL,
    CONSTRAINT replaced_year_pkey PRIMARY KEY (school_id, version)
);
GRANT SELECT, INSERT, DELETE ON scheduler.replaced_year TO remit_scheduler;
"""


def upgrade() -> None:
    op.execute(_TABLES)
