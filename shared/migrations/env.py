"""Migrations of the schemas of mechanism: bus and access."""

from shared.database.alembic_env import run
from shared.database.mechanism import metadata

run(("bus", "access"), metadata)
