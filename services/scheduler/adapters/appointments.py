"""Coaches and what they offer, as an admin appoints them, in PostgreSQL."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from services.scheduler.domain.appointment import AppointedCoach, InUse, Offer, Offerable, Offers
from shared.access import audit

_COACHES = """
SELECT c.id, c.name, c.sessions_per_day, c.weekly_minutes, c.last_day,
    (SELECT count(*) FROM scheduler.coach_school s WHERE s.coach_id = c.id) AS schools,
    ARRAY(SELECT ARRAY[o.coach_type, o.support_mode] FROM scheduler.coach_offer o
        WHERE o.coach_id = c.id) AS offers
FROM scheduler.coach c
"""
_EVERY = text(f"{_COACHES} ORDER BY c.name, c.id")
_ONE = text(f"{_COACHES} WHERE c.id = :id")
_LOCK = text("SELECT FROM scheduler.coach WHERE id = :id FOR UPDATE")
_NEWEST = "(SELECT max(version) FROM scheduler.model_version WHERE sealed_at IS NOT NULL)"
_OFFERABLE = text(f"""
SELECT DISTINCT c.coach_type, c.support_mode, t.name AS type_name, m.name AS mode_name
FROM scheduler.combination c
JOIN scheduler.coach_type_terms t ON t.version = c.version AND t.key = c.coach_type
JOIN scheduler.mode_terms m ON m.version = c.version AND m.key = c.support_mode
WHERE c.version = {_NEWEST}
ORDER BY type_name, mode_name
""")
_IN_USE = text("""
SELECT live_coach_type AS coach_type, live_support_mode AS support_mode, count(*) AS meetings
FROM scheduler.session WHERE coach_id = :id AND live_coach_type IS NOT NULL
GROUP BY live_coach_type, live_support_mode ORDER BY 1, 2
""")
_IS_NEW = text("""
SELECT NOT EXISTS (SELECT FROM scheduler.session WHERE coach_id = :id)
    AND NOT EXISTS (SELECT FROM scheduler.week_cap WHERE coach_id = :id AND why = 'ramp_up')
""")
_WITHDRAW = text("""
DELETE FROM scheduler.coach_offer WHERE coach_id = :id AND NOT EXISTS (
    SELECT FROM unnest(CAST(:types AS text[]), CAST(:modes AS text[])) AS w (coach_type, mode)
    WHERE w.coach_type = coach_offer.coach_type AND w.mode = coach_offer.support_mode)
""")
_ADD = text("""
INSERT INTO scheduler.coach_offer (coach_id, coach_type, support_mode)
SELECT :id, * FROM unnest(CAST(:types AS text[]), CAST(:modes AS text[]))
ON CONFLICT DO NOTHING
""")


class SqlAppointments:
    """Implements ports.Appointments on one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def every(self) -> Sequence[AppointedCoach]:
        """Every coach, by name."""
        return [_coach(row) for row in self._connection.execute(_EVERY)]

    def one(self, coach_id: UUID) -> AppointedCoach | None:
        """The coach of this id."""
        row = self._connection.execute(_ONE, {"id": coach_id}).one_or_none()
        return None if row is None else _coach(row)

    def locked(self, coach_id: UUID) -> AppointedCoach | None:
        self._connection.execute(_LOCK, {"id": coach_id})
        return self.one(coach_id)

    def offerable(self) -> Offerable:
        rows = self._connection.execute(_OFFERABLE).all()
        return Offerable(
            offers=frozenset(_offer(row) for row in rows),
            types={row.coach_type: row.type_name for row in rows},
            modes={row.support_mode: row.mode_name for row in rows},
        )

    def in_use(self, coach_id: UUID) -> Sequence[InUse]:
        rows = self._connection.execute(_IN_USE, {"id": coach_id})
        return [InUse(offer=_offer(row), meetings=row.meetings) for row in rows]

    def is_new(self, coach_id: UUID) -> bool:
        return bool(self._connection.scalar(_IS_NEW, {"id": coach_id}))

    def replace(self, coach_id: UUID, offers: Offers) -> None:
        ordered = sorted(offers)
        values = {
            "id": coach_id,
            "types": [offer.coach_type for offer in ordered],
            "modes": [offer.support_mode for offer in ordered],
        }
        self._connection.execute(_WITHDRAW, values)
        self._connection.execute(_ADD, values)
        audit.record(self._connection, "coach.offers_changed", coach_id, offers=len(ordered))


def _offer(row: Any) -> Offer:
    return Offer(coach_type=row.coach_type, support_mode=row.support_mode)


def _coach(row: Any) -> AppointedCoach:
    return AppointedCoach(
        id=row.id,
        name=row.name,
        offers=frozenset(Offer(coach_type=kind, support_mode=mode) for kind, mode in row.offers),
        schools=row.schools,
        sessions_per_day=row.sessions_per_day,
        weekly_minutes=row.weekly_minutes,
        last_day=row.last_day,
    )
