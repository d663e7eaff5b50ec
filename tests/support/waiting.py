"""Wait for a condition, with a generous limit; never for a fixed time."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class NotInTimeError(AssertionError):
    """What was waited for did not happen."""


def until(condition: Callable[[], T], limit: float = 30.0, every: float = 0.02) -> T:
    """The first truthy answer of `condition`; fails the test when `limit` seconds pass without one."""
    deadline = time.monotonic() + limit
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise NotInTimeError(f"not within {limit} s: {condition}")
        time.sleep(every)


def happens(condition: Callable[[], object], limit: float = 30.0, every: float = 0.02) -> bool:
    """Whether a condition that need not ever be met is met within `limit` seconds."""
    try:
        until(condition, limit, every)
    except NotInTimeError:
        return False
    return True
