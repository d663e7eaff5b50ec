"""Somebody moves to another school: how often she did is told with it, so that old news is known."""

from alembic import op

revision = "0021"
down_revision = "0019"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE request_intake.person ADD COLUMN moves integer NOT NULL DEFAULT 0
            CONSTRAINT person_moves_check CHECK (moves >= 0)
    """)
