"""Alembic's door to the history of schema `scheduler`."""

from services.scheduler.adapters.school_tables import school_time
from services.scheduler.adapters.tables import SCHEMA
from shared.database.alembic_env import run

run((SCHEMA,), school_time.metadata)
