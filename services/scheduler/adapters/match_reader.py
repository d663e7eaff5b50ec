"""Read why a request was matched as it was."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from services.scheduler.domain.answer import others_counted
from services.scheduler.domain.explained import EarlierDecision, ExplainedCandidate, ExplainedMatch
from shared.events.vocabulary import Reason

# One look-up a decision (OFFSET 0): else the planner may walk through all sessions for a few.
_DECISIONS = text("""
SELECT m.request_id, m.version, m.decided_at, m.coach_id, c.name AS coach_name, m.reasons,
    m.candidates, m.weights, r.teacher_id, r.state, r.reasons AS newest_reasons, s.starts_at,
    s.ends_at
FROM scheduler.match m
JOIN scheduler.request r ON r.id = m.request_id AND r.teacher_id IS NOT NULL
LEFT JOIN scheduler.coach c ON c.id = m.coach_id
LEFT JOIN LATERAL (
    SELECT starts_at, upper(during) AS ends_at FROM scheduler.session WHERE id = m.session_id
    OFFSET 0) s ON true
WHERE m.request_id = :request_id ORDER BY m.version DESC LIMIT :most
""")
_MOST = 50
_NAMES = text("SELECT id, name FROM scheduler.coach WHERE id = ANY (CAST(:ids AS uuid[]))")


def newest_match(connection: Connection, request_id: UUID) -> ExplainedMatch | None:
    """The newest decision about a request, with those before it; None when there is none."""
    given = {"request_id": request_id, "most": _MOST}
    decisions = connection.execute(_DECISIONS, given).mappings().all()
    if not decisions:
        return None
    row, *before = decisions
    ids = [UUID(candidate["coach"]) for candidate in row["candidates"]]
    names = {entry.id: entry.name for entry in connection.execute(_NAMES, {"ids": ids})}
    reasons = row["newest_reasons"] if row["coach_id"] is None else row["reasons"]
    plain = ("request_id", "version", "decided_at", "teacher_id", "coach_id", "coach_name")
    explained = ExplainedMatch(
        **{key: row[key] for key in (*plain, "starts_at", "ends_at")},
        reasons=tuple(Reason(**reason) for reason in reasons),
        candidates=tuple(_candidate(given, names) for given in row["candidates"]),
        weights=row["weights"],
        earlier=tuple(_earlier(dict(one)) for one in before),
    )
    return replace(explained, others=others_counted(explained))


def _earlier(row: dict[str, Any]) -> EarlierDecision:
    return EarlierDecision(
        decided_at=row["decided_at"],
        coach_name=row["coach_name"],
        reasons=tuple(Reason(**reason) for reason in row["reasons"]),
    )


def _candidate(given: dict[str, Any], names: dict[UUID, str]) -> ExplainedCandidate:
    coach_id = UUID(given["coach"])
    return ExplainedCandidate(
        coach_id=coach_id,
        coach_name=names[coach_id],
        coach_type=given["type"],
        verdict=given["verdict"],
        starts_at=datetime.fromisoformat(given["at"]) if "at" in given else None,
        total=given.get("total"),
        points=given.get("points", {}),
    )
