"""Nothing asks for the events of an aggregate, and the index cost every append."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("DROP INDEX bus.event_aggregate_id_idx")
