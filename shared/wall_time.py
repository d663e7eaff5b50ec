"""From the clock on the wall to instants, and the truth about hours that a clock change makes.

A wall time may come never (the clock jumps over it) or twice; neither is guessed.
"""

from datetime import UTC, date, datetime, time
from enum import Enum
from zoneinfo import ZoneInfo


class Odd(Enum):
    """Why a wall time is no single instant."""

    NEVER = "never"
    TWICE = "twice"


def instant(day: date, clock: time, zone: ZoneInfo) -> datetime | Odd:
    """The one instant, in UTC, at which the clocks of `zone` show this, or why there is none."""
    first = datetime.combine(day, clock, zone).replace(fold=0)
    second = first.replace(fold=1)
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    shown = first.astimezone(UTC).astimezone(zone)
    return Odd.TWICE if shown.replace(tzinfo=None) == first.replace(tzinfo=None) else Odd.NEVER
