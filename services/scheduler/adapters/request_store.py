"""Requests as rows: how they stand, and who waits in which order."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from services.scheduler.domain.request import Request, RequestState
from shared.events.vocabulary import Person, School, SchoolWindow, Window

_STANDING = text("""
SELECT id, state FROM scheduler.request WHERE id = ANY (CAST(:ids AS uuid[]))
ORDER BY id FOR UPDATE
""")
_REMEMBER_CANCELLED = text("""
INSERT INTO scheduler.request (id, state)
SELECT id, 'cancelled' FROM unnest(CAST(:ids AS uuid[])) AS id ORDER BY id
ON CONFLICT DO NOTHING RETURNING id
""")
# Who has an offer to answer is not tried again meanwhile. Her sessions are found first (OFFSET 0), and then
# looked at whether one is held: else the planner may read every held time for each who waits.
_NOT_HELD = """NOT EXISTS (SELECT FROM (SELECT held_until FROM scheduler.session
    WHERE request_id = r.id AND state <> 'cancelled' OFFSET 0) h WHERE h.held_until IS NOT NULL)"""
_ORDER = "ORDER BY NOT r.ahead, r.turn_at, r.id"
_WAITING_FOR = text(f"""
SELECT r.* FROM scheduler.request r
WHERE r.state = 'waiting' AND {_NOT_HELD} AND EXISTS (
    SELECT FROM scheduler.coach_school s
    JOIN scheduler.coach_offer o ON o.coach_id = s.coach_id
    WHERE s.school_id = r.school_id AND s.coach_id = ANY (CAST(:coaches AS uuid[]))
        AND o.support_mode = r.support_mode AND o.coach_type = ANY (r.coach_types))
{_ORDER} LIMIT :most FOR UPDATE OF r SKIP LOCKED
""")
_WAITING_OF = text(f"""
SELECT r.* FROM scheduler.request r
WHERE r.state = 'waiting' AND {_NOT_HELD} AND r.teacher_id = ANY (CAST(:teachers AS uuid[]))
{_ORDER} LIMIT :most FOR UPDATE OF r SKIP LOCKED
""")
_AFTER = f"""
SELECT r.* FROM scheduler.request r
WHERE r.state = 'waiting' AND {_NOT_HELD}
    AND (NOT r.ahead, r.turn_at, r.id) > (:behind, :since, CAST(:id AS uuid))
"""
_WAITING_AFTER = text(f"{_AFTER} {_ORDER} LIMIT :most FOR UPDATE SKIP LOCKED")
_WAITING_AT_AFTER = text(f"""{_AFTER} AND r.school_id = ANY (CAST(:schools AS uuid[]))
{_ORDER} LIMIT :most FOR UPDATE SKIP LOCKED
""")
_NOBODY = UUID(int=0)
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def standing(connection: Connection, request_ids: Collection[UUID]) -> dict[UUID, RequestState]:
    """How the known ones stand, each locked."""
    rows = connection.execute(_STANDING, {"ids": list(request_ids)})
    return {row.id: RequestState(row.state) for row in rows}


def remember_cancelled(connection: Connection, request_ids: Collection[UUID]) -> set[UUID]:
    """Insert those that are not known, as cancelled."""
    if not request_ids:
        return set()
    return set(connection.scalars(_REMEMBER_CANCELLED, {"ids": list(request_ids)}))


def waiting_for(connection: Connection, coach_ids: Collection[UUID], most: int) -> list[Request]:
    """The oldest who wait and could use one of these coaches."""
    rows = connection.execute(_WAITING_FOR, {"coaches": list(coach_ids), "most": most})
    return [to_request(dict(row)) for row in rows.mappings()]


def waiting_of(connection: Connection, teacher_ids: Collection[UUID], most: int) -> list[Request]:
    """The oldest of these teachers' requests that wait."""
    rows = connection.execute(_WAITING_OF, {"teachers": list(teacher_ids), "most": most})
    return [to_request(dict(row)) for row in rows.mappings()]


def waiting_after(
    connection: Connection, last: Request | None, most: int, school_ids: Collection[UUID] | None
) -> list[Request]:
    """The next who wait, everywhere or at these schools, in the order of fairness."""
    behind, since, id_ = last.turn if last else (False, _BEGINNING, _NOBODY)
    given = {"behind": behind, "since": since, "id": id_, "most": most}
    if school_ids is None:
        rows = connection.execute(_WAITING_AFTER, given)
    else:
        rows = connection.execute(_WAITING_AT_AFTER, given | {"schools": list(school_ids)})
    return [to_request(dict(row)) for row in rows.mappings()]


def to_request(row: dict[str, Any]) -> Request:
    """The request that a row of `scheduler.request` holds."""
    return Request(
        id=row["id"],
        waiting_since=row["waiting_since"],
        model_version=row["model_version"],
        teacher=Person(
            id=row["teacher_id"],
            name=row["teacher_name"],
            email=row["teacher_email"],
            language=row["teacher_language"],
        ),
        school=School(id=row["school_id"], name=row["school_name"]),
        room=row["room"],
        topic=row["topic"],
        support_mode=row["support_mode"],
        coach_types=tuple(row["coach_types"]),
        meeting=row["meeting"],
        windows=tuple(_window(*window) for window in row["windows"]),
        school_windows=tuple(SchoolWindow(**window) for window in row["school_windows"]),
        ahead=row["ahead"],
        version=row["version"],
        meetings=row["meetings"],
        needed_by=row["needed_by"],
        missed=row["missed"],
        head_start=row["waiting_since"] - row["turn_at"],
    )


def _window(starts_at: str, ends_at: str, in_class: bool | None = None) -> Window:
    return Window(
        starts_at=datetime.fromisoformat(starts_at),
        ends_at=datetime.fromisoformat(ends_at),
        in_class=in_class,
    )
