"""Ignores the idempotency key: a teacher whose phone lost the answer asks twice."""

from services.request_intake.entrypoints.api import requests
from shared.identity import new_id


def commit() -> None:
    """Every try is a new ask."""
    requests._key = lambda: str(new_id())
