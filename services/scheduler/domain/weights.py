"""What is worth how much when candidates are weighed and who waits comes in turn: data, by name."""

from collections.abc import Mapping
from dataclasses import dataclass, fields


@dataclass(frozen=True, kw_only=True)
class Weights:
    """How much each soft reason is worth.

    A candidate earns 0 to that many points by each of the first eight. The last two say who comes first of
    those who wait: so many days of waiting each is worth at most, or for each day.
    """

    coach_type: float = 20.0
    soon: float = 60.0
    load: float = 8.0
    continuity: float = 8.0
    spread: float = 5.0
    travel: float = 5.0
    rarity: float = 20.0
    preference: float = 5.0
    urgency: float = 7.0
    school: float = 1.0

    @classmethod
    def of(cls, stored: Mapping[str, float]) -> "Weights":
        """The weights as a division set them; what it did not set is worth what it usually is."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in stored.items() if name in known})

    @property
    def of_candidates(self) -> dict[str, float]:
        """What a coach and a time are weighed by; the rest says who comes first."""
        return {name: value for name, value in vars(self).items() if name in OF_CANDIDATES}


@dataclass(frozen=True, kw_only=True)
class KnownWeights:
    """The weights as they stand; the revision tells the second of two who change them."""

    weights: Weights
    revision: int


@dataclass(frozen=True, kw_only=True)
class Points:
    """What one coach at one time earned, reason by reason."""

    coach_type: float
    soon: float
    load: float
    continuity: float
    spread: float
    travel: float = 0.0
    rarity: float = 0.0
    preference: float = 0.0

    @property
    def total(self) -> float:
        """The sum that candidates are ranked by."""
        earned: list[float] = list(vars(self).values())
        return round(sum(earned), 3)


OF_CANDIDATES = tuple(field.name for field in fields(Points))
MOST = 100.0

# What each weight rewards: one sentence, read by whoever sets it.
REWARDS: Mapping[str, str] = {
    "coach_type": "A coach of the type that the topic names first.",
    "soon": "A meeting soon: full points now, none in a fortnight.",
    "load": "A coach with little to do, ways between schools included: this fortnight and the last.",
    "continuity": "A coach whom the teacher has worked with before.",
    "spread": "A day on which the coach has room left.",
    "travel": "A day on which the coach is at that school already, so that nobody drives twice.",
    "rarity": "A coach whom others can replace at her schools: one of few is kept, but for near times.",
    "preference": "A time that the teacher named before others.",
    "urgency": "Days of waiting that an ask counts more at most, the sooner it is needed.",
    "school": "Days of waiting that an ask counts more, for each that its school waits longer than others.",
}


def faults(given: Mapping[str, float]) -> Mapping[str, str]:
    """What would be right, by the name of each weight that is wrong; empty when none is."""
    found = {}
    for name in REWARDS:
        value = given.get(name)
        if value is None or not 0 <= value <= MOST:  # also what is no number at all
            found[name] = f"a number from 0 to {MOST:g}"
    return found
