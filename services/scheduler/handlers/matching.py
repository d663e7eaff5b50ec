"""What the scheduler does when it is told something: fetch, decide, store, announce.

Idempotent by state, and right in any order of arrival: a request may be cancelled before it is known.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from services.scheduler.domain.booking import Booking, CancelledSession, Waiting, book
from services.scheduler.domain.matching import Match
from services.scheduler.domain.model import ModelTerms
from services.scheduler.domain.planning import Decision, Picture, plan
from services.scheduler.domain.reasons import why_this, why_waiting
from services.scheduler.domain.request import Request, RequestState
from services.scheduler.ports import PlanOutdatedError, Work
from shared.events import (
    ModelPublished,
    RequestCancelled,
    RequestSubmitted,
    RequestWaiting,
    SessionCancelled,
    SessionScheduled,
    TimeFreed,
)
from shared.events.outcome import Outcome
from shared.identity import new_id

_PAGES = 10


def record_model(work: Work, events: Sequence[ModelPublished]) -> None:
    """Keep what was published as data; from now on it may be booked under."""
    for event in sorted(events, key=lambda event: event.model_version):
        work.record_model(event)


def match_requests(work: Work, events: Sequence[RequestSubmitted]) -> list[Outcome]:
    """Plan a batch of new requests from one picture, book the plan, and tell what became of each.

    A request under a model version that is not known yet is parked. One that is known (a second
    copy, or a cancellation that came first) books nothing. What was refused is planned anew.
    """
    known = work.standing({event.request_id for event in events})
    terms = work.terms({event.model_version for event in events})
    fresh = {
        event.request_id: _request_of(event)
        for event in events
        if event.request_id not in known and event.model_version in terms
    }
    settled = _place_new(work, list(fresh.values()), terms)
    outcomes = []
    for event in events:
        if event.request_id in known or event.request_id in settled:
            outcomes.append(Outcome.DONE)
        else:
            outcomes.append(Outcome.AGAIN if event.model_version in terms else Outcome.PARK)
    return outcomes


def cancel_request(work: Work, events: Sequence[RequestCancelled]) -> list[Outcome]:
    """Take off what was booked, free the time, and remember a cancellation that came early."""
    ids = {event.request_id for event in events}
    known = work.standing(ids)
    kept = work.remember_cancelled(ids - known.keys())
    open_ids = {
        id_ for id_, s in known.items() if s in {RequestState.WAITING, RequestState.SCHEDULED}
    }
    for session in work.cancel(open_ids):
        _tell_cancelled(work, session)
    return [
        Outcome.DONE if event.request_id in known or event.request_id in kept else Outcome.AGAIN
        for event in events
    ]


def rematch_waiting(work: Work, events: Sequence[TimeFreed], *, most: int) -> list[Outcome]:
    """Match who waits and could use the coaches whose time was freed, oldest first.

    The turn comes before the look at who waits: a plan in flight that saw the time still taken is
    about to put its request on the waitlist, and nobody would look at that again today.
    """
    work.take_turn()
    waiting = work.waiting_for({event.coach_id for event in events}, most)
    again = _place_waiting(work, waiting)
    return [Outcome.AGAIN if again else Outcome.DONE for _ in events]


def match_waiting_of(work: Work, teacher_ids: Collection[UUID], *, most: int) -> bool:
    """Try once more what these teachers wait for. True if something was refused."""
    work.take_turn()
    return _place_waiting(work, work.waiting_of(teacher_ids, most))


def extend_horizon(work: Work, *, most: int) -> None:
    """Open the weeks that have come near enough, and try who waits once more, oldest first.

    At most ten pages: whoever plans keeps others from planning until the end.
    """
    work.take_turn()
    work.extend_horizon()
    _place_pages(work, most)


def match_waiting_at(work: Work, school_ids: Collection[UUID], *, most: int) -> bool:
    """Try who waits at these schools once more, oldest first. True if something was refused."""
    work.take_turn()
    return _place_pages(work, most, school_ids)


def _place_pages(work: Work, most: int, school_ids: Collection[UUID] | None = None) -> bool:
    last: Request | None = None
    refused = False
    for _ in range(_PAGES):
        page = work.waiting_after(last, most, school_ids)
        if not page:
            break
        refused |= _place_waiting(work, page)
        last = page[-1]
    return refused


def _place_new(work: Work, requests: list[Request], terms: Mapping[int, ModelTerms]) -> set[UUID]:
    """Book or put on the waitlist; the ids of those that are settled."""
    if not requests:
        return set()
    bookings, waiting = _decide(work, requests, terms)
    try:
        booked = set(work.book(bookings))
    except PlanOutdatedError:
        return set()
    stored = set(work.store_waiting(waiting))
    _tell_scheduled(work, (b for b in bookings if b.request.id in booked), terms)
    for entry in waiting:
        if entry.request.id in stored:
            _tell_waiting(work, entry, terms[entry.request.model_version])
    return booked | stored


def _place_waiting(work: Work, requests: Sequence[Request]) -> bool:
    """Book what fits now. Nobody is told again that she waits. True if something was refused."""
    if not requests:
        return False
    terms = work.terms({request.model_version for request in requests})
    bookings, waiting = _decide(work, requests, terms)
    try:
        booked = set(work.book(bookings))
    except PlanOutdatedError:
        return True
    work.keep_waiting(waiting)
    _tell_scheduled(work, (b for b in bookings if b.request.id in booked), terms)
    return len(booked) < len(bookings)


def _decide(
    work: Work, requests: Sequence[Request], terms: Mapping[int, ModelTerms]
) -> tuple[list[Booking], list[Waiting]]:
    picture = work.picture(requests)
    bookings: list[Booking] = []
    waiting: list[Waiting] = []
    for decision in plan(requests, terms, picture):
        made = _made_of(decision, terms[decision.request.model_version], picture)
        if isinstance(made, Booking):
            bookings.append(made)
        else:
            waiting.append(made)
    return bookings, waiting


def _made_of(decision: Decision, terms: ModelTerms, picture: Picture) -> Booking | Waiting:
    request, found = decision.request, decision.found
    if isinstance(found, Match):
        reasons = why_this(found, request, terms, picture.teachers[request.teacher.id])
        return book(found, request, terms, new_id(), reasons)
    return Waiting(
        request=request, reasons=why_waiting(found, request), candidates=found.candidates
    )


def _tell_scheduled(
    work: Work, bookings: Iterable[Booking], terms: Mapping[int, ModelTerms]
) -> None:
    for booking in bookings:
        request = booking.request
        of_model = terms[request.model_version]
        mode = of_model.modes[request.support_mode]
        work.announce(
            SessionScheduled(
                version=booking.version,
                request_id=request.id,
                session_id=booking.session_id,
                sequence=0,
                scheduled_at=work.now,
                coach=booking.coach.person,
                teacher=request.teacher,
                school=request.school,
                place=booking.place,
                starts_at=booking.starts_at,
                ends_at=booking.ends_at,
                zone=booking.zone,
                coach_type_name=of_model.coach_types[booking.coach_type].name,
                topic_title=of_model.topics[request.topic].title,
                support_mode=mode.key,
                mode_name=mode.name,
                meetings_planned=mode.sessions_max,
                reasons=booking.reasons,
            )
        )


def _tell_waiting(work: Work, waiting: Waiting, terms: ModelTerms) -> None:
    request = waiting.request
    work.announce(
        RequestWaiting(
            version=request.version + 1,
            request_id=request.id,
            waiting_since=request.waiting_since,
            teacher=request.teacher,
            topic_title=terms.topics[request.topic].title,
            mode_name=terms.modes[request.support_mode].name,
            reasons=waiting.reasons,
        )
    )


def _tell_cancelled(work: Work, session: CancelledSession) -> None:
    work.announce(
        SessionCancelled(
            version=session.version,
            request_id=session.request_id,
            session_id=session.session_id,
            sequence=session.sequence,
            cancelled_at=work.now,
            cancelled_by="teacher",
            coach=session.coach,
            teacher=session.teacher,
            school=session.school,
            place=session.place,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            zone=session.zone,
            topic_title=session.topic_title,
            mode_name=session.mode_name,
        )
    )
    work.announce(
        TimeFreed(
            version=session.sequence,
            coach_id=session.coach.id,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
        )
    )


def _request_of(event: RequestSubmitted) -> Request:
    return Request(
        id=event.request_id,
        waiting_since=event.submitted_at,
        model_version=event.model_version,
        teacher=event.teacher,
        school=event.school,
        room=event.room,
        topic=event.topic,
        support_mode=event.support_mode,
        coach_types=event.coach_types,
        meeting=event.meeting,
        windows=event.windows,
        school_windows=event.school_windows,
    )
