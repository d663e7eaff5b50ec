"""A coach's own time: hours by label and place, protected time with its floor, weeks with less, buffers."""

from pathlib import Path

from alembic import op

revision = "0040"
down_revision = "0022"

_PARTS = ("own_time", "weeks", "floor")


def upgrade() -> None:
    for part in _PARTS:
        file = Path(__file__).parent / "sql_0040" / f"{part}.sql"
        op.execute(file.read_text(encoding="utf-8"))
