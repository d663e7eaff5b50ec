"""A teacher moves to another school: what can take place there stays, the rest is held elsewhere."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from services.scheduler.domain.cycle import CycleState
from services.scheduler.domain.following import follows
from services.scheduler.domain.holding import Holding
from services.scheduler.domain.model import ModelTerms
from services.scheduler.domain.reasons import FOLLOWED, LOOKED_FOR_ANEW
from services.scheduler.domain.release import Because, LiveSession, Released
from services.scheduler.handlers.cycle_telling import tell_cycle
from services.scheduler.handlers.releasing import let_go
from services.scheduler.handlers.telling import tell_freed, tell_scheduled, tell_waiting
from services.scheduler.handlers.waitlist import offer_waiting
from services.scheduler.ports import HeldTime, TeacherMoves, Work
from shared.events import PersonMoved


def follow_teachers(
    work: Work, moves: TeacherMoves, events: Sequence[PersonMoved], *, holding: Holding
) -> None:
    """Let what these teachers wait for, and what was booked for them, go with them.

    Nobody's time changes where the coach can be there too: then both are told of the place alone.
    """
    work.take_turn()
    for move in moves.newest(events):
        live = moves.live(move.person_id)
        for held in moves.offers(move.person_id):
            _take_back(work, moves, held)
        moves.follow(move)
        stay, gone = _sorted(work, live, move)
        _let_stay(work, moves, stay)
        let_go(work, moves, gone, {}, holding)
        offer_waiting(work, moves.waiting(move.person_id), holding)


def _sorted(
    work: Work, live: Sequence[LiveSession], move: PersonMoved
) -> tuple[list[LiveSession], list[Released]]:
    """What can take place at her new school as it stands, and what can not."""
    stay: list[LiveSession] = []
    gone: list[Released] = []
    if not live:
        return stay, gone
    there = [replace(one.request, school=move.school, room=move.room) for one in live]
    terms = work.terms({request.model_version for request in there})
    picture = work.picture(there)
    for before, request in zip(live, there, strict=True):
        now = follows(before, request, terms[request.model_version], picture)
        if now is not None:
            stay.append(now)
        else:
            lost = replace(before, request=request)
            gone.append(Released(session=lost, because=Because.TEACHER_MOVED))
    return stay, gone


def _let_stay(work: Work, moves: TeacherMoves, sessions: Sequence[LiveSession]) -> None:
    terms = work.terms({session.request.model_version for session in sessions})
    cycles: dict[UUID, ModelTerms] = {}
    for session in sessions:
        of_model = terms[session.request.model_version]
        now = moves.stay(session)
        if now.request.is_cycle:
            cycles[now.request.id] = of_model
        else:
            tell_scheduled(work, now, of_model, now.request.version, [FOLLOWED])
    for request_id, of_model in cycles.items():
        cycle = work.cycles.next_version(request_id, in_calendars=True)
        tell_cycle(work, cycle, of_model, "followed", [FOLLOWED])


def _take_back(work: Work, moves: TeacherMoves, held: HeldTime) -> None:
    """What was held for her at her old school is free again; she is looked for anew at once."""
    request = held.request
    terms = work.terms({request.model_version})[request.model_version]
    cycle = work.cycles.standing([request.id]).get(request.id) if request.is_cycle else None
    if cycle is None or cycle.state is CycleState.HELD:
        if cycle is not None:
            work.cycles.forget(request.id)
        lost = [Released(session=one, because=Because.TEACHER_MOVED) for one in held.sessions]
        now = next(iter(moves.release(lost).values())).request
        tell_waiting(work, now, terms, now.version, [LOOKED_FOR_ANEW])
    else:
        work.cycles.take_off([one for one in cycle.held if one.offer_id == held.offer_id])
        now_ = work.cycles.next_version(request.id, in_calendars=False)
        tell_cycle(work, now_, terms, "taken_back", [LOOKED_FOR_ANEW])
    for session in held.sessions:
        tell_freed(work, session.coach, session.starts_at, session.ends_at, session.sequence + 1)
