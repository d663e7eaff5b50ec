"""Teachers are asked whether a colleague may go on, and coaches told that they stay."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE notifier.notice
            DROP CONSTRAINT notice_kind_is_known,
            ADD CONSTRAINT notice_kind_is_known CHECK (kind IN ('invitation', 'update',
                'cancellation', 'release', 'offer', 'waiting', 'decline', 'review', 'overdue',
                'sign_in', 'copy', 'hand_over', 'stays'))
    """)
