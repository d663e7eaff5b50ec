"""Ticks of what people undertake, as rows."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from services.scheduler.domain.duties import Tick

_READ = text("""
SELECT side, duty, ticked_by, ticked_at FROM scheduler.duty_tick
WHERE subject_id = ANY (CAST(:subjects AS uuid[]))
""")
_UNTICK = text("""
DELETE FROM scheduler.duty_tick
WHERE subject_id = :subject AND side = :side AND NOT duty = ANY (CAST(:duties AS text[]))
""")
_TICK = text("""
INSERT INTO scheduler.duty_tick (subject_id, side, duty, ticked_by, ticked_at)
SELECT :subject, :side, duty, :by, :now FROM unnest(CAST(:duties AS text[])) AS duty
ON CONFLICT DO NOTHING
""")


def read(connection: Connection, subjects: Collection[UUID]) -> Mapping[str, Mapping[str, Tick]]:
    """By side and duty, the ticks of these: a cycle, and its school."""
    found: dict[str, dict[str, Tick]] = defaultdict(dict)
    for row in connection.execute(_READ, {"subjects": list(subjects)}):
        found[row.side][row.duty] = Tick(by=row.ticked_by, at=row.ticked_at)
    return found


def write(
    connection: Connection,
    subject: UUID,
    side: str,
    duties: Collection[str],
    *,
    by: UUID,
    now: datetime,
) -> None:
    """Exactly these are ticked from now on; who ticked one before stays named."""
    given = {"subject": subject, "side": side, "duties": sorted(duties), "by": by, "now": now}
    connection.execute(_UNTICK, given)
    connection.execute(_TICK, given)
