"""Read one coach's diary, to say when she is free: no plan is made of it, so nobody is kept waiting.

Asked for by people who look for a time, so the statement goes straight to the driver.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from services.scheduler.adapters.diaries import DIARIES, diary_of
from services.scheduler.domain.diary import Diary
from services.scheduler.domain.local_week import Horizon, monday_before
from shared.database.statements import Statements, numbered

# With what she is taught herself: a look-up by person and start, as in picture.py.
_ONE = text(f"""
WITH looked_at AS (
    SELECT CAST(:coach AS uuid) AS coach_id, CAST('{{}}' AS uuid[]) AS schools
)
SELECT d.*, t.starts, t.ends, (SELECT zone FROM scheduler.division) AS zone
FROM ({DIARIES}) d CROSS JOIN LATERAL (
    SELECT array_agg(s.starts_at) AS starts, array_agg(upper(s.during)) AS ends
    FROM scheduler.session s
    WHERE s.teacher_id = d.id AND s.live_coach_type IS NOT NULL
        AND s.starts_at > CAST(:from AS timestamptz) - interval '8 hours' AND s.starts_at < :to) t
""")
_NUMBERED = numbered(_ONE.text, "coach", "first", "last", "from", "to")
_A_DAY, _A_WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True)
class SqlWeeks:
    """Implements ports.Weeks with what was read."""

    row: Any

    @property
    def zone(self) -> str:
        return str(self.row.zone)

    def over(self, horizon: Horizon, now: datetime) -> Diary:
        diary = diary_of(self.row, horizon, now)
        for starts_at, ends_at in zip(self.row.starts or (), self.row.ends or (), strict=True):
            diary.take(horizon.touching(starts_at, ends_at))
        return diary


class SqlDiaries:
    """Implements ports.Diaries."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    def around(self, coach_id: UUID, day: date) -> SqlWeeks | None:
        monday = monday_before(day)
        # Zones are up to 14 hours from UTC: a day more on either side, whichever the division's is.
        begins = datetime.combine(monday - _A_DAY, time(), UTC)
        given = [coach_id, monday, monday + _A_WEEK, begins, begins + 2 * _A_WEEK + 2 * _A_DAY]
        row = self._statements.run(_NUMBERED, given)
        return None if row is None else SqlWeeks(row)
