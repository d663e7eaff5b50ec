"""Alembic's door to the history of schema `request_intake`."""

from services.request_intake.adapters.tables import SCHEMA, metadata
from shared.database.alembic_env import run

run((SCHEMA,), metadata)
