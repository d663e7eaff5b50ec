"""People are sent their copies of the coaching model."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE notifier.notice
            DROP CONSTRAINT notice_kind_is_known,
            ADD CONSTRAINT notice_kind_is_known CHECK (kind IN ('invitation', 'update',
                'cancellation', 'waiting', 'decline', 'review', 'overdue', 'sign_in', 'copy'))
    """)
