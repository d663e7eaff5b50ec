"""Alembic's door to the history of schema `notifier`."""

from services.notifier.adapters.tables import SCHEMA, metadata
from shared.database.alembic_env import run

run((SCHEMA,), metadata)
