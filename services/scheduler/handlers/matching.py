"""A new model, and new requests: fetch, decide, store, announce.

Idempotent by state, and right in any order of arrival: a request may be cancelled before it is known.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from services.scheduler.domain.booking import Booking
from services.scheduler.domain.deciding import decide
from services.scheduler.domain.model import ModelTerms
from services.scheduler.domain.request import Request
from services.scheduler.handlers.telling import tell_booked, tell_waiting
from services.scheduler.ports import PlanOutdatedError, Work
from shared.events import ModelPublished, RequestSubmitted
from shared.events.outcome import Outcome
from shared.identity import new_id


def record_model(work: Work, events: Sequence[ModelPublished]) -> None:
    """Keep what was published as data; from now on it may be booked under.

    Coaches' caps and weeks follow it, and so it waits for its turn.
    """
    work.take_turn()
    for event in sorted(events, key=lambda event: event.model_version):
        work.record_model(event)


def match_requests(work: Work, events: Sequence[RequestSubmitted]) -> list[Outcome]:
    """Plan a batch of new requests from one picture, book the plan, and tell what became of each.

    A request under a model version that is not known yet is parked. One that is known (a second
    copy, or a cancellation that came first) books nothing. What was refused is planned anew.
    """
    work.take_turn()
    known = work.standing({event.request_id for event in events})
    terms = work.terms({event.model_version for event in events})
    fresh = {
        event.request_id: _request_of(event)
        for event in events
        if event.request_id not in known and event.model_version in terms
    }
    settled = _place_new(work, _in_turn(work, fresh.values()), terms)
    outcomes = []
    for event in events:
        if event.request_id in known or event.request_id in settled:
            outcomes.append(Outcome.DONE)
        else:
            outcomes.append(Outcome.AGAIN if event.model_version in terms else Outcome.PARK)
    return outcomes


def _in_turn(work: Work, requests: Collection[Request]) -> list[Request]:
    """The requests, each with the head start that it has among those who wait."""
    if not requests:
        return []
    turns = work.turns()
    return [replace(request, head_start=turns.head_start(request)) for request in requests]


def _place_new(work: Work, requests: list[Request], terms: Mapping[int, ModelTerms]) -> set[UUID]:
    """Book or put on the waitlist; the ids of those that are settled."""
    if not requests:
        return set()
    bookings, waiting = decide(requests, terms, work.picture(requests), new_id)
    try:
        booked = set(work.book(bookings))
    except PlanOutdatedError:
        return set()
    stored = set(work.store_waiting(waiting))
    _tell_booked(work, (b for b in bookings if b.request.id in booked), terms)
    for entry in waiting:
        if entry.request.id in stored:
            request = entry.request
            of_model = terms[request.model_version]
            tell_waiting(work, request, of_model, request.version + 1, entry.reasons)
    return booked | stored


def _tell_booked(work: Work, bookings: Iterable[Booking], terms: Mapping[int, ModelTerms]) -> None:
    for booking in bookings:
        tell_booked(work, booking, terms[booking.request.model_version])


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
        meetings=event.meetings,
        needed_by=event.needed_by,
    )
