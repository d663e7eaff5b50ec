"""School time: each school's year, labels, bells and closures; timetables; times that are held."""

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"

_TIMER = """
INSERT INTO bus.timer (subscriber, name, every) VALUES ('scheduler', 'end_holds', '1 minute')
"""


def upgrade() -> None:
    op.execute((Path(__file__).parent / "sql_0002" / "tables.sql").read_text(encoding="utf-8"))
    op.execute(_TIMER)
