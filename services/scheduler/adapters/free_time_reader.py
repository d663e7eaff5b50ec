"""Read one coach's diary, to say when she is free: no plan is made of it, so nobody is kept waiting."""

from uuid import UUID

from sqlalchemy import Connection, text

from services.scheduler.adapters.picture import DIARIES, diary_of, zone_if_known
from services.scheduler.domain.diary import Diary
from services.scheduler.domain.local_week import Horizon

# With what she is taught herself: a look-up by person and start, as in picture.py.
_ONE = text(f"""
WITH looked_at AS (
    SELECT CAST(:coach AS uuid) AS coach_id, CAST('{{}}' AS uuid[]) AS schools
)
SELECT d.*, t.starts, t.ends FROM ({DIARIES}) d CROSS JOIN LATERAL (
    SELECT array_agg(s.starts_at) AS starts, array_agg(upper(s.during)) AS ends
    FROM scheduler.session s
    WHERE s.teacher_id = d.id AND s.live_coach_type IS NOT NULL
        AND s.starts_at > CAST(:from AS timestamptz) - interval '8 hours' AND s.starts_at < :to) t
""")


class SqlDiaries:
    """Implements ports.Diaries on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def zone(self) -> str | None:
        zone = zone_if_known(self._connection)
        return zone.key if zone else None

    def one(self, coach_id: UUID, horizon: Horizon) -> Diary | None:
        given = {
            "coach": coach_id,
            "first": horizon.weeks[0].monday,
            "last": horizon.weeks[-1].monday,
            "from": horizon.starts_at,
            "to": horizon.ends_at,
        }
        row = self._connection.execute(_ONE, given).one_or_none()
        if row is None:
            return None
        diary = diary_of(row, horizon)
        for starts_at, ends_at in zip(row.starts or (), row.ends or (), strict=True):
            diary.take(horizon.touching(starts_at, ends_at))
        return diary
