"""What this division's reviews taught: asks that a person read, each with the topic she gave it.

Only Remit itself sees them, and only to tell topics apart: no page shows one because of this.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, text

from services.request_intake.domain.phrases import Learned

# The newest say best what is asked now, and training on more would take longer than a start may.
_MOST = 500
_LEARNED = text("""
SELECT request.words, request.topic, ask_vector.vector
FROM request_intake.review
JOIN request_intake.request ON request.id = review.request_id
JOIN request_intake.ask_vector ON ask_vector.request_id = request.id
WHERE review.answer IN ('coaching', 'elsewhere', 'kept') AND request.topic IS NOT NULL
ORDER BY review.answered_at DESC, request.id LIMIT :most
""")
# Changes with every answer that may be learned from and has its vector.
_STAMP = text("""
SELECT count(*), max(review.answered_at)
FROM request_intake.review
JOIN request_intake.ask_vector ON ask_vector.request_id = review.request_id
WHERE review.answer IN ('coaching', 'elsewhere', 'kept')
""")

Stamp = tuple[object, ...]


def learned(connection: Connection) -> Sequence[Learned]:
    """The newest of them, those whose vectors are worked out."""
    rows = connection.execute(_LEARNED, {"most": _MOST})
    return [Learned(row.words, row.topic, bytes(row.vector)) for row in rows]


def stamp(connection: Connection) -> Stamp:
    """What is not the same any more once there is more, or less, to learn from."""
    return tuple(connection.execute(_STAMP).one())
