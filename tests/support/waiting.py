"""Wait for a condition, with a generous limit; never for a fixed time."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(condition: Callable[[], T], limit: float = 30.0, every: float = 0.02) -> T:
    """The first truthy answer of `condition`; fails the test when `limit` seconds pass without one."""
    deadline = time.monotonic() + limit
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {limit} s: {condition}")
        time.sleep(every)
