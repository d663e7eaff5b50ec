"""A coach who was looked at for a request, and what came of all that were: a match, or none."""

from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from services.scheduler.domain.diary import Booked, Diary
from services.scheduler.domain.weights import Points


class Verdict(Enum):
    """What became of a coach who was looked at."""

    POSSIBLE = "possible"
    NO_TIME = "no_time"
    FULLY_BOOKED = "fully_booked"
    TOO_FAR = "too_far"
    PROTECTED = "protected"
    HERSELF = "herself"
    APPRAISES = "appraises"


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A coach whose role covers the request, and how she did. `slot` and `points` if possible.

    `later` are the starts of the further meetings of a cycle. `drawn` is what is between equals: by seed,
    request and coach, so that nobody is always the last.
    """

    diary: Diary
    coach_type: str
    verdict: Verdict
    slot: int = -1
    later: tuple[int, ...] = ()
    points: Points | None = None
    drawn: int = 0

    @property
    def slots(self) -> tuple[int, ...]:
        """When each of the meetings begins, if she is possible."""
        return (self.slot, *self.later)

    @property
    def coach_id(self) -> UUID:
        """Whose candidacy this is."""
        return self.diary.coach.person.id

    @property
    def rank(self) -> tuple[float, int, int, UUID]:
        """Most points first, then the earlier time, then the draw: never the order of arrival."""
        return -(self.points.total if self.points else 0.0), self.slot, self.drawn, self.coach_id


@dataclass(frozen=True, kw_only=True)
class Match:
    """A coach and a time; `candidates` are all who were looked at, best first.

    `at_school` is where they meet, or None online. `uses_protected`: its mode may use protected time.
    """

    chosen: Candidate
    length: int
    minutes: int
    candidates: tuple[Candidate, ...]
    at_school: UUID | None = None
    uses_protected: bool = False

    @property
    def booked(self) -> Booked:
        """What each meeting takes of the coach."""
        return Booked(
            length=self.length,
            minutes=self.minutes,
            at=self.at_school,
            uses_protected=self.uses_protected,
        )


@dataclass(frozen=True, kw_only=True)
class NoMatch:
    """No time was found. `asked_slots` is 0 when none is left of what she asked for.

    `prep_unknown`: she said “my prep”, and her timetable is not known.
    """

    candidates: tuple[Candidate, ...]
    asked_slots: int
    prep_unknown: bool = False
