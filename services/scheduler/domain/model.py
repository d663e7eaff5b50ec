"""The published coaching model, as far as booking needs it: terms by key, and what may be combined."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.events.vocabulary import CoachTypeTerms, Combination, Duties, ModeTerms, TopicTerms


@dataclass(frozen=True, kw_only=True)
class ModelTerms:
    """One sealed version. It never changes, so it may be kept for as long as the process lives."""

    version: int
    modes: Mapping[str, ModeTerms]
    coach_types: Mapping[str, CoachTypeTerms]
    topics: Mapping[str, TopicTerms]
    combinations: frozenset[Combination]
    duties: Duties = field(default_factory=Duties)

    def allows(self, coach_type: str, topic: str, support_mode: str) -> bool:
        """Whether the combination was published. The database holds the same rule as a foreign key."""
        return (
            Combination(coach_type=coach_type, topic=topic, support_mode=support_mode)
            in self.combinations
        )

    def where_in_day(self, topic: str, support_mode: str) -> str:
        """Where in a teacher's day this help belongs: either, in_class or outside_class."""
        return self.topics[topic].where_in_day or self.modes[support_mode].where_in_day
