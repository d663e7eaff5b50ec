"""Every candidate of a match in compact form, as it is stored and read again."""

from collections.abc import Sequence
from typing import Any

from services.scheduler.domain.candidate import Candidate


def explain(candidates: Sequence[Candidate]) -> list[dict[str, Any]]:
    """Best first: who, what became of her, and if she was possible, when and for which points."""
    return [_one(candidate) for candidate in candidates]


def _one(candidate: Candidate) -> dict[str, Any]:
    short: dict[str, Any] = {
        "coach": candidate.coach_id,
        "type": candidate.coach_type,
        "verdict": candidate.verdict.value,
    }
    points = candidate.points
    if points is not None:
        short["at"] = candidate.diary.horizon.instant(candidate.slot)
        short["total"] = points.total
        short["points"] = {name: round(earned, 2) for name, earned in vars(points).items()}
    return short
