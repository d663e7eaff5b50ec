"""What candidates and turns are weighed by, as an admin keeps it, as a row."""

import orjson
from sqlalchemy import Connection, text

from services.scheduler.domain.weights import KnownWeights, Weights
from shared.access import audit

_KNOWN = text("SELECT weights, weights_revision FROM scheduler.division")
_SWAP = text("""
UPDATE scheduler.division SET weights = CAST(:weights AS jsonb), weights_revision = weights_revision + 1
WHERE weights_revision = :seen RETURNING weights_revision
""")


class SqlKeptWeights:
    """Implements ports.KeptWeights on one open connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def known(self) -> KnownWeights | None:
        row = self._connection.execute(_KNOWN).one_or_none()
        if row is None:
            return None
        return KnownWeights(weights=Weights.of(row.weights), revision=row.weights_revision)

    def swap(self, weights: Weights, seen: int) -> KnownWeights | None:
        given = {"weights": orjson.dumps(vars(weights)).decode(), "seen": seen}
        revision = self._connection.scalar(_SWAP, given)
        if revision is None:
            return None
        audit.record(self._connection, "weights.kept", "division", **vars(weights))
        return KnownWeights(weights=weights, revision=revision)
