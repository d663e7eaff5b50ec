"""Chance that comes out the same everywhere: draws, ids and fair shares from a seed.

Only `Random.random()` is used: Python promises its sequence for a seed across versions, which it
does not promise of `choice`, `sample` or `shuffle`.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from math import floor
from random import Random
from typing import TypeVar
from uuid import UUID

T = TypeVar("T")

_VERSION_7 = 0x7 << 76
_VARIANT = 0b10 << 62
_FIRST_MILLISECOND = int(datetime(2026, 8, 17, tzinfo=UTC).timestamp() * 1000)
_HALF = 1 << 37


class Draw:
    """One stream of chance. Streams of other names do not shift when this one draws more."""

    def __init__(self, seed: int, stream: str) -> None:
        self._random = Random(f"three larches/{seed}/{stream}")  # noqa: S311 -- invents, guards nothing
        self._ids_made = 0

    def below(self, limit: int) -> int:
        """A whole number in [0, limit)."""
        return int(self._random.random() * limit)

    def one_of(self, things: Sequence[T]) -> T:
        """Any one of `things`."""
        return things[self.below(len(things))]

    def happens(self, share: float) -> bool:
        """True in about `share` of all calls."""
        return self._random.random() < share

    def shuffled(self, things: Sequence[T]) -> list[T]:
        """All of `things`, in another order (Fisher and Yates)."""
        order = list(things)
        for last in range(len(order) - 1, 0, -1):
            other = self.below(last + 1)
            order[last], order[other] = order[other], order[last]
        return order

    def id(self) -> UUID:
        """A UUID of version 7, as the product makes them, but from the seed."""
        milliseconds = _FIRST_MILLISECOND + self._ids_made
        self._ids_made += 1
        high, low = self.below(_HALF), self.below(_HALF)
        random = high << 37 | low
        return UUID(
            int=milliseconds << 80
            | _VERSION_7
            | (random >> 62) << 64
            | _VARIANT
            | random & (1 << 62) - 1
        )


def shares(total: int, weights: Sequence[float]) -> list[int]:
    """Split `total` by `weights` into whole numbers that add up to it (largest remainders first)."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    parts = [floor(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: (parts[i] - exact[i], i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts
