"""What a handler says of each event it was handed."""

from enum import Enum


class Outcome(Enum):
    """DONE: its effect is in this transaction. AGAIN: nothing was done, plan it anew at once.

    PARK: it can not be handled yet (what it needs has not arrived); no attempt is counted.
    """

    DONE = "done"
    AGAIN = "again"
    PARK = "park"
