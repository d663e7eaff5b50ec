"""Alembic's door to the history of schema `scheduler`."""

from services.scheduler.adapters.tables import SCHEMA, metadata
from shared.database.alembic_env import run

run((SCHEMA,), metadata)
