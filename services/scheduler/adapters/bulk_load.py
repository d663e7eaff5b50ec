"""Bring in coaches and past sessions by the thousand, with COPY: a demo division, later an import.

The caller owns the transaction. A model must be known first: its division gives the zone, and its
combinations are what sessions refer to. Coaches are idempotent by id: offers, schools, hours and
exceptions become what is given. Weeks are opened as far ahead as the scheduler's settings say.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, LiteralString
from uuid import UUID

from psycopg import sql
from sqlalchemy import Connection

from services.scheduler.adapters import hours_store
from services.scheduler.adapters.picture import zone_of
from services.scheduler.domain.local_week import Horizon
from shared.identity import new_id

_USUAL_WEEKS = 14


@dataclass(frozen=True, kw_only=True)
class HoursSeed:
    """A stretch of wall time on each such weekday (1 is Monday), or on the days of a school's label."""

    iso_weekday: int | None = None
    starts: time
    ends: time
    label_school: UUID | None = None
    label: str | None = None
    protected: bool = False
    at_school: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class ExceptionSeed:
    """One date that differs: `kind` is off or extra; without clock times it is the whole day."""

    day: date
    kind: str = "off"
    starts: time | None = None
    ends: time | None = None


@dataclass(frozen=True, kw_only=True)
class CoachSeed:
    """A coach as she works. `id` is her person's id; `offers` are (coach type, support mode) pairs."""

    id: UUID
    name: str
    email: str
    offers: Sequence[tuple[str, str]]
    school_ids: Sequence[UUID]
    hours: Sequence[HoursSeed]
    sessions_per_day: int
    weekly_minutes: int
    exceptions: Sequence[ExceptionSeed] = ()
    language: str = "en"
    online_address: str = ""
    home_base: UUID | None = None
    cycles_at_once: int = 5
    buffer_minutes: int = 0
    notice_minutes: int | None = None


@dataclass(frozen=True, kw_only=True)
class SessionSeed:
    """A completed session, with what its request said. Starts and ends on the five-minute grid."""

    id: UUID
    request_id: UUID
    coach_id: UUID
    teacher_id: UUID
    teacher_name: str
    teacher_email: str
    school_id: UUID
    school_name: str
    model_version: int
    coach_type: str
    topic: str
    support_mode: str
    starts_at: datetime
    ends_at: datetime
    place_kind: str = "room"
    place_address: str = ""
    teacher_language: str = "en"


def load_coaches(
    connection: Connection,
    coaches: Iterable[CoachSeed],
    *,
    now: datetime,
    weeks: int = _USUAL_WEEKS,
) -> int:
    """Bring in coaches and open their next `weeks` local weeks; how many there were."""
    given = list(coaches)
    _stage(connection, "coach", _COACH, (_coach_row(coach) for coach in given))
    _execute(connection, _MERGE_COACHES)
    _stage(
        connection,
        "coach_offer",
        ("coach_id", "coach_type", "support_mode"),
        ((coach.id, *offer) for coach in given for offer in coach.offers),
    )
    _stage(
        connection,
        "coach_school",
        ("coach_id", "school_id"),
        ((coach.id, school_id) for coach in given for school_id in coach.school_ids),
    )
    _execute(connection, _MERGE_WHAT_THEY_DO)
    _copy(connection, "scheduler.weekly_hours", _HOURS, _hours_rows(given))
    _copy(connection, "scheduler.hours_exception", _EXCEPTION, _exception_rows(given))
    zone = zone_of(connection)
    horizon = Horizon.of(now, weeks, zone)
    ids = [coach.id for coach in given]
    opened = hours_store.open_weeks(connection, ids, horizon.weeks, zone)
    hours_store.store(connection, list(opened))
    return len(given)


def load_past_sessions(connection: Connection, sessions: Iterable[SessionSeed]) -> int:
    """Bring in completed sessions with their requests; how many there were.

    The promises hold here as everywhere: what is out of remit or past a cap is refused.
    """
    given = list(sessions)
    _copy(connection, "scheduler.request", _REQUEST, (_request_row(seed) for seed in given))
    _copy(connection, "scheduler.session", _SESSION, (_session_row(seed) for seed in given))
    return len(given)


_COACH = (
    "id",
    "name",
    "email",
    "language",
    "online_address",
    "sessions_per_day",
    "weekly_minutes",
    "home_base",
    "cycles_at_once",
    "buffer_minutes",
    "notice_minutes",
)
_OF_HOURS = ("iso_weekday", "starts", "ends", "label_school", "label", "protected", "at_school")
_HOURS = ("coach_id", *_OF_HOURS)
_EXCEPTION = ("id", "coach_id", "day", "kind", "starts", "ends")
_REQUEST = (
    *("id", "state", "version", "model_version", "teacher_id", "teacher_name", "teacher_email"),
    *("teacher_language", "school_id", "school_name", "room", "topic", "support_mode"),
    *("coach_types", "meeting", "windows", "waiting_since", "turn_at"),
)
_SESSION = (
    *("id", "request_id", "coach_id", "teacher_id", "school_id", "model_version", "coach_type"),
    *("topic", "support_mode", "place_kind", "place_address", "during", "state", "recorded_at"),
)

