"""A teacher answers an offer: yes, and the held time is hers; no or silence, and it goes on."""

from dataclasses import dataclass
from uuid import UUID

from services.scheduler.domain.cycle import Cycle, CycleState
from services.scheduler.domain.model import ModelTerms
from services.scheduler.domain.reasons import LAPSED, TURNED_DOWN
from services.scheduler.handlers.cycle_telling import tell_cycle
from services.scheduler.handlers.telling import (
    tell_freed,
    tell_scheduled,
    tell_waiting,
)
from services.scheduler.ports import HeldTime, HeldTimes, Work
from shared.events.vocabulary import Reason
from shared.identity import new_id

_AT_ONCE = 200


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What became of her answer: the request that it was about."""

    request_id: UUID


@dataclass(frozen=True, kw_only=True)
class NotHeld:
    """The time is not held for her. `was_hers`: it was, and she has answered or was too late."""

    was_hers: bool


def take_offer(
    work: Work, held_times: HeldTimes, teacher_id: UUID, offer_id: UUID
) -> Answered | NotHeld:
    """She says yes: the time is booked, and both are told."""
    work.take_turn()
    held = _hers(held_times, teacher_id, offer_id)
    if held is None or held.held_until <= work.now:
        return NotHeld(was_hers=held_times.was_for(teacher_id, offer_id))
    terms = work.terms({held.request.model_version})[held.request.model_version]
    if held.request.is_cycle:
        return _take_for_cycle(work, held_times, held, terms)
    held_times.take(held)
    (session,) = held.sessions
    tell_scheduled(work, session, terms, session.request.version + 1, held.reasons)
    return Answered(request_id=held.request.id)


def turn_down_offer(
    work: Work, held_times: HeldTimes, teacher_id: UUID, offer_id: UUID
) -> Answered | NotHeld:
    """She says no: the time goes to others and is not held for her again; she is looked for on."""
    work.take_turn()
    held = _hers(held_times, teacher_id, offer_id)
    if held is None:
        return NotHeld(was_hers=held_times.was_for(teacher_id, offer_id))
    _let_go(work, held_times, held, TURNED_DOWN)
    return Answered(request_id=held.request.id)


def end_holds(work: Work, held_times: HeldTimes) -> None:
    """Silence is no yes: what was not answered in time goes to others, and she comes first after."""
    work.take_turn()
    for held in held_times.ended(_AT_ONCE):
        _let_go(work, held_times, held, LAPSED)


def _hers(held_times: HeldTimes, teacher_id: UUID, offer_id: UUID) -> HeldTime | None:
    held = held_times.one(offer_id)
    return held if held is not None and held.request.teacher.id == teacher_id else None


def _take_for_cycle(
    work: Work, held_times: HeldTimes, held: HeldTime, terms: ModelTerms
) -> Answered | NotHeld:
    request_id = held.request.id
    cycle = work.cycles.standing([request_id])[request_id]
    if cycle.state is CycleState.HELD:
        held_times.take(held)
        work.cycles.change(request_id, state=CycleState.OPEN, planned=cycle.planned)
        tell_cycle(
            work, work.cycles.standing([request_id])[request_id], terms, "booked", held.reasons
        )
        return Answered(request_id=request_id)
    changes_hands = held.sessions[0].coach.id != cycle.coach.id
    if changes_hands and not _hand_over(work, cycle, held):
        _let_go(work, held_times, held, TURNED_DOWN)
        return NotHeld(was_hers=True)
    begins = changes_hands or not cycle.is_in_calendars
    if begins and not changes_hands:
        work.cycles.begin_series(request_id, new_id(), held.sessions[0].starts_at)
    work.cycles.take(held.offer_id)
    now = work.cycles.next_version(request_id, in_calendars=not begins)
    tell_cycle(work, now, terms, "handed_over" if changes_hands else "taken", held.reasons)
    return Answered(request_id=request_id)


def _hand_over(work: Work, cycle: Cycle, held: HeldTime) -> bool:
    """The colleague has it from now on; False when she has taken on enough others meanwhile."""
    first = next(one for one in cycle.held if one.offer_id == held.offer_id)
    return work.cycles.hand_over(cycle, first, new_id())


def _let_go(work: Work, held_times: HeldTimes, held: HeldTime, reason: Reason) -> None:
    request = held.request
    terms = work.terms({request.model_version})[request.model_version]
    held_times.turn_down(held)
    cycle = work.cycles.standing([request.id]).get(request.id) if request.is_cycle else None
    if cycle is None or cycle.state is CycleState.HELD:
        if cycle is not None:
            work.cycles.forget(request.id)
        tell_waiting(work, request, terms, held_times.to_the_head(held), [reason])
    else:
        now = work.cycles.next_version(request.id, in_calendars=False)
        tell_cycle(work, now, terms, reason.code, [reason])
    for session in held.sessions:
        tell_freed(work, session.coach, session.starts_at, session.ends_at, session.sequence + 1)
