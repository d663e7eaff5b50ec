"""People are sent codes to sign in with."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("""
        ALTER TABLE notifier.notice
            DROP CONSTRAINT notice_part_is_known,
            DROP CONSTRAINT notice_kind_is_known,
            ADD CONSTRAINT notice_part_is_known
                CHECK (part IN ('teacher', 'coach', 'admin', 'person')),
            ADD CONSTRAINT notice_kind_is_known CHECK (kind IN ('invitation', 'update',
                'cancellation', 'waiting', 'decline', 'review', 'overdue', 'sign_in'))
    """)
