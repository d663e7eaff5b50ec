"""Write what was decided: sessions in one statement, requests, matches; and take sessions off.

The rows of a plan are sorted by coach and start and refused silently where the database's promises
stand against them. Nothing refused is tried again here: that is for a fresh picture.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from services.scheduler.adapters.explanation import explain
from services.scheduler.domain.booking import Booking, CancelledSession, Planned, Waiting
from services.scheduler.domain.request import Request
from services.scheduler.domain.weights import Weights
from services.scheduler.ports import PlanOutdatedError
from shared.events.vocabulary import Person, Place, Reason, School

_REQUEST_COLUMNS = """
    id, state, version, model_version, teacher_id, teacher_name, teacher_email, teacher_language,
    school_id, school_name, room, topic, support_mode, coach_types, meeting, windows,
    waiting_since, turn_at, reasons, school_windows, meetings, needed_by"""
_REQUEST_FIELDS = """
    id uuid, version integer, model_version integer, teacher_id uuid, teacher_name text,
    teacher_email text, teacher_language text, school_id uuid, school_name text, room text,
    topic text, support_mode text, coach_types text[], meeting text, windows jsonb,
    waiting_since timestamptz, turn_at timestamptz, reasons jsonb, school_windows jsonb, meetings smallint,
    needed_by date"""

# A row is a meeting; what it says of its request is the same in each, and taken from the first.
_BOOK = text(f"""
WITH planned AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS t ({_REQUEST_FIELDS},
        session_id uuid, number smallint, is_first boolean, coach_id uuid, coach_type text,
        place_kind text, place_address text, starts_at timestamptz, ends_at timestamptz,
        match_reasons jsonb, candidates jsonb, held_until timestamptz, instead_of uuid,
        offer_id uuid, series_id uuid, anchor_at timestamptz, weeks_between smallint)
), booked AS (
    INSERT INTO scheduler.session (id, request_id, meeting, coach_id, teacher_id, school_id,
        model_version, coach_type, topic, support_mode, place_kind, place_address, during, state,
        recorded_at, held_until, instead_of, offer_id, series_id)
    SELECT session_id, id, number, coach_id, teacher_id, school_id, model_version, coach_type, topic,
        support_mode, place_kind, place_address, tstzrange(starts_at, ends_at),
        CASE WHEN held_until IS NULL THEN 'scheduled' ELSE 'held' END, :now, held_until, instead_of,
        offer_id, series_id
    FROM planned ORDER BY coach_id, starts_at
    ON CONFLICT DO NOTHING RETURNING id, request_id
), first AS (
    SELECT p.* FROM planned p JOIN booked b ON b.id = p.session_id WHERE p.is_first
), stored AS (
    INSERT INTO scheduler.request AS kept ({_REQUEST_COLUMNS})
    SELECT p.id, CASE WHEN p.held_until IS NULL THEN 'scheduled' ELSE 'waiting' END,
        p.version, p.model_version, p.teacher_id, p.teacher_name,
        p.teacher_email, p.teacher_language, p.school_id, p.school_name, p.room, p.topic,
        p.support_mode, p.coach_types, p.meeting, p.windows, p.waiting_since, p.turn_at, p.reasons,
        p.school_windows, p.meetings, p.needed_by
    FROM first p ORDER BY p.id
    ON CONFLICT (id) DO UPDATE
    SET state = excluded.state, version = excluded.version, reasons = excluded.reasons,
        ahead = kept.ahead AND excluded.state = 'waiting'
    WHERE kept.state = 'waiting'
    RETURNING id
), begun AS (
    INSERT INTO scheduler.cycle (request_id, coach_id, coach_type, place_kind, place_address, state,
        meetings, weeks_between, series_id, anchor_at)
    SELECT p.id, p.coach_id, p.coach_type, p.place_kind, p.place_address,
        CASE WHEN p.held_until IS NULL THEN 'open' ELSE 'held' END, p.meetings, p.weeks_between,
        p.series_id, p.anchor_at
    FROM first p WHERE p.series_id IS NOT NULL ORDER BY p.coach_id
), explained AS (
    INSERT INTO scheduler.match
        (request_id, version, session_id, coach_id, decided_at, reasons, candidates, weights)
    SELECT p.id, p.version, p.session_id, p.coach_id, :now, p.match_reasons, p.candidates,
        CAST(:weights AS jsonb)
    FROM first p
)
SELECT p.id AS request_id, count(b.id) AS meetings, count(b.id) = count(*) AS whole,
    bool_or(s.id IS NOT NULL) AS stored
