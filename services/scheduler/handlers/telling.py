"""What was decided, put into the events that tell it: one shape for each, whoever decided."""

from collections.abc import Sequence
from datetime import datetime

from services.scheduler.domain.booking import Booking
from services.scheduler.domain.model import ModelTerms
from services.scheduler.domain.release import LiveSession
from services.scheduler.domain.request import Request
from services.scheduler.handlers.cycle_telling import tell_cycle_booked
from services.scheduler.ports import Work
from shared.events import (
    RequestWaiting,
    SessionCompleted,
    SessionHandedOver,
    SessionOffered,
    SessionScheduled,
    TimeFreed,
)
from shared.events.vocabulary import MeetingTime, OfferedTime, Person, Reason


def tell_booked(work: Work, booking: Booking, terms: ModelTerms) -> None:
    """A session, or a whole cycle, is booked."""
    if booking.series is not None:
        tell_cycle_booked(work, booking, terms)
        return
    request, mode = booking.request, terms.modes[booking.request.support_mode]
    work.announce(
        SessionScheduled(
            version=booking.version,
            request_id=request.id,
            session_id=booking.first.session_id,
            sequence=0,
            scheduled_at=work.now,
            coach=booking.coach.person,
            teacher=request.teacher,
            school=request.school,
            place=booking.place,
            starts_at=booking.first.starts_at,
            ends_at=booking.first.ends_at,
            zone=booking.zone,
            coach_type_name=terms.coach_types[booking.coach_type].name,
            topic_title=terms.topics[request.topic].title,
            support_mode=mode.key,
            mode_name=mode.name,
            meetings_planned=1,
            reasons=booking.reasons,
        )
    )


def tell_handed_over(work: Work, before: LiveSession, now: LiveSession, terms: ModelTerms) -> None:
    """The session that one coach had is another's: for the one who had it, it is off."""
    request = now.request
    work.announce(
        SessionHandedOver(
            version=request.version,
            request_id=request.id,
            session_id=now.id,
            sequence=now.sequence,
            handed_over_at=work.now,
            coach=before.coach,
            to=now.coach,
            teacher=request.teacher,
            school=before.request.school,
            place=before.place,
            starts_at=before.starts_at,
            ends_at=before.ends_at,
            zone=work.zone,
            topic_title=terms.topics[request.topic].title,
            mode_name=terms.modes[request.support_mode].name,
        )
    )


def tell_scheduled(
    work: Work, session: LiveSession, terms: ModelTerms, version: int, reasons: Sequence[Reason]
) -> None:
    """A session stands as this says: taken, or moved."""
    request, mode = session.request, terms.modes[session.request.support_mode]
    work.announce(
        SessionScheduled(
            version=version,
            request_id=request.id,
            session_id=session.id,
            sequence=session.sequence,
            scheduled_at=work.now,
            coach=session.coach,
            teacher=request.teacher,
            school=request.school,
            place=session.place,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            zone=work.zone,
            coach_type_name=terms.coach_types[session.coach_type].name,
            topic_title=terms.topics[request.topic].title,
            support_mode=mode.key,
            mode_name=mode.name,
            meetings_planned=1,
            reasons=tuple(reasons),
        )
    )


def tell_completed(
    work: Work, session: LiveSession, terms: ModelTerms, version: int, mode: str
) -> None:
    """They met; `mode` is the support mode as it turned out."""
    request = session.request
    work.announce(
        SessionCompleted(
            version=version,
            request_id=request.id,
            session_id=session.id,
            completed_at=work.now,
            coach=session.coach,
            place=session.place,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            zone=work.zone,
            coach_type_name=terms.coach_types[session.coach_type].name,
            mode_name=terms.modes[mode].name,
        )
    )


def tell_waiting(
    work: Work, request: Request, terms: ModelTerms, version: int, reasons: Sequence[Reason]
) -> None:
    """It waits, and this stands in the way."""
    work.announce(
        RequestWaiting(
            version=version,
            request_id=request.id,
            waiting_since=request.waiting_since,
            teacher=request.teacher,
            topic_title=terms.topics[request.topic].title,
            mode_name=terms.modes[request.support_mode].name,
            reasons=tuple(reasons),
        )
    )


def tell_offered(work: Work, booking: Booking, terms: ModelTerms) -> None:
    """A time, or a whole cycle's, is held for her who waits."""
    offer, request = offered(booking), booking.request
    if offer is None:
        raise ValueError("what is not held is not offered")
    work.announce(
        SessionOffered(
            version=booking.version,
            request_id=request.id,
            offered_at=work.now,
            teacher=request.teacher,
            school=request.school,
            zone=booking.zone,
            topic_title=terms.topics[request.topic].title,
            mode_name=terms.modes[request.support_mode].name,
            offer=offer,
            reasons=booking.reasons,
        )
    )


def offered(booking: Booking) -> OfferedTime | None:
    """What is held, as its teacher is told of it; None when it is booked."""
    if booking.held_until is None:
        return None
    first, *later = booking.meetings
    return OfferedTime(
        session_id=first.session_id,
        coach=booking.coach.person,
        place=booking.place,
        starts_at=first.starts_at,
        ends_at=first.ends_at,
        held_until=booking.held_until,
        later=tuple(MeetingTime(starts_at=o.starts_at, ends_at=o.ends_at) for o in later),
    )


def tell_freed(
    work: Work, coach: Person, starts_at: datetime, ends_at: datetime, version: int = 0
) -> None:
    """A coach has this time again."""
    work.announce(
        TimeFreed(version=version, coach_id=coach.id, starts_at=starts_at, ends_at=ends_at)
    )
