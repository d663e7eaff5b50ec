"""Who appraises whom, as rows, and what is booked between the two."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from services.scheduler.adapters.held_store import SqlTakingOff, live_session, query_of
from services.scheduler.domain.release import LiveSession
from shared.access import audit
from shared.events import AppraisalKept

_KEEP = text("""
INSERT INTO scheduler.appraisal AS kept (coach_id, teacher_id, version, stands)
VALUES (:coach, :teacher, :version, :stands)
ON CONFLICT (coach_id, teacher_id) DO UPDATE SET version = excluded.version, stands = excluded.stands
WHERE kept.version < excluded.version
RETURNING version
""")
_BETWEEN = query_of("""
WHERE s.teacher_id = CAST(:teacher AS uuid) AND s.coach_id = CAST(:coach AS uuid)
    AND s.live_coach_type IS NOT NULL AND s.starts_at > :now
ORDER BY r.id, s.starts_at FOR UPDATE OF r, s
""")


class SqlAppraisals(SqlTakingOff):
    """Implements ports.Appraisals on one open transaction."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        super().__init__(connection)
        self._now = now

    def keep(self, told: Sequence[AppraisalKept]) -> Sequence[AppraisalKept]:
        found = {}
        for one in sorted(told, key=lambda one: one.version):
            given = {
                "coach": one.coach_id,
                "teacher": one.teacher_id,
                "version": one.version,
                "stands": one.stands,
            }
            if self._connection.scalar(_KEEP, given) is not None:
                found[one.coach_id, one.teacher_id] = one
                audit.record(self._connection, "appraisal.kept", one.teacher_id, stands=one.stands)
        return list(found.values())

    def live_between(self, coach_id: UUID, teacher_id: UUID) -> Sequence[LiveSession]:
        given = {"coach": coach_id, "teacher": teacher_id, "now": self._now}
        rows = self._connection.execute(_BETWEEN, given).mappings()
        return [live_session(dict(row)) for row in rows]
