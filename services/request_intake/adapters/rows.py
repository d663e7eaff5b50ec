"""Requests as rows and rows as requests."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, exists, select

from services.request_intake.adapters.tables import exception_grant, request, review, school
from services.request_intake.domain.request import Request
from services.request_intake.domain.standing import BookedSession, CycleStanding, Standing, State
from shared.events.vocabulary import (
    CycleMeeting,
    MeetingTime,
    OfferedTime,
    Person,
    Place,
    Reason,
    Redirect,
    School,
    SchoolWindow,
    Window,
)

# The columns of a request that keep their value on the way in and out.
PLAIN = (
    "id",
    "teacher_id",
    "words",
    "topic",
    "support_mode",
    "meeting",
    "room",
    "model_version",
    "decision",
    "clause",
    "version",
    "submitted_at",
    "changed_at",
    "standing_version",
    "notice_failed",
    "asked_topic",
    "asked_mode",
    "meetings",
    "needed_by",
    "appealed",
    "excepted",
)

_appeal, _grant = review.alias("appeal"), exception_grant.alias("granted")
_APPEALED = exists().where(_appeal.c.request_id == request.c.id, _appeal.c.why == "appeal")
_EXCEPTED = exists().where(_grant.c.request_id == request.c.id)


def requests() -> Select[Any]:
    """Requests with the name of their school: what `to_request` reads."""
    return select(
        request,
        school.c.name.label("school_name"),
        _APPEALED.label("appealed"),
        _EXCEPTED.label("excepted"),
    ).join(school, school.c.id == request.c.school_id)


def to_request(row: RowMapping) -> Request:
    """The request that a row of `requests` holds."""
    return Request(
        school=School(id=row["school_id"], name=row["school_name"]),
        coach_types=tuple(row["coach_types"]),
        suggestions=tuple(row["suggestions"]),
        windows=tuple(
            Window(
                starts_at=_instant(w["starts_at"]),
                ends_at=_instant(w["ends_at"]),
                in_class=w.get("in_class"),
            )
            for w in row["windows"]
        ),
        school_windows=tuple(SchoolWindow(**window) for window in row["school_windows"]),
        redirect=None if row["redirect"] is None else Redirect(**row["redirect"]),
        state=State(row["state"]),
        standing=_to_standing(row["standing"]),
        **{name: row[name] for name in PLAIN},
    )


def _to_standing(stored: dict[str, Any] | None) -> Standing | None:
    if stored is None:
        return None
    reasons = tuple(Reason(**reason) for reason in stored["reasons"])
    return Standing(
        session=_to_session(stored["session"]),
        reasons=reasons,
        offer=_to_offer(stored["offer"]) if stored.get("offer") else None,
        cycle=_to_cycle(stored.get("cycle")),
    )


def _to_cycle(stored: dict[str, Any] | None) -> CycleStanding | None:
    if stored is None:
        return None
    meetings = (
        CycleMeeting(
            **{
                **one,
                "session_id": UUID(one["session_id"]),
                "series_id": UUID(one["series_id"]),
                "starts_at": _instant(one["starts_at"]),
                "ends_at": _instant(one["ends_at"]),
            }
        )
        for one in stored["meetings"]
    )
    offers = tuple(_to_offer(one) for one in stored["offers"])
    return CycleStanding(**{**stored, "meetings": tuple(meetings), "offers": offers})


def _to_offer(stored: dict[str, Any]) -> OfferedTime:
    coach = stored["coach"]
    return OfferedTime(
        session_id=UUID(stored["session_id"]),
        coach=Person(**{**coach, "id": UUID(coach["id"])}),
        place=Place(**stored["place"]),
        starts_at=_instant(stored["starts_at"]),
        ends_at=_instant(stored["ends_at"]),
        held_until=_instant(stored["held_until"]),
        later=tuple(
            MeetingTime(starts_at=_instant(one["starts_at"]), ends_at=_instant(one["ends_at"]))
            for one in stored.get("later", ())
        ),
    )


def _to_session(stored: dict[str, Any] | None) -> BookedSession | None:
    if stored is None:
        return None
    known = {
        **stored,
        "session_id": UUID(stored["session_id"]),
        "place": Place(**stored["place"]),
        "starts_at": _instant(stored["starts_at"]),
        "ends_at": _instant(stored["ends_at"]),
    }
    return BookedSession(**known)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
