"""When schools' days change: what can not take place falls away, another time is held."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from services.scheduler.domain.booking import Booking, book
from services.scheduler.domain.holding import Holding
from services.scheduler.domain.model import ModelTerms
from services.scheduler.domain.planning import write_in
from services.scheduler.domain.reasons import why_held, why_released
from services.scheduler.domain.release import (
    LiveSession,
    Moved,
    Released,
    Replacing,
    made_impossible,
)
from services.scheduler.handlers.cycle_releasing import let_go_of_cycles
from services.scheduler.handlers.telling import offered, tell_all_freed, tell_freed
from services.scheduler.handlers.waitlist import offer_waiting_at
from services.scheduler.ports import Closures, PlanOutdatedError, TakingOff, Work
from shared.events import SchoolDaysChanged, SessionReleased
from shared.events.outcome import Outcome
from shared.identity import new_id


@dataclass(frozen=True, kw_only=True)
class Offered:
    """How many meetings were held in place of lost ones, at each school."""

    by_school: Mapping[UUID, int]

    @property
    def total(self) -> int:
        """At all schools."""
        return sum(self.by_school.values())


def follow_school_days(
    work: Work,
    closures: Closures,
    events: Sequence[SchoolDaysChanged],
    *,
    holding: Holding,
    most: int,
) -> list[Outcome]:
    """What can no longer take place is released; where a year changed, who waits is tried again."""
    release_impossible(work, closures, events, holding=holding)
    years = [event for event in events if event.declaration_id is None]
    schools = {event.school_id for event in years}
    if years and offer_waiting_at(work, schools, most=most, holding=holding):
        return [Outcome.AGAIN if event in years else Outcome.DONE for event in events]
    closures.forget_replaced(years)
    return [Outcome.DONE] * len(events)


def release_impossible(
    work: Work, closures: Closures, events: Sequence[SchoolDaysChanged], *, holding: Holding
) -> None:
    """Find what can no longer take place at these schools, hold another time for each, and tell.

    Nobody is written to whose time did not change. What nothing can be held for waits at the head.
    """
    work.take_turn()
    for coach_id in work.follow_labels([event.school_id for event in events]):
        tell_all_freed(work, coach_id)
    moved = closures.moved(events)
    live = closures.live([event.school_id for event in events])
    released = _impossible(work, live, moved)
    held = let_go(work, closures, released, moved, holding)
    _count(closures, events, released, held)


def let_go(
    work: Work,
    taking_off: TakingOff,
    released: Sequence[Released],
    moved: Mapping[UUID, Moved],
    holding: Holding,
) -> Offered:
    """Take these off, hold another time for each where there is one, and tell; what is held instead.

    Whoever calls has the planners' turn. Those whom it hits are served before anybody else.
    """
    single = [one for one in released if not one.session.request.is_cycle]
    held = Counter(_let_go_of_single(work, taking_off, single, moved, holding))
    of_cycles = [one for one in released if one.session.request.is_cycle]
    held.update(let_go_of_cycles(work, of_cycles, moved, holding))
    return Offered(by_school=held)


def _let_go_of_single(
    work: Work,
    taking_off: TakingOff,
    released: Sequence[Released],
    moved: Mapping[UUID, Moved],
    holding: Holding,
) -> list[UUID]:
    """The schools at which something is held now, once for each."""
    now = taking_off.release(released)
    bookings = _replace(work, released, now, moved, holding)
    try:
        held = set(work.book(bookings))
    except PlanOutdatedError:
        held = set()  # the head of the waitlist is served next
    offers = {b.first.instead_of: b for b in bookings if b.request.id in held}
    terms = work.terms({one.session.request.model_version for one in released})
    for one in released:
        session = now[one.session.id]
        _tell(work, one, session, offers.get(session.id), terms[session.request.model_version])
        tell_freed(work, session.coach, session.starts_at, session.ends_at, session.sequence)
    return [booking.request.school.id for booking in offers.values()]


def _impossible(
    work: Work, live: Sequence[LiveSession], moved: Mapping[UUID, Moved]
) -> list[Released]:
    if not live:
        return []
    terms = work.terms({session.request.model_version for session in live})
    rules = work.picture([session.request for session in live]).rules
    found = []
    for session in live:
        request = session.request
        hers = rules.time_of(request)
        before = moved[request.school.id].time_of(hers, rules.horizon)
        of_model = terms[request.model_version]
        because = made_impossible(session, of_model, before, hers, rules.horizon)
        if because is not None:
            found.append(Released(session=session, because=because))
    return found


def _replace(
    work: Work,
    released: Sequence[Released],
    now: Mapping[UUID, LiveSession],
    moved: Mapping[UUID, Moved],
    holding: Holding,
) -> list[Booking]:
    """The best time for each, in the order of fairness; each sees what those before it took."""
    if not released:
        return []
    terms = work.terms({one.session.request.model_version for one in released})
    picture = work.picture([session.request for session in now.values()])
    diaries = picture.by_school()
    horizon = picture.rules.horizon
    rules = holding.rules(picture.rules, work.now)
    bookings = []
    for one in sorted(released, key=lambda one: one.session.request.turn):
        session = now[one.session.id]
        of_model = terms[session.request.model_version]
        change = moved.get(session.request.school.id)
        target = change.target(session.starts_at, horizon) if change else None
        search = Replacing(
            released=session,
            terms=of_model,
            rules=rules,
            teacher=picture.teachers[session.request.teacher.id],
        )
        found = search.best(diaries.get(session.request.school.id, []), target)
        if found is not None:
            write_in(found, session.request, picture)
            reasons = why_held(found, session, one.because, target)
            booking = book(found, session.request, of_model, new_id, reasons)
            bookings.append(_held(booking, session, work, holding))
    return bookings


def _held(booking: Booking, session: LiveSession, work: Work, holding: Holding) -> Booking:
    instead = replace(booking.first, instead_of=session.id)
    return holding.held(replace(booking, meetings=(instead,)), work.now)


def _tell(
    work: Work,
    released: Released,
    session: LiveSession,
    offer: Booking | None,
    terms: ModelTerms,
) -> None:
    request = session.request
    reasons = offer.reasons if offer else why_released(session, released.because)
    work.announce(
        SessionReleased(
            version=offer.version if offer else request.version,
            request_id=request.id,
            session_id=session.id,
            sequence=session.sequence,
            released_at=work.now,
            because=released.because.value,
            coach=session.coach,
            teacher=request.teacher,
            school=request.school,
            place=session.place,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            zone=work.zone,
            topic_title=terms.topics[request.topic].title,
            mode_name=terms.modes[request.support_mode].name,
            offer=offered(offer) if offer else None,
            reasons=reasons,
        )
    )


def _count(
    closures: Closures,
    events: Sequence[SchoolDaysChanged],
    released: Sequence[Released],
    held: Offered,
) -> None:
    fell = Counter(one.session.request.school.id for one in released)
    for event in events:
        if event.declaration_id is not None:
            closures.count(
                event.declaration_id,
                schools=1,
                released=fell[event.school_id],
                held=held.by_school.get(event.school_id, 0),
            )
