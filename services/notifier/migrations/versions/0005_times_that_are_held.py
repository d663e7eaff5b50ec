"""Teachers are told of times that fell away, and of times that are held for them."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE notifier.notice
            DROP CONSTRAINT notice_kind_is_known,
            ADD CONSTRAINT notice_kind_is_known CHECK (kind IN ('invitation', 'update',
                'cancellation', 'release', 'offer', 'waiting', 'decline', 'review', 'overdue',
                'sign_in', 'copy'))
    """)
