"""What becomes of a session whose time is over: closed by its coach, or it did not take place."""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from services.scheduler.domain.booking import Booking, book
from services.scheduler.domain.completing import Closing, may_close, may_say_missed
from services.scheduler.domain.cycle import CycleState
from services.scheduler.domain.holding import Holding
from services.scheduler.domain.model import ModelTerms
from services.scheduler.domain.reasons import MISSED, why_instead
from services.scheduler.domain.release import LiveSession, Replacing
from services.scheduler.handlers.cycle_telling import tell_cycle
from services.scheduler.handlers.owing import offer_owed
from services.scheduler.handlers.telling import (
    tell_completed,
    tell_offered,
    tell_waiting,
)
from services.scheduler.ports import OverSessions, PlanOutdatedError, Work
from shared.identity import new_id

_AT_ONCE = 200


@dataclass(frozen=True, kw_only=True)
class Closed:
    """It is written down; `request_id` is what it was of."""

    request_id: UUID


@dataclass(frozen=True, kw_only=True)
class UnknownMode:
    """The support mode is in no published model; nothing was written."""


def close_session(
    work: Work, over: OverSessions, coach_id: UUID, session_id: UUID, closing: Closing
) -> Closed | UnknownMode | None:
    """Its coach says what it was; a second tap changes nothing; None when it is not hers to close."""
    session = over.one(session_id)
    if session is None or not may_close(session, coach_id, work.now):
        return _before(over, session_id, coach_id)
    terms = _terms(work, session)
    if closing.turned_out not in terms.modes:
        return UnknownMode()
    over.complete([session], closing, by=coach_id)
    _tell_met(work, over, session, terms, closing.turned_out)
    return Closed(request_id=session.request.id)


def close_old(work: Work, over: OverSessions, *, after: timedelta) -> None:
    """Who says nothing for so long has met as planned: an offer is not kept for ever by a forgotten tap."""
    work.take_turn()
    sessions = over.left_open(work.now - after, _AT_ONCE)
    over.complete(sessions, None, by=None)
    for session in sessions:
        _tell_met(work, over, session, _terms(work, session), session.request.support_mode)


def say_missed(
    work: Work, over: OverSessions, person_id: UUID, session_id: UUID, *, holding: Holding
) -> Closed | None:
    """They did not meet: another time is held with the same coach, before anybody else is served."""
    work.take_turn()
    session = over.one(session_id)
    if session is None or not may_say_missed(session, person_id, work.now):
        return _before(over, session_id, person_id)
    if session.request.is_cycle:
        over.miss(session, by=person_id, waits=False)
        _miss_of_cycle(work, session, holding)
    else:
        _offer_next(work, over.miss(session, by=person_id, waits=True), holding)
    return Closed(request_id=session.request.id)


def _before(over: OverSessions, session_id: UUID, person_id: UUID) -> Closed | None:
    request_id = over.closed_before(session_id, person_id)
    return None if request_id is None else Closed(request_id=request_id)


def _tell_met(
    work: Work, over: OverSessions, session: LiveSession, terms: ModelTerms, mode: str
) -> None:
    request = session.request
    if not request.is_cycle:
        tell_completed(work, session, terms, over.finish(request.id), mode)
        return
    cycle = work.cycles.next_version(request.id, in_calendars=False)
    if cycle.state is CycleState.OPEN and cycle.completed >= cycle.planned:
        work.cycles.change(request.id, state=CycleState.ENDED, planned=cycle.planned)
        cycle = replace(cycle, state=CycleState.ENDED)
    tell_cycle(work, cycle, terms, "completed", [])


def _miss_of_cycle(work: Work, session: LiveSession, holding: Holding) -> None:
    cycle = work.cycles.next_version(session.request.id, in_calendars=True)
    tell_cycle(work, cycle, _terms(work, session), "missed", [MISSED])
    offer_owed(work, holding, [cycle.coach.id], most=_AT_ONCE)


def _offer_next(work: Work, session: LiveSession, holding: Holding) -> None:
    request, terms = session.request, _terms(work, session)
    picture = work.picture([request])
    search = Replacing(
        released=session,
        terms=terms,
        rules=holding.rules(picture.rules, work.now),
        teacher=picture.teachers[request.teacher.id],
    )
    found = search.best(picture.by_school().get(request.school.id, []), None)
    if found is not None:
        reasons = (MISSED, why_instead(found, session))
        booking = holding.held(book(found, request, terms, new_id, reasons), work.now)
        if _stands(work, booking):
            tell_offered(work, booking, terms)
            return
    tell_waiting(work, request, terms, request.version, [MISSED])


def _stands(work: Work, booking: Booking) -> bool:
    try:
        return bool(work.book([booking]))
    except PlanOutdatedError:
        return False


def _terms(work: Work, session: LiveSession) -> ModelTerms:
    version = session.request.model_version
    return work.terms({version})[version]
