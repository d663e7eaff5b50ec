"""Cycles: several meetings with one goal and one coach, booked together; and what the sides undertake."""

from pathlib import Path

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.execute((Path(__file__).parent / "sql_0005" / "cycles.sql").read_text(encoding="utf-8"))
