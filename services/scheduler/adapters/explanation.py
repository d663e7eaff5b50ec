"""Every candidate of a match in compact form, as it is stored and read again."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, text

from services.scheduler.domain.candidate import Candidate
from services.scheduler.domain.weights import Weights
from shared.events.vocabulary import Reason

_RECORD = text("""
WITH told AS (
    UPDATE scheduler.request SET version = version + 1 WHERE id = :request RETURNING id, version
), explained AS (
    INSERT INTO scheduler.match
        (request_id, version, session_id, coach_id, decided_at, reasons, candidates, weights)
    SELECT id, version, :session, :coach, :now, CAST(:reasons AS jsonb), CAST(:candidates AS jsonb),
        CAST(:weights AS jsonb)
    FROM told
)
SELECT version FROM told
""")


def explain(candidates: Sequence[Candidate]) -> list[dict[str, Any]]:
    """Best first: who, what became of her, and if she was possible, when and for which points."""
    return [_one(candidate) for candidate in candidates]


@dataclass(frozen=True, kw_only=True)
class Decided:
    """Why a session of a known request is as it is now."""

    request_id: UUID
    session_id: UUID
    coach_id: UUID
    reasons: Sequence[Reason]
    candidates: Sequence[Candidate]
    weights: Weights


def record(connection: Connection, decided: Decided, now: datetime) -> int:
    """Keep a decision; the request is one version on, which is this."""
    given = {
        "request": decided.request_id,
        "session": decided.session_id,
        "coach": decided.coach_id,
        "now": now,
        "reasons": _dumps([asdict(reason) for reason in decided.reasons]),
        "candidates": _dumps(explain(decided.candidates)),
        "weights": _dumps(decided.weights.of_candidates),
    }
    return int(connection.execute(_RECORD, given).scalar_one())


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


def _dumps(what: Any) -> str:
    return orjson.dumps(what).decode()
