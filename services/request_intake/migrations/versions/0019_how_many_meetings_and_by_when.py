"""A teacher may say how many meetings she would like, and by when it would help."""

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE request_intake.request
            ADD COLUMN meetings smallint
                CONSTRAINT request_meetings_check CHECK (meetings BETWEEN 1 AND 20),
            ADD COLUMN needed_by date
    """)
