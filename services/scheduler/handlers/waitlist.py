"""Who waits is asked as soon as a time is free: in the order of fairness, and held until she answers."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from uuid import UUID

from services.scheduler.domain.deciding import decide
from services.scheduler.domain.holding import Holding
from services.scheduler.domain.request import Request
from services.scheduler.handlers.owing import offer_owed
from services.scheduler.handlers.telling import tell_offered
from services.scheduler.ports import PlanOutdatedError, Work
from shared.events import TimeFreed
from shared.events.outcome import Outcome
from shared.identity import new_id

_PAGES = 10


def rematch_waiting(
    work: Work, events: Sequence[TimeFreed], *, most: int, holding: Holding
) -> list[Outcome]:
    """Offer the time that was freed to those who wait and could use it, in the order of fairness.

    The turn comes before the look at who waits: a plan in flight that saw the time still taken is
    about to put its request on the waitlist, and nobody would look at that again today.
    """
    work.take_turn()
    coaches = {event.coach_id for event in events}
    offer_owed(work, holding, coaches, most=most)
    waiting = work.waiting_for(coaches, most)
    again = offer_waiting(work, waiting, holding)
    return [Outcome.AGAIN if again else Outcome.DONE for _ in events]


def extend_horizon(work: Work, *, most: int, holding: Holding) -> None:
    """Open the weeks that have come near enough, and offer them to those who wait.

    At most ten pages: whoever plans keeps others from planning until the end.
    """
    work.take_turn()
    work.extend_horizon()
    offer_owed(work, holding, None, most=most)
    _offer_pages(work, most, holding)


def offer_waiting_at(
    work: Work, school_ids: Collection[UUID], *, most: int, holding: Holding
) -> bool:
    """Try once more what cycles owe, and who waits at these schools. True if something was refused."""
    work.take_turn()
    offer_owed(work, holding, None, most=most)
    return _offer_pages(work, most, holding, school_ids)


def offer_waiting_of(
    work: Work, teacher_ids: Collection[UUID], *, most: int, holding: Holding
) -> bool:
    """Try once more what these teachers wait for. True if something was refused."""
    work.take_turn()
    return offer_waiting(work, work.waiting_of(teacher_ids, most), holding)


def _offer_pages(
    work: Work, most: int, holding: Holding, school_ids: Collection[UUID] | None = None
) -> bool:
    last: Request | None = None
    refused = False
    for _ in range(_PAGES):
        page = work.waiting_after(last, most, school_ids)
        if not page:
            break
        refused |= offer_waiting(work, page, holding)
        last = page[-1]
    return refused


def offer_waiting(work: Work, requests: Sequence[Request], holding: Holding) -> bool:
    """Hold what fits now, and ask. Nobody is told again that she waits. True if something was refused.

    What she once asked for may have changed since: so she is asked, and not booked.
    """
    if not requests:
        return False
    terms = work.terms({request.model_version for request in requests})
    picture = work.picture(requests)
    picture = replace(picture, rules=holding.rules(picture.rules, work.now))
    made, waiting = decide(requests, terms, picture, new_id)
    bookings = [holding.held(booking, work.now) for booking in made]
    try:
        held = set(work.book(bookings))
    except PlanOutdatedError:
        return True
    work.keep_waiting(waiting)
    for booking in bookings:
        if booking.request.id in held:
            tell_offered(work, booking, terms[booking.request.model_version])
    return len(held) < len(bookings)
