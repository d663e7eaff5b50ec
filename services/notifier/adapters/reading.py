"""What people and the clock do with notices that are settled: look, send again, forget.

Row security is the second wall behind each of these queries: a connection sees only its actor's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from shared.access.actors import Actor

_NOTICES = text("""
SELECT id, request_id, session_id, part, kind, state, message_id, dated_at, sent_at, attempts,
    failure, smtp_code, smtp_reply
FROM notifier.notice
WHERE request_id = :request_id AND (:admin OR :actor IN (recipient_id, teacher_id))
ORDER BY version, part DESC, id
""")

_QUEUE_AGAIN = text("""
UPDATE notifier.notice SET state = 'queued', next_at = clock_timestamp(), settled_at = NULL,
    sent_at = NULL, failure = NULL, attempts = 0, doubts = 0, overtaken = false,
    queued_at = clock_timestamp()
WHERE id = :id AND mime IS NOT NULL AND next_at IS NULL AND state IN ('sent', 'failed', 'unknown')
""")

# What was sent is kept for a month, so that it can be sent again; then only that it was sent.
_FORGET_LETTERS = text("""
UPDATE notifier.notice SET mime = NULL
WHERE mime IS NOT NULL AND settled_at < clock_timestamp() - interval '30 days'
""")


@dataclass(frozen=True, kw_only=True)
class ShownNotice:
    """A notice as a person may see it: never its words, never an address."""

    id: UUID
    request_id: UUID
    session_id: UUID | None
    part: str
    kind: str
    state: str
    message_id: str
    dated_at: datetime
    sent_at: datetime | None
    attempts: int
    failure: str | None
    smtp_code: int | None
    smtp_reply: str | None


def notices(connection: Connection, actor: Actor, request_id: UUID) -> Sequence[ShownNotice]:
    """Those of the request that are the actor's, or of her own request; all for an admin."""
    params = {"request_id": request_id, "actor": actor.id, "admin": actor.role == "admin"}
    rows = connection.execute(_NOTICES, params).mappings()
    return [ShownNotice(**row) for row in rows]


def queue_again(connection: Connection, actor: Actor, notice_id: UUID) -> bool:
    """An admin's word that a settled notice goes out again; False when there is none such."""
    if actor.role != "admin":
        return False
    return connection.execute(_QUEUE_AGAIN, {"id": notice_id}).rowcount == 1


def forget_letters(connection: Connection) -> None:
    """Forget the bytes of what was settled a month ago; that it was sent stays known."""
    connection.execute(_FORGET_LETTERS)
