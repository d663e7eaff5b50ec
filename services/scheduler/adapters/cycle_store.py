"""Cycles as rows: read whole under their requests' locks, their meetings added and taken off."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from services.scheduler.adapters.explanation import Decided, record
from services.scheduler.adapters.request_store import to_request
from services.scheduler.domain.cycle import Cycle, CycleSession, CycleState
from services.scheduler.ports import Addition
from shared.access import audit
from shared.events.vocabulary import FormerSeries, Person, Place

_CYCLES = text("""
SELECT r.*, y.state AS cycle_state, y.meetings AS planned, y.weeks_between, y.series_id, y.anchor_at,
    y.sequence AS series_sequence, y.former, y.coach_type, y.place_kind, y.place_address,
    c.id AS coach_id, c.name AS coach_name, c.email AS coach_email, c.language AS coach_language
FROM scheduler.cycle y
JOIN scheduler.request r ON r.id = y.request_id
JOIN scheduler.coach c ON c.id = y.coach_id
WHERE y.request_id = ANY (CAST(:ids AS uuid[])) ORDER BY r.id FOR UPDATE OF r, y
""")
_SESSIONS = text("""
SELECT s.id, s.request_id, s.meeting AS number, s.coach_type, s.series_id, s.place_kind,
    s.place_address, s.starts_at, upper(s.during) AS ends_at, s.state, s.sequence, s.offer_id,
    s.held_until, c.id AS coach_id, c.name AS coach_name, c.email AS coach_email,
    c.language AS coach_language
FROM scheduler.session s JOIN scheduler.coach c ON c.id = s.coach_id
WHERE s.request_id = ANY (CAST(:ids AS uuid[])) AND s.state <> 'cancelled'
ORDER BY s.starts_at, s.id
""")
_OWING = text("""
SELECT y.request_id FROM scheduler.cycle y
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE s.state = 'held') AS held,
        count(*) FILTER (WHERE s.state IN ('scheduled', 'completed')) AS has
    FROM scheduler.session s WHERE s.request_id = y.request_id AND s.state <> 'cancelled') s
WHERE y.state = 'open' AND s.held = 0 AND s.has < y.meetings
    AND (CAST(:coaches AS uuid[]) IS NULL OR y.coach_id = ANY (CAST(:coaches AS uuid[])))
ORDER BY y.request_id LIMIT :most
""")
_TAKE_OFF = text("""
UPDATE scheduler.session SET state = 'cancelled', sequence = sequence + 1, held_until = NULL,
    turned_down = :turned_down
WHERE id = ANY (CAST(:ids AS uuid[])) AND live_coach_type IS NOT NULL
""")
_ADD = text("""
WITH added AS (
    INSERT INTO scheduler.session (id, request_id, meeting, coach_id, teacher_id, school_id,
        model_version, coach_type, topic, support_mode, place_kind, place_address, during, state,
        recorded_at, held_until, instead_of, offer_id, series_id)
    SELECT t.id, r.id, t.number, :coach, r.teacher_id, r.school_id, r.model_version, :coach_type,
        r.topic, r.support_mode, :place_kind, :place_address, tstzrange(t.starts_at, t.ends_at),
        :state, :now, CAST(:held_until AS timestamptz), t.instead_of, CAST(:offer AS uuid), :series
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS t (id uuid, number smallint,
        starts_at timestamptz, ends_at timestamptz, instead_of uuid)
    JOIN scheduler.request r ON r.id = :request ORDER BY t.starts_at
    ON CONFLICT DO NOTHING RETURNING id
)
SELECT count(*) FROM added
""")
_TAKE = text("""
UPDATE scheduler.session SET state = 'scheduled', held_until = NULL
WHERE offer_id = CAST(:offer AS uuid) AND live_coach_type IS NOT NULL
""")
_CHANGE = text("""
UPDATE scheduler.cycle SET state = :state, meetings = :planned WHERE request_id = :id
""")
_STATE_OF_REQUEST = text("""
UPDATE scheduler.request SET state = :state, ahead = false WHERE id = :id
""")
_HAND_OVER = text("""
UPDATE scheduler.cycle SET coach_id = :coach, coach_type = :coach_type, place_kind = :place_kind,
    place_address = :place_address, series_id = :series, anchor_at = :anchor, sequence = 0,
    former = CAST(:former AS jsonb)
WHERE request_id = :id
""")
_IN_SERIES = text("""
UPDATE scheduler.session SET series_id = :series
WHERE request_id = :id AND coach_id = :coach AND state <> 'cancelled'
    AND live_coach_type IS NOT NULL
