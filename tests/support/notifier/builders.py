"""Events as the notifier hears them; a test states only what matters to it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from shared.events import (
    CycleScheduled,
    RequestDeclined,
    RequestUnderReview,
    RequestWaiting,
    ReviewOverdue,
    SessionCancelled,
    SessionHandedOver,
    SessionReleased,
    SessionScheduled,
)
from shared.events.vocabulary import (
    CycleMeeting,
    Person,
    Place,
    Reason,
    Redirect,
    School,
)
from shared.identity import new_id

NOW = datetime(2026, 10, 5, 15, 0, tzinfo=UTC)
START = datetime(2026, 10, 20, 16, 0, tzinfo=UTC)


def a_person(name: str = "Ana Núñez", email: str | None = None, language: str = "en") -> Person:
    id_ = new_id()
    return Person(
        id=id_, name=name, email=email or f"p{id_.hex}@division.example", language=language
    )


def a_session(request_id: UUID | None = None, **facts: Any) -> SessionScheduled:
    starts_at = facts.get("starts_at", START)
    known: dict[str, Any] = {
        "version": 1,
        "request_id": request_id or new_id(),
        "session_id": new_id(),
        "sequence": 0,
        "scheduled_at": NOW,
        "coach": a_person("Dana Cole"),
        "teacher": a_person(),
        "school": School(id=new_id(), name="Northview School"),
        "place": Place(kind="room", address="Room 12"),
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=45),
        "zone": "America/Edmonton",
        "coach_type_name": "Literacy coach",
        "topic_title": "Guided reading",
        "support_mode": "collaboration",
        "mode_name": "Collaboration",
        "meetings_planned": 1,
        "reasons": (
            Reason(code="earliest", sentence="It is the earliest time that suits you both"),
        ),
    }
    return SessionScheduled(**(known | facts))


def a_cycle(**facts: Any) -> CycleScheduled:
    """Two meetings, a week apart, told for the first time."""
    series_id, coach = facts.get("series_id", new_id()), facts.get("coach", a_person("Dana Cole"))
    known: dict[str, Any] = {
        "version": 1,
        "request_id": new_id(),
        "changed_at": NOW,
        "state": "open",
        "because": "booked",
        "series_id": series_id,
        "sequence": 0,
        "anchor_at": START,
        "planned": 2,
        "weeks_between": 1,
        "coach": coach,
        "teacher": a_person(),
        "school": School(id=new_id(), name="Northview School"),
        "place": Place(kind="room", address="Room 12"),
        "zone": "America/Edmonton",
        "coach_type_name": "Literacy coach",
        "topic_title": "Guided reading",
        "support_mode": "cognitive_coaching",
        "mode_name": "Cognitive coaching",
        "meetings": tuple(
            a_meeting(series_id, number, START + timedelta(days=7 * number), coach)
            for number in range(2)
        ),
        "offers": (),
        "former": None,
        "reasons": (Reason(code="covers", sentence="Her role covers it."),),
    }
    return CycleScheduled(**(known | facts))


def a_meeting(series_id: UUID, number: int, starts_at: datetime, coach: Person) -> CycleMeeting:
    return CycleMeeting(
        session_id=new_id(),
        series_id=series_id,
        number=number + 1,
        coach_name=coach.name,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=45),
        state="scheduled",
    )


def its_cancellation(session: SessionScheduled, **facts: Any) -> SessionCancelled:
    known: dict[str, Any] = {
        "version": session.version + 1,
        "request_id": session.request_id,
        "session_id": session.session_id,
        "sequence": session.sequence + 1,
        "cancelled_at": NOW,
        "cancelled_by": "teacher",
        "coach": session.coach,
        "teacher": session.teacher,
        "school": session.school,
        "place": session.place,
        "starts_at": session.starts_at,
        "ends_at": session.ends_at,
        "zone": session.zone,
        "topic_title": session.topic_title,
        "mode_name": session.mode_name,
    }
    return SessionCancelled(**(known | facts))


def its_release(session: SessionScheduled, **facts: Any) -> SessionReleased:
    known: dict[str, Any] = {
        "version": session.version + 1,
        "request_id": session.request_id,
        "session_id": session.session_id,
        "sequence": session.sequence + 1,
        "released_at": NOW,
        "because": "school_closed",
        "coach": session.coach,
        "teacher": session.teacher,
        "school": session.school,
        "place": session.place,
        "starts_at": session.starts_at,
        "ends_at": session.ends_at,
        "zone": session.zone,
        "topic_title": session.topic_title,
        "mode_name": session.mode_name,
        "offer": None,
        "reasons": (Reason(code="school_closed", sentence="Larch School is closed that day."),),
    }
    return SessionReleased(**(known | facts))


def a_wait(request_id: UUID | None = None, **facts: Any) -> RequestWaiting:
    known: dict[str, Any] = {
        "version": 1,
        "request_id": request_id or new_id(),
        "waiting_since": NOW,
        "teacher": a_person(),
        "topic_title": "Guided reading",
        "mode_name": "Collaboration",
        "reasons": (Reason(code="busy", sentence="2 coaches have no time left", count=2),),
    }
    return RequestWaiting(**(known | facts))


def a_decline(**facts: Any) -> RequestDeclined:
    known: dict[str, Any] = {
        "version": 1,
        "request_id": new_id(),
        "declined_at": NOW,
        "teacher": a_person(),
        "topic_title": "Fix a projector",
        "clause": "Repairs belong to the help desk.",
        "redirect": Redirect(
            key="help-desk",
            label="IT help desk",
            kind="link",
            target="https://help.division.example",
            sentence="The IT help desk can get that going for you.",
        ),
    }
    return RequestDeclined(**(known | facts))


def a_review(request_id: UUID | None = None, **facts: Any) -> RequestUnderReview:
    known: dict[str, Any] = {
        "version": 1,
        "request_id": request_id or new_id(),
        "submitted_at": NOW,
        "teacher": a_person(),
    }
    return RequestUnderReview(**(known | facts))


def an_overdue_review(request_id: UUID | None = None, **facts: Any) -> ReviewOverdue:
    known: dict[str, Any] = {
        "version": 1,
        "request_id": request_id or new_id(),
        "under_review_since": NOW - timedelta(hours=49),
        "admins": (a_person("Ada Brandt"), a_person("Max Roy")),
    }
    return ReviewOverdue(**(known | facts))


def its_handing_over(session: SessionScheduled, to: Person, **facts: Any) -> SessionHandedOver:
    known: dict[str, Any] = {
        "version": session.version + 1,
        "request_id": session.request_id,
        "session_id": session.session_id,
        "sequence": session.sequence + 1,
        "handed_over_at": NOW,
        "coach": session.coach,
        "to": to,
        "teacher": session.teacher,
        "school": session.school,
        "place": session.place,
        "starts_at": session.starts_at,
        "ends_at": session.ends_at,
        "zone": session.zone,
        "topic_title": session.topic_title,
        "mode_name": session.mode_name,
    }
    return SessionHandedOver(**(known | facts))
