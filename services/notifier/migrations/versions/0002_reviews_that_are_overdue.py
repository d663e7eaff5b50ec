"""Admins are told of a review that is overdue."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE notifier.notice
            DROP CONSTRAINT notice_part_is_known,
            DROP CONSTRAINT notice_kind_is_known,
            ADD CONSTRAINT notice_part_is_known CHECK (part IN ('teacher', 'coach', 'admin')),
            ADD CONSTRAINT notice_kind_is_known CHECK (kind IN ('invitation', 'update',
                'cancellation', 'waiting', 'decline', 'review', 'overdue'))
    """)
