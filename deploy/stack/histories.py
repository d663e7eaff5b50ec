"""The four migration histories, mechanism first: every schema stands on bus and access."""

from pathlib import Path

from shared.messaging.routing import SERVICES

_ROOT = Path(__file__).resolve().parents[2]

HISTORIES = (
    _ROOT / "shared/migrations",
    *(_ROOT / "services" / service / "migrations" for service in SERVICES),
)
