"""Turn about: A B A B, so that a noisy minute falls on all; then medians."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


def turn_about(rounds: int, contenders: Mapping[str, Callable[[], T]]) -> dict[str, list[T]]:
    """What each contender gave in each round, in turn."""
    given: dict[str, list[T]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, run in contenders.items():
            given[name].append(run())
    return given


def spread(values: Sequence[float], digits: int = 0) -> str:
    """The median with its lowest and highest."""
    middle, low, high = statistics.median(values), min(values), max(values)
    return f"{middle:,.{digits}f} [{low:,.{digits}f}-{high:,.{digits}f}]"