""")
# What a former coach has not closed yet stays in her series.
_BEGIN_SERIES = text("""
WITH begun AS (
    UPDATE scheduler.session SET series_id = :series
    WHERE request_id = :id AND state <> 'cancelled' AND live_coach_type IS NOT NULL
        AND coach_id = (SELECT coach_id FROM scheduler.cycle WHERE request_id = :id)
)
UPDATE scheduler.cycle SET series_id = :series, anchor_at = :anchor, sequence = 0
WHERE request_id = :id
""")
_FORGET = text("DELETE FROM scheduler.cycle WHERE request_id = :id")
_NEXT = text("""
WITH told AS (
    UPDATE scheduler.request SET version = version + 1 WHERE id = :id
)
UPDATE scheduler.cycle SET sequence = sequence + CAST(:in_calendars AS integer)
WHERE request_id = :id
""")


class SqlCycles:
    """Implements ports.Cycles on one open transaction."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def standing(self, request_ids: Collection[UUID]) -> Mapping[UUID, Cycle]:
        given = {"ids": sorted(request_ids)}
        rows = [dict(row) for row in self._connection.execute(_CYCLES, given).mappings()]
        if not rows:
            return {}
        sessions = defaultdict(list)
        for found in self._connection.execute(_SESSIONS, given).mappings():
            sessions[found["request_id"]].append(_session(dict(found)))
        return {row["id"]: _cycle(row, sessions[row["id"]]) for row in rows}

    def owing(self, coach_ids: Collection[UUID] | None, most: int) -> Sequence[UUID]:
        coaches = None if coach_ids is None else sorted(coach_ids)
        return list(self._connection.scalars(_OWING, {"coaches": coaches, "most": most}))

    def take_off(self, sessions: Sequence[CycleSession], *, turned_down: bool = False) -> None:
        ids = sorted(session.id for session in sessions)
        if ids:
            self._connection.execute(_TAKE_OFF, {"ids": ids, "turned_down": turned_down})

    def add(self, cycle: Cycle, addition: Addition) -> bool:
        rows = [
            {
                "id": one.session_id,
                "number": one.number,
                "starts_at": one.starts_at,
                "ends_at": one.ends_at,
                "instead_of": one.instead_of,
            }
            for one in addition.meetings
        ]
        offer = addition.meetings[0].session_id if addition.held_until else None
        given = {
            "rows": _dumps(rows),
            "request": cycle.request.id,
            "coach": addition.coach.id,
            "coach_type": addition.coach_type,
            "place_kind": addition.place.kind,
            "place_address": addition.place.address,
            "state": "held" if addition.held_until else "scheduled",
            "held_until": addition.held_until,
            "offer": offer,
            "series": cycle.series_id,
            "now": self._now,
        }
        savepoint = self._connection.begin_nested()
        try:
            added = self._connection.scalar(_ADD, given)
        except IntegrityError:  # a ceiling, or one person in two parts
            savepoint.rollback()
            return False
        if added != len(rows):
            savepoint.rollback()
            return False
        savepoint.commit()
        decided = Decided(
            request_id=cycle.request.id,
            session_id=addition.meetings[0].session_id,
            coach_id=addition.coach.id,
            reasons=addition.reasons,
            candidates=addition.candidates,
            weights=addition.weights,
        )
        record(self._connection, decided, self._now)
        return True

    def take(self, offer_id: UUID) -> None:
        self._connection.execute(_TAKE, {"offer": offer_id})

    def change(self, request_id: UUID, *, state: CycleState, planned: int) -> None:
        given = {"id": request_id, "state": state.value, "planned": planned}
        self._connection.execute(_CHANGE, given)
        over = "completed" if state is CycleState.ENDED else "scheduled"
        self._connection.execute(_STATE_OF_REQUEST, {"id": request_id, "state": over})
        audit.record(self._connection, f"cycle.{state}", request_id, meetings=planned)

    def hand_over(self, cycle: Cycle, to: CycleSession, series_id: UUID) -> bool:
        former = FormerSeries(
            series_id=cycle.series_id,
            sequence=cycle.sequence + 1,
            anchor_at=cycle.anchor_at,
            coach=cycle.coach,
        )
        given = {
            "id": cycle.request.id,
            "coach": to.coach.id,
            "coach_type": to.coach_type,
            "place_kind": to.place.kind,
            "place_address": to.place.address,
            "series": series_id,
            "anchor": to.starts_at,
            "former": _dumps(former),
        }
        savepoint = self._connection.begin_nested()
        try:
            self._connection.execute(_HAND_OVER, given)
            self._connection.execute(_IN_SERIES, given)
        except IntegrityError:  # she has as many cycles as she may
            savepoint.rollback()
            return False
        savepoint.commit()
        audit.record(self._connection, "cycle.handed_over", cycle.request.id)
        return True

    def begin_series(self, request_id: UUID, series_id: UUID, anchor_at: datetime) -> None:
        given = {"id": request_id, "series": series_id, "anchor": anchor_at}
        self._connection.execute(_BEGIN_SERIES, given)

    def forget(self, request_id: UUID) -> None:
        self._connection.execute(_FORGET, {"id": request_id})

    def next_version(self, request_id: UUID, *, in_calendars: bool) -> Cycle:
        given = {"id": request_id, "in_calendars": in_calendars}
        self._connection.execute(_NEXT, given)
        return self.standing([request_id])[request_id]


def _cycle(row: dict[str, Any], sessions: Sequence[CycleSession]) -> Cycle:
    return Cycle(
        request=to_request(row),
        coach=_person(row),
        coach_type=row["coach_type"],
        place=Place(kind=row["place_kind"], address=row["place_address"]),
        state=CycleState(row["cycle_state"]),
        planned=row["planned"],
        weeks_between=row["weeks_between"],
        series_id=row["series_id"],
        anchor_at=row["anchor_at"],
        sequence=row["series_sequence"],
        sessions=tuple(sessions),
        former=_former(row["former"]),
    )


def _session(row: dict[str, Any]) -> CycleSession:
    plain = ("id", "number", "coach_type", "series_id", "starts_at", "ends_at", "state", "sequence")
    return CycleSession(
        **{name: row[name] for name in (*plain, "offer_id", "held_until")},
        coach=_person(row),
        place=Place(kind=row["place_kind"], address=row["place_address"]),
    )


def _person(row: dict[str, Any]) -> Person:
    return Person(**{name: row[f"coach_{name}"] for name in ("id", "name", "email", "language")})


def _dumps(what: Any) -> str:
    return orjson.dumps(what).decode()


def _former(stored: dict[str, Any] | None) -> FormerSeries | None:
    if stored is None:
        return None
    coach = {**stored["coach"], "id": UUID(stored["coach"]["id"])}
    return FormerSeries(
        series_id=UUID(stored["series_id"]),
        sequence=stored["sequence"],
        anchor_at=datetime.fromisoformat(stored["anchor_at"]),
        coach=Person(**coach),
    )
