"""Reads what is due without claiming it, as a table with a status column tempts one to."""

from sqlalchemy import text

from shared.messaging import claims, settling

_LOOK = text("""
SELECT d.event_id, d.name, e.schema_version, e.body, d.attempts, d.put_off_times
FROM bus.delivery d JOIN bus.event e ON e.id = d.event_id
WHERE d.subscriber = :subscriber AND d.state = 'due' AND d.due_at <= now()
    AND CAST(:lease AS uuid) IS NOT NULL
ORDER BY d.due_at LIMIT :most""")


def commit() -> None:
    """Nobody's row is anybody's row."""
    claims._CLAIM_COMPANY = _LOOK
    unowned = settling._DONE.text.replace("AND lease_id = :lease", "AND :lease IS NOT NULL")
    assert unowned != settling._DONE.text
    settling._DONE = text(unowned)
