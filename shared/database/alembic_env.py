"""What every history's env.py does: migrate one schema (or several of mechanism), in one transaction."""

from collections.abc import Sequence
from typing import Any

from alembic import context
from sqlalchemy import MetaData, inspect


def run(schemas: Sequence[str], metadata: MetaData) -> None:
    """Run the migrations of the first schema's history, which keeps its version table there."""
    connection = context.config.attributes["connection"]
    if not connection.in_transaction():
        connection.begin()
    # Asked first: IF NOT EXISTS needs the right to create even where nothing is to be created.
    if not inspect(connection).has_schema(schemas[0]):
        connection.exec_driver_sql(f"CREATE SCHEMA {schemas[0]}")

    def ours(name: str | None, kind: str, _parents: Any) -> bool:
        return name in schemas if kind == "schema" else True

    context.configure(
        connection=connection,
        target_metadata=metadata,
        version_table="alembic_version",
        version_table_schema=schemas[0],
        include_schemas=True,
        include_name=ours,
        compare_type=True,
    )
    context.run_migrations()
    connection.commit()
