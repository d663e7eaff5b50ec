"""Alembic's door to the history of schema `scheduler`."""

from services.scheduler.adapters import (
    counter_tables,
    fairness_tables,
    school_tables,
    session_tables,
    tables,
)
from shared.database.alembic_env import run

_EVERY = (
    tables,
    session_tables,
    school_tables,
    counter_tables,
    fairness_tables,
)  # each adds its own to the one metadata

run((tables.SCHEMA,), _EVERY[0].metadata)
