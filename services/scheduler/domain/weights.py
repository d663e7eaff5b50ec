"""What is worth how much when candidates are weighed: data, each reason by its name."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Weights:
    """How much each soft reason is worth: a candidate earns 0 to that many points by it."""

    coach_type: float = 20.0
    soon: float = 40.0
    load: float = 20.0
    continuity: float = 15.0
    spread: float = 5.0
    travel: float = 10.0


@dataclass(frozen=True, kw_only=True)
class Points:
    """What one coach at one time earned, reason by reason."""

    coach_type: float
    soon: float
    load: float
    continuity: float
    spread: float
    travel: float = 0.0

    @property
    def total(self) -> float:
        """The sum that candidates are ranked by."""
        earned: list[float] = list(vars(self).values())
        return round(sum(earned), 3)
