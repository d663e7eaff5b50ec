"""Reads what is due without claiming it, as a table with a status column tempts one to."""

from sqlalchemy import text

from shared.messaging import claims, settling


def commit() -> None:
    """Nobody's row is anybody's row."""
    columns = claims._RETURNING.partition("RETURNING")[2]
    claims._CLAIM_FRESH = text(f"""
        SELECT {columns} FROM bus.delivery d JOIN bus.event e ON e.id = d.event_id
        WHERE {claims._OPEN} AND CAST(:lease AS uuid) IS NOT NULL ORDER BY d.due_at LIMIT :most""")
    unowned = settling._DONE.text.replace("AND lease_id = :lease", "AND :lease IS NOT NULL")
    assert unowned != settling._DONE.text
    settling._DONE = text(unowned)