_MERGE_COACHES: LiteralString = """
INSERT INTO scheduler.coach AS kept
    (id, name, email, language, online_address, sessions_per_day, weekly_minutes, home_base,
    cycles_at_once, buffer_minutes, notice_minutes)
SELECT id, name, email, language, online_address, sessions_per_day, weekly_minutes, home_base,
    cycles_at_once, buffer_minutes, notice_minutes
FROM incoming_coach ORDER BY id
ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email,
    language = excluded.language, online_address = excluded.online_address,
    sessions_per_day = excluded.sessions_per_day, weekly_minutes = excluded.weekly_minutes,
    home_base = excluded.home_base, cycles_at_once = excluded.cycles_at_once,
    buffer_minutes = excluded.buffer_minutes, notice_minutes = excluded.notice_minutes
"""
_MERGE_WHAT_THEY_DO: LiteralString = """
DELETE FROM scheduler.coach_offer o USING incoming_coach c
WHERE o.coach_id = c.id AND NOT EXISTS (SELECT FROM incoming_coach_offer i
    WHERE (i.coach_id, i.coach_type, i.support_mode)
        = (o.coach_id, o.coach_type, o.support_mode));
INSERT INTO scheduler.coach_offer (coach_id, coach_type, support_mode)
SELECT DISTINCT coach_id, coach_type, support_mode FROM incoming_coach_offer
ON CONFLICT DO NOTHING;
DELETE FROM scheduler.coach_school s USING incoming_coach c
WHERE s.coach_id = c.id AND NOT EXISTS (SELECT FROM incoming_coach_school i
    WHERE (i.coach_id, i.school_id) = (s.coach_id, s.school_id));
INSERT INTO scheduler.coach_school (coach_id, school_id)
SELECT DISTINCT coach_id, school_id FROM incoming_coach_school ON CONFLICT DO NOTHING;
DELETE FROM scheduler.weekly_hours h USING incoming_coach c WHERE h.coach_id = c.id;
DELETE FROM scheduler.hours_exception e USING incoming_coach c WHERE e.coach_id = c.id;
DROP TABLE incoming_coach, incoming_coach_offer, incoming_coach_school
"""


def _coach_row(seed: CoachSeed) -> tuple[Any, ...]:
    return tuple(getattr(seed, name) for name in _COACH)


def _hours_rows(coaches: Sequence[CoachSeed]) -> Iterator[tuple[Any, ...]]:
    for coach in coaches:
        for hours in coach.hours:
            yield (coach.id, *(getattr(hours, name) for name in _OF_HOURS))


def _exception_rows(coaches: Sequence[CoachSeed]) -> Iterator[tuple[Any, ...]]:
    for coach in coaches:
        for exception in coach.exceptions:
            yield (
                *(new_id(), coach.id, exception.day),
                *(exception.kind, exception.starts, exception.ends),
            )


def _request_row(seed: SessionSeed) -> tuple[Any, ...]:
    return (
        *(seed.request_id, "completed", 1, seed.model_version, seed.teacher_id, seed.teacher_name),
        *(seed.teacher_email, seed.teacher_language, seed.school_id, seed.school_name, ""),
        *(seed.topic, seed.support_mode, [seed.coach_type]),
        *("online" if seed.place_kind == "online" else "in_person", "[]", seed.starts_at),
        seed.starts_at,
    )


def _session_row(seed: SessionSeed) -> tuple[Any, ...]:
    during = f"[{seed.starts_at.isoformat()},{seed.ends_at.isoformat()})"
    return (
        *(seed.id, seed.request_id, seed.coach_id, seed.teacher_id, seed.school_id),
        *(seed.model_version, seed.coach_type, seed.topic, seed.support_mode),
        *(seed.place_kind, seed.place_address or seed.school_name, during, "completed"),
        seed.starts_at,
    )


def _stage(
    connection: Connection, table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    create = sql.SQL(
        "CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT {} FROM scheduler.{} WITH NO DATA"
    ).format(_incoming(table), _names(columns), sql.Identifier(table))
    _execute(connection, create)
    _copy(connection, f"incoming_{table}", columns, rows)


def _copy(
    connection: Connection, table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(*table.split(".")), _names(columns)
    )
    with _cursor(connection) as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _execute(connection: Connection, statement: LiteralString | sql.Composed) -> None:
    with _cursor(connection) as cursor:
        cursor.execute(statement)


def _cursor(connection: Connection) -> Any:
    return connection.connection.cursor()


def _incoming(table: str) -> sql.Identifier:
    return sql.Identifier(f"incoming_{table}")


def _names(columns: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))
