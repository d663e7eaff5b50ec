"""Open requests that an earlier version of the model decided. Only for Remit itself: they hold words."""

from collections.abc import Sequence

from sqlalchemy import Connection, text

from services.request_intake.domain.replay import PastAsk
from services.request_intake.handlers.rejudging import OpenRequest

_OPEN = """
FROM request_intake.request JOIN request_intake.school ON school.id = request.school_id
WHERE request.state IN ('waiting', 'under_review') AND request.model_version < :version
"""
_COUNT = text(f"SELECT count(*) {_OPEN}")
_LIST = text(f"""
SELECT request.id, words, asked_topic, asked_mode, decision, topic, coach_types,
    request.state, school.name AS school, submitted_at, model_version
{_OPEN} ORDER BY submitted_at, request.id LIMIT :most
""")


def count(connection: Connection, version: int) -> int:
    """How many were decided before this version."""
    found: int = connection.execute(_COUNT, {"version": version}).scalar_one()
    return found


def oldest(connection: Connection, version: int, most: int) -> Sequence[OpenRequest]:
    """Those that have been open longest."""
    rows = connection.execute(_LIST, {"version": version, "most": most})
    return [
        OpenRequest(
            ask=PastAsk(
                id=row.id,
                words=row.words,
                asked_topic=row.asked_topic,
                asked_mode=row.asked_mode,
                decision=row.decision,
                topic=row.topic,
                coach_types=tuple(row.coach_types),
                in_review=row.state == "under_review",
            ),
            school=row.school,
            state=row.state,
            submitted_at=row.submitted_at,
            model_version=row.model_version,
        )
        for row in rows
    ]