FROM planned p LEFT JOIN booked b ON b.id = p.session_id LEFT JOIN stored s ON s.id = p.id
GROUP BY p.id
""")

_WAIT = text(f"""
WITH told AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS t ({_REQUEST_FIELDS},
        candidates jsonb)
), stored AS (
    INSERT INTO scheduler.request ({_REQUEST_COLUMNS})
    SELECT id, 'waiting', version, model_version, teacher_id, teacher_name, teacher_email,
        teacher_language, school_id, school_name, room, topic, support_mode, coach_types, meeting,
        windows, waiting_since, turn_at, reasons, school_windows, meetings, needed_by
    FROM told ORDER BY id ON CONFLICT DO NOTHING RETURNING id
), explained AS (
    INSERT INTO scheduler.match (request_id, version, decided_at, reasons, candidates, weights)
    SELECT t.id, t.version, :now, t.reasons, t.candidates, CAST(:weights AS jsonb)
    FROM told t JOIN stored s ON s.id = t.id
)
SELECT id FROM stored
""")

_KEEP_WAITING = text("""
UPDATE scheduler.request r SET reasons = t.reasons
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS t (id uuid, reasons jsonb)
WHERE r.id = t.id AND r.state = 'waiting' AND r.reasons <> t.reasons
""")

_CANCEL = text("""
WITH given_up AS (
    UPDATE scheduler.request SET state = 'cancelled', version = version + 1
    WHERE id = ANY (CAST(:ids AS uuid[])) AND state IN ('waiting', 'scheduled')
    RETURNING *
), taken_off AS (
    UPDATE scheduler.session SET state = 'cancelled', sequence = sequence + 1, held_until = NULL
    WHERE request_id = ANY (CAST(:ids AS uuid[])) AND state <> 'cancelled'
        AND live_coach_type IS NOT NULL AND upper(during) > :now
    RETURNING *
), ended AS (
    UPDATE scheduler.cycle SET state = 'ended', sequence = sequence + 1
    WHERE request_id = ANY (CAST(:ids AS uuid[])) AND state IN ('open', 'paused')
), never_begun AS (
    DELETE FROM scheduler.cycle WHERE request_id = ANY (CAST(:ids AS uuid[])) AND state = 'held'
)
SELECT s.id AS session_id, r.id AS request_id, r.version, s.sequence, s.starts_at,
    upper(s.during) AS ends_at, s.place_kind, s.place_address, d.zone,
    c.id AS coach_id, c.name AS coach_name, c.email AS coach_email, c.language AS coach_language,
    r.teacher_id, r.teacher_name, r.teacher_email, r.teacher_language, r.school_id, r.school_name,
    t.title AS topic_title, m.name AS mode_name, r.meetings > 1 AS of_cycle
