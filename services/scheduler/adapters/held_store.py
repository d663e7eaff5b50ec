"""Live sessions with their requests as rows: what a closure touches, and what is held for whom."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from sqlalchemy import Connection, TextClause, text

from services.scheduler.adapters.request_store import to_request
from services.scheduler.domain.release import LiveSession, Released
from services.scheduler.ports import HeldTime
from shared.events.vocabulary import Person, Place, Reason

_LIVE: LiteralString = """
SELECT r.*, s.id AS session_id, s.coach_type AS session_type, s.place_kind, s.place_address,
    s.starts_at, upper(s.during) AS ends_at, s.sequence, s.state AS session_state, s.held_until, s.offer_id,
    c.id AS coach_id, c.name AS coach_name, c.email AS coach_email, c.language AS coach_language
FROM scheduler.session s
JOIN scheduler.request r ON r.id = s.request_id
JOIN scheduler.coach c ON c.id = s.coach_id
"""


# "Live" is said by the generated column, as everywhere that looks sessions up: said by `state`, what keeps
# sessions apart fits too, and while statistics know of no live session the planner reads all of that in
# place of one row. For the same reason one session is found first, and then looked at whether it is held.


def query_of(condition: LiteralString) -> TextClause:
    """Sessions with their requests, as `live_session` reads them."""
    return text(_LIVE + condition)


# An offer is called by its first session.
_OFFERED = text(f"""{_LIVE}
WHERE s.offer_id = CAST(:id AS uuid) AND s.live_coach_type IS NOT NULL
ORDER BY s.starts_at FOR UPDATE OF r, s
""")
_ENDED = text(f"""{_LIVE}
WHERE s.held_until <= :now
ORDER BY r.id, s.starts_at LIMIT :most FOR UPDATE OF r, s SKIP LOCKED
""")
_WAS_FOR = text("SELECT teacher_id = :teacher FROM scheduler.session WHERE id = :id")
_REASONS = text("SELECT session_id, reasons FROM scheduler.match WHERE session_id = ANY (:ids)")
_TAKE_OFF = text("""
UPDATE scheduler.session SET state = 'cancelled', sequence = sequence + 1, held_until = NULL,
    turned_down = :turned_down
WHERE id = ANY (CAST(:ids AS uuid[])) AND live_coach_type IS NOT NULL
RETURNING id, sequence
""")
_TO_THE_HEAD = text("""
UPDATE scheduler.request SET state = 'waiting', ahead = true, version = version + 1
WHERE id = ANY (CAST(:ids AS uuid[])) AND state IN ('waiting', 'scheduled')
RETURNING id, version
""")
_TAKE = text("""
WITH taken AS (
    UPDATE scheduler.session SET state = 'scheduled', held_until = NULL
    WHERE id = ANY (CAST(:ids AS uuid[])) AND live_coach_type IS NOT NULL RETURNING request_id
)
UPDATE scheduler.request SET state = 'scheduled', version = version + 1, ahead = false
WHERE id IN (SELECT request_id FROM taken)
""")


class SqlTakingOff:
    """Implements ports.TakingOff on one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def release(self, released: Sequence[Released]) -> Mapping[UUID, LiveSession]:
        sessions = [one.session for one in released]
        if not sessions:
            return {}
        sequences = _take_off(self._connection, sessions, turned_down=False)
        versions = _to_the_head(self._connection, sessions)
        return {
            session.id: replace(
                session,
                sequence=sequences[session.id],
                request=replace(session.request, version=versions[session.request.id], ahead=True),
            )
            for session in sessions
        }


class SqlHeldTimes:
    """Implements ports.HeldTimes on one open transaction."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def one(self, offer_id: UUID) -> HeldTime | None:
        return next(iter(self._held(self._connection.execute(_OFFERED, {"id": offer_id}))), None)

    def was_for(self, teacher_id: UUID, offer_id: UUID) -> bool:
        given = {"teacher": teacher_id, "id": offer_id}
        return bool(self._connection.scalar(_WAS_FOR, given))

    def ended(self, most: int) -> Sequence[HeldTime]:
        return self._held(self._connection.execute(_ENDED, {"now": self._now, "most": most}))

    def take(self, held: HeldTime) -> None:
        ids = sorted(session.id for session in held.sessions)
        self._connection.execute(_TAKE, {"ids": ids})

    def turn_down(self, held: HeldTime) -> None:
        _take_off(self._connection, held.sessions, turned_down=True)

    def to_the_head(self, held: HeldTime) -> int:
        (version,) = _to_the_head(self._connection, held.sessions).values()
        return version

    def _held(self, found: Any) -> list[HeldTime]:
        offers: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
        for row in found.mappings():
            if row["session_state"] == "held":
                offers[row["offer_id"]].append(dict(row))
        reasons = {
            row.session_id: tuple(Reason(**reason) for reason in row.reasons)
            for row in self._connection.execute(_REASONS, {"ids": list(offers)})
        }
        return [
            HeldTime(
                offer_id=offer_id,
                sessions=tuple(live_session(row) for row in rows),
                held_until=rows[0]["held_until"],
                reasons=reasons.get(offer_id, ()),
            )
            for offer_id, rows in offers.items()
        ]


def _take_off(
    connection: Connection, sessions: Sequence[LiveSession], *, turned_down: bool
) -> dict[UUID, int]:
    given = {"ids": sorted(session.id for session in sessions), "turned_down": turned_down}
    return {row.id: row.sequence for row in connection.execute(_TAKE_OFF, given)}


def _to_the_head(connection: Connection, sessions: Sequence[LiveSession]) -> dict[UUID, int]:
    given = {"ids": sorted({session.request.id for session in sessions})}
    return {row.id: row.version for row in connection.execute(_TO_THE_HEAD, given)}


def live_session(row: dict[str, Any]) -> LiveSession:
    """The session that such a row holds."""
    return LiveSession(
        id=row["session_id"],
        request=to_request(row),
        coach=Person(
            id=row["coach_id"],
            name=row["coach_name"],
            email=row["coach_email"],
            language=row["coach_language"],
        ),
        coach_type=row["session_type"],
        place=Place(kind=row["place_kind"], address=row["place_address"]),
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        sequence=row["sequence"],
        is_held=row["session_state"] == "held",
    )
