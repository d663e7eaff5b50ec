"""Alembic's door to the history of schema `request_intake`."""

from services.request_intake.adapters import people_tables, tables
from shared.database.alembic_env import run

_EVERY = (tables, people_tables)  # each adds its own to the one metadata

run((tables.SCHEMA,), _EVERY[0].metadata)