FROM taken_off s JOIN given_up r ON r.id = s.request_id
JOIN scheduler.coach c ON c.id = s.coach_id
JOIN scheduler.topic_terms t ON t.version = s.model_version AND t.key = s.topic
JOIN scheduler.mode_terms m ON m.version = s.model_version AND m.key = s.support_mode
CROSS JOIN scheduler.division d
ORDER BY s.id
""")

# Refusals that another booking can cause between the reading of a picture and the insert.
_OVERTAKEN = frozenset(
    {
        "coach_day_within_ceiling",
        "coach_week_within_ceiling",
        "coach_week_within_floor",
        "coach_cycles_within_ceiling",
        "session_one_part",
    }
)


def book(
    connection: Connection, bookings: Sequence[Booking], weights: Weights, now: datetime
) -> set[UUID]:
    """Insert a plan; the ids of the requests whose meetings stand."""
    if not bookings:
        return set()
    rows = [_booked_row(booking, meeting) for booking in bookings for meeting in booking.meetings]
    parameters = {"rows": _dumps(rows), "weights": _dumps(weights.of_candidates), "now": now}
    savepoint = connection.begin_nested()
    try:
        answered = connection.execute(_BOOK, parameters).all()
    except IntegrityError as error:
        savepoint.rollback()
        if _constraint(error) in _OVERTAKEN:
            raise PlanOutdatedError from error
        raise
    # A part of a cycle is nothing that anybody asked for: all of the plan is made anew.
    if not all(row.stored and row.whole for row in answered if row.meetings):
        savepoint.rollback()
        raise PlanOutdatedError
    savepoint.commit()
    return {row.request_id for row in answered if row.meetings}


def store_waiting(
    connection: Connection, waiting: Sequence[Waiting], weights: Weights, now: datetime
) -> set[UUID]:
    """Insert waiting requests; the ids of those that were not known."""
    if not waiting:
        return set()
    rows = [
        {
            **_request_row(entry.request, entry.request.version + 1, entry.reasons),
            "candidates": explain(entry.candidates),
        }
        for entry in waiting
    ]
    parameters = {"rows": _dumps(rows), "weights": _dumps(weights.of_candidates), "now": now}
    return set(connection.scalars(_WAIT, parameters))


def keep_waiting(connection: Connection, waiting: Sequence[Waiting]) -> None:
    """Note the newest reasons."""
    if waiting:
        rows = [{"id": w.request.id, "reasons": _reasons(w.reasons)} for w in waiting]
        connection.execute(_KEEP_WAITING, {"rows": _dumps(rows)})


def cancel(
    connection: Connection, request_ids: Collection[UUID], now: datetime
) -> list[CancelledSession]:
    """Cancel requests and their sessions that have not ended."""
    if not request_ids:
        return []
    rows = connection.execute(_CANCEL, {"ids": sorted(request_ids), "now": now}).mappings()
    return [_cancelled(dict(row)) for row in rows]


def _cancelled(row: dict[str, Any]) -> CancelledSession:
    def person(part: str) -> Person:
        return Person(**{key: row[f"{part}_{key}"] for key in ("id", "name", "email", "language")})

    plain = ("session_id", "request_id", "version", "sequence", "starts_at", "ends_at", "zone")
    return CancelledSession(
        **{key: row[key] for key in (*plain, "topic_title", "mode_name", "of_cycle")},
        coach=person("coach"),
        teacher=person("teacher"),
        school=School(id=row["school_id"], name=row["school_name"]),
        place=Place(kind=row["place_kind"], address=row["place_address"]),
    )


def _booked_row(booking: Booking, meeting: Planned) -> dict[str, Any]:
    series = booking.series
    return {
        **_request_row(booking.request, booking.version, ()),
        "session_id": meeting.session_id,
        "number": meeting.number,
        "is_first": meeting is booking.first,
        "coach_id": booking.coach.person.id,
        "coach_type": booking.coach_type,
        "place_kind": booking.place.kind,
        "place_address": booking.place.address,
        "starts_at": meeting.starts_at,
        "ends_at": meeting.ends_at,
        "match_reasons": _reasons(booking.reasons),
        "candidates": explain(booking.candidates) if meeting is booking.first else [],
        "held_until": booking.held_until,
        "instead_of": meeting.instead_of,
        "offer_id": booking.first.session_id if booking.held_until else None,
        "series_id": series.id if series else None,
        "anchor_at": series.anchor_at if series else None,
        "weeks_between": series.weeks_between if series else None,
    }


def _request_row(request: Request, version: int, reasons: Iterable[Reason]) -> dict[str, Any]:
    return {
        "id": request.id,
        "version": version,
        "model_version": request.model_version,
        "teacher_id": request.teacher.id,
        "teacher_name": request.teacher.name,
        "teacher_email": request.teacher.email,
        "teacher_language": request.teacher.language,
        "school_id": request.school.id,
        "school_name": request.school.name,
        "room": request.room,
        "topic": request.topic,
        "support_mode": request.support_mode,
        "coach_types": request.coach_types,
        "meeting": request.meeting,
        "windows": [[w.starts_at, w.ends_at, w.in_class] for w in request.windows],
        "school_windows": [asdict(window) for window in request.school_windows],
        "waiting_since": request.waiting_since,
        "turn_at": request.turn_at,
        "reasons": _reasons(reasons),
        "meetings": request.meetings,
        "needed_by": request.needed_by,
    }


def _reasons(reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    return [asdict(reason) for reason in reasons]


def _dumps(rows: Any) -> str:
    return orjson.dumps(rows).decode()


def _constraint(error: IntegrityError) -> str | None:
    name: str | None = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    return name
