"""Coaches, requests, sessions; and the three promises that the database itself keeps."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None

_PARTS = ("tables.sql", "promises.sql", "counters.sql", "rights.sql")

_TIMER = """
INSERT INTO bus.timer (subscriber, name, every) VALUES ('scheduler', 'extend_horizon', '1 day')
"""


def upgrade() -> None:
    for part in _PARTS:
        op.execute((Path(__file__).parent / "sql_0001" / part).read_text(encoding="utf-8"))
    op.execute(_TIMER)
