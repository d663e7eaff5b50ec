"""Fairness: what is taken stock of each hour, turns with a head start, and who appraises whom."""

from pathlib import Path

from alembic import op

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    file = Path(__file__).parent / "sql_0041" / "fairness.sql"
    op.execute(file.read_text(encoding="utf-8"))
