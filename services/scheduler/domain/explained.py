"""A match as it is told: to its teacher why this coach and time, to coach and admin also the others."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from shared.events.vocabulary import Reason

TEACHER, COACH, ADMIN = "teacher", "coach", "admin"


@dataclass(frozen=True, kw_only=True)
class ExplainedCandidate:
    """One coach who was looked at. `starts_at` and `points` only if she was possible."""

    coach_id: UUID
    coach_name: str
    coach_type: str
    verdict: str
    starts_at: datetime | None
    total: float | None
    points: dict[str, float]


@dataclass(frozen=True, kw_only=True)
class EarlierDecision:
    """What was decided of the request before, and is so no more."""

    decided_at: datetime
    coach_name: str | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, kw_only=True)
class ExplainedMatch:
    """The newest decision about a request. Without a coach it waits, and the reasons say why.

    `others` counts, without names, the others who cover it and what became of them. `earlier` are
    those before it, the newest first.
    """

    request_id: UUID
    version: int
    decided_at: datetime
    teacher_id: UUID
    coach_id: UUID | None
    coach_name: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    reasons: tuple[Reason, ...]
    candidates: tuple[ExplainedCandidate, ...]
    weights: dict[str, float]
    others: str = ""
    earlier: tuple[EarlierDecision, ...] = ()

    def as_seen_by(self, person_id: UUID, role: str) -> "ExplainedMatch | None":
        """What this person may know of it in this role; None when it does not exist for her."""
        if role == ADMIN or (role == COACH and person_id == self.coach_id):
            return self
        if role == TEACHER and person_id == self.teacher_id:
            return replace(self, candidates=(), weights={})
        return None
