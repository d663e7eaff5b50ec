"""Keep what candidates and turns are weighed by."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.scheduler.domain.weights import KnownWeights, Weights, faults
from services.scheduler.ports import KeptWeights


@dataclass(frozen=True, kw_only=True)
class WeightsChanged:
    """Somebody changed them since they were seen; nothing was written. This is how they stand."""

    now: KnownWeights


@dataclass(frozen=True, kw_only=True)
class WeightsRefused:
    """Some can not be, each with what would be right; nothing was written."""

    faults: Mapping[str, str]


def change_weights(
    kept: KeptWeights, given: Mapping[str, float], *, seen: int
) -> KnownWeights | WeightsChanged | WeightsRefused | None:
    """Weigh by exactly these from the next match on; times that were told stand.

    None while no model was published: there is no division yet.
    """
    if found := faults(given):
        return WeightsRefused(faults=found)
    now = kept.known()
    if now is None:
        return None
    written = kept.swap(Weights.of(given), seen)
    if written is None:
        return WeightsChanged(now=kept.known() or now)
    return written
