"""A session is closed by its coach: the kind of work, and the support mode as it turned out."""

from alembic import op

revision = "0006"
down_revision = "0005"

_COLUMNS = """
ALTER TABLE scheduler.session
    ADD COLUMN kind_of_work text,
    ADD COLUMN turned_out text,
    ADD COLUMN closed_at timestamptz,
    ADD COLUMN closed_by uuid,
    ADD CONSTRAINT session_kind_of_work_check CHECK (kind_of_work IN ('planning', 'teaching',
        'pupils_work', 'reflecting', 'resources', 'arranging')),
    ADD CONSTRAINT session_turned_out_fkey FOREIGN KEY (model_version, turned_out)
        REFERENCES scheduler.mode_terms (version, key),
    ADD CONSTRAINT session_closed_check CHECK (closed_at IS NULL OR state IN ('completed', 'missed'));
-- How many sessions of a request did not take place: the next has the number behind them.
ALTER TABLE scheduler.request ADD COLUMN missed smallint NOT NULL DEFAULT 0;

INSERT INTO bus.timer (subscriber, name, every) VALUES ('scheduler', 'close_over', '1 hour');
"""


def upgrade() -> None:
    op.execute(_COLUMNS)
