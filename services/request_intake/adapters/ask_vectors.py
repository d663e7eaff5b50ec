"""The vectors of past asks, worked out in quiet time, so that replaying and learning need not.

A vector says something of the words, so it is as private: only Remit itself sees it, beside its request.
"""

from datetime import datetime

from sqlalchemy import Connection, text
from sqlalchemy.dialects.postgresql import insert

from services.request_intake.adapters.reading import vectors_to_keep
from services.request_intake.adapters.tables import ask_vector
from services.request_intake.domain.words import without_denials
from services.request_intake.handlers.replaying import SINCE

# A second's work at most, beside all else that a worker does.
_MOST = 128
_WITHOUT = text("""
SELECT id, words FROM request_intake.request
WHERE submitted_at >= :since
    AND (asked_topic IS NULL
        OR EXISTS (SELECT FROM request_intake.review WHERE request_id = request.id))
    AND NOT EXISTS (SELECT FROM request_intake.ask_vector WHERE request_id = request.id)
ORDER BY submitted_at DESC LIMIT :most
""")
# What no replay looks at any more.
_FORGET = text("""
DELETE FROM request_intake.ask_vector USING request_intake.request
WHERE request.id = request_id AND request.submitted_at < :since
""")


def keep(connection: Connection, now: datetime) -> None:
    """Work out and keep some of those that are missing, the newest first; forget the oldest."""
    since = now - SINCE
    connection.execute(_FORGET, {"since": since})
    asks = connection.execute(_WITHOUT, {"since": since, "most": _MOST}).all()
    if not asks:
        return
    vectors = vectors_to_keep([without_denials(ask.words) for ask in asks])
    rows = [
        {"request_id": ask.id, "vector": vector} for ask, vector in zip(asks, vectors, strict=True)
    ]
    connection.execute(insert(ask_vector).on_conflict_do_nothing(), rows)
