"""Claims without a lease: what a killed worker held is held for ever."""

import time
from collections.abc import Sequence

from sqlalchemy import text

from shared.messaging import claims
from shared.messaging.batch import Batch
from shared.messaging.claims import Claim

# As long as a large batch takes: here batches are small, and the sin is the same.
_IN_HAND = 0.3
_take_effect = Batch._take_effect


def _slowly(batch: Batch, claimed: Sequence[Claim]) -> None:
    time.sleep(_IN_HAND)
    _take_effect(batch, claimed)


def commit() -> None:
    """Nothing in hand ever runs out."""
    for name in ("_CLAIM_FRESH", "_CLAIM_INTERRUPTED", "_CLAIM_ALONE", "_RENEW"):
        lasting = getattr(claims, name).text.replace("interval '20 s'", "interval '100 years'")
        assert lasting != getattr(claims, name).text
        setattr(claims, name, text(lasting))
    Batch._take_effect = _slowly  # type: ignore[method-assign]
