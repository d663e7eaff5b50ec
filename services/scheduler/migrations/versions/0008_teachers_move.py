"""Which move of a teacher to another school was heard of last."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE scheduler.teacher_move (
            teacher_id uuid CONSTRAINT teacher_move_pkey PRIMARY KEY,
            version integer NOT NULL
        );
        CREATE INDEX request_teacher_idx ON scheduler.request (teacher_id)
            WHERE state IN ('waiting', 'scheduled');
        GRANT SELECT, INSERT, UPDATE ON scheduler.teacher_move TO remit_scheduler;
    """)
