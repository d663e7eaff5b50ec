"""What a coach's weeks hold, as rows: weeks with less, and uses of protected time that somebody granted."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, text

from services.scheduler.adapters.picture import zone_of
from services.scheduler.domain.local_week import Horizon
from services.scheduler.domain.week_caps import CapWhy, GrantedUse, WeekAhead, WeekCap
from shared.access import audit

_LOCK = text("SELECT id FROM scheduler.coach WHERE id = :coach FOR NO KEY UPDATE")
_AHEAD = text("""
SELECT w.week, l.cap, l.cap - l.unprotected_cap AS protected, coalesce(k.minutes, 0) AS booked,
    ARRAY(SELECT c.why FROM scheduler.week_cap c
        WHERE c.coach_id = :coach AND c.week = w.week ORDER BY c.why) AS whys,
    ARRAY(SELECT c.minutes FROM scheduler.week_cap c
        WHERE c.coach_id = :coach AND c.week = w.week ORDER BY c.why) AS less
FROM unnest(CAST(:weeks AS date[])) AS w (week)
CROSS JOIN LATERAL scheduler.week_caps(:coach, w.week) l
LEFT JOIN scheduler.coach_week k ON k.coach_id = :coach AND k.week = w.week
ORDER BY w.week
""")
_KEEP = text("""
INSERT INTO scheduler.week_cap (coach_id, week, why, minutes, set_at)
VALUES (:coach, :week, :why, :minutes, :now) ON CONFLICT DO NOTHING
""")
_LIFT = text("""
DELETE FROM scheduler.week_cap WHERE coach_id = :coach AND why = :why AND week >= :since
RETURNING week
""")
_GRANT = text("""
INSERT INTO scheduler.protected_grant (id, coach_id, week, minutes, granted_by, reason, granted_at)
VALUES (:id, :coach, :week, :minutes, :by, :reason, :now) ON CONFLICT DO NOTHING RETURNING id
""")
_GRANTED = text("SELECT coach_id = :coach FROM scheduler.protected_grant WHERE id = :id")
_GRANTS = text("""
SELECT g.id, g.week, g.minutes, g.granted_by, g.reason, coalesce(a.name, '') AS by_name
FROM scheduler.protected_grant g LEFT JOIN access.actor a ON a.id = g.granted_by
WHERE g.coach_id = :coach AND g.week >= :since ORDER BY g.week, g.granted_at
""")


class SqlWeekCaps:
    """Implements ports.WeekCaps on one open transaction."""

    def __init__(self, connection: Connection, now: datetime, weeks: int) -> None:
        self._connection = connection
        self._now = now
        self._weeks = weeks

    def lock(self, coach_id: UUID) -> bool:
        return self._connection.scalar(_LOCK, {"coach": coach_id}) is not None

    def ahead(self, coach_id: UUID) -> Sequence[WeekAhead]:
        given = {"coach": coach_id, "weeks": self._mondays()}
        return [
            WeekAhead(
                week=row.week,
                cap=row.cap,
                booked=row.booked,
                protected=row.protected,
                less=dict(zip(map(CapWhy, row.whys), row.less, strict=True)),
            )
            for row in self._connection.execute(_AHEAD, given)
        ]

    def keep(self, coach_id: UUID, caps: Sequence[WeekCap]) -> None:
        for cap in caps:
            given = {"coach": coach_id, "week": cap.week, "why": cap.why.value}
            values = {**given, "minutes": cap.minutes, "now": self._now}
            self._connection.execute(_KEEP, values)
        if caps:
            first = caps[0]
            audit.record(
                self._connection,
                "coach.weeks_lowered",
                coach_id,
                why=first.why.value,
                week=str(first.week),
                weeks=len(caps),
            )

    def lift(self, coach_id: UUID, why: CapWhy, since: date) -> bool:
        given = {"coach": coach_id, "why": why.value, "since": since}
        lifted = list(self._connection.scalars(_LIFT, given))
        if lifted:
            weeks = len(lifted)
            audit.record(
                self._connection, "coach.weeks_lifted", coach_id, why=why.value, weeks=weeks
            )
        return bool(lifted)

    def grant(self, coach_id: UUID, grant: GrantedUse) -> bool:
        given = {
            "id": grant.id,
            "coach": coach_id,
            "week": grant.week,
            "minutes": grant.minutes,
            "by": grant.granted_by,
            "reason": grant.reason,
            "now": self._now,
        }
        if self._connection.scalar(_GRANT, given) is None:
            return False
        audit.record(
            self._connection,
            "coach.protected_time_granted",
            coach_id,
            grant=grant.id,
            week=str(grant.week),
            minutes=grant.minutes,
        )
        return True

    def granted(self, coach_id: UUID, grant_id: UUID) -> bool | None:
        hers: bool | None = self._connection.scalar(_GRANTED, {"coach": coach_id, "id": grant_id})
        return hers

    def grants(self, coach_id: UUID) -> Sequence[GrantedUse]:
        """What was granted of her weeks from this one on, with who did."""
        given = {"coach": coach_id, "since": self._mondays()[0]}
        rows = self._connection.execute(_GRANTS, given).mappings()
        return [GrantedUse(**row) for row in rows]

    def _mondays(self) -> list[date]:
        horizon = Horizon.of(self._now, self._weeks, zone_of(self._connection))
        return [week.monday for week in horizon.weeks]
