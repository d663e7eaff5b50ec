"""A coach asks whether a colleague may go on; her teacher says yes to these times, or no."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.scheduler.domain.handing_over import (
    AGREED,
    DECLINED,
    WITHDRAWN,
    Colleague,
    Handing,
    HandOver,
    Passed,
    Seen,
    Why,
    colleagues,
)
from services.scheduler.domain.model import ModelTerms
from services.scheduler.domain.reasons import STILL_OWED, handed_over, why_hand_over
from services.scheduler.domain.release import LiveSession
from services.scheduler.handlers.cycle_telling import tell_cycle
from services.scheduler.handlers.telling import tell_freed, tell_handed_over, tell_scheduled
from services.scheduler.ports import HandOvers, Meetings, Work
from shared.events import HandOverAsked, HandOverDeclined
from shared.identity import new_id


class OvertakenError(Exception):
    """Somebody was faster with one of the times: nothing of it may stand."""


@dataclass(frozen=True, kw_only=True)
class Done:
    """It is written down, and whom it concerns is told."""


@dataclass(frozen=True, kw_only=True)
class NotSo:
    """Nothing was written: it is not as it was seen. This is how it stands."""

    now: Handing


Answer = Done | NotSo | None


def handing(work: Work, hand_overs: HandOvers, person_id: UUID, request_id: UUID) -> Handing | None:
    """What may be handed over, for its coach; for its teacher what she is asked. None for others."""
    work.take_turn()
    sessions = _of_coach(work, hand_overs.sessions(request_id))
    asked = hand_overs.asked(request_id)
    if not sessions or person_id not in (sessions[0].coach.id, sessions[0].request.teacher.id):
        return None
    if asked is None and person_id != sessions[0].coach.id:
        return None
    if asked is not None and asked.coach.id != sessions[0].coach.id:
        return None  # somebody else has it by now
    found = colleagues(sessions, _terms(work, sessions), work.picture([sessions[0].request]))
    if asked is not None:
        found = tuple(one for one in found if one.coach.id == asked.to.id)
    return Handing(sessions=tuple(sessions), colleagues=found, asked=asked)


def ask_hand_over(
    work: Work, hand_overs: HandOvers, coach_id: UUID, request_id: UUID, to: UUID, why: Why
) -> Answer:
    """Its coach names a colleague; its teacher is asked, and until she answers nothing changes."""
    work.take_turn()
    now = handing(work, hand_overs, coach_id, request_id)
    if now is None or now.coach.id != coach_id:
        return None
    if now.asked is not None or now.named(to) is None:
        return NotSo(now=now)
    hand_over = hand_overs.ask(request_id, coach_id, to, why)
    work.announce(_asked(work, now, hand_over))
    return Done()


def withdraw_hand_over(
    work: Work, hand_overs: HandOvers, coach_id: UUID, request_id: UUID
) -> Answer:
    """Its coach goes on after all."""
    work.take_turn()
    now = handing(work, hand_overs, coach_id, request_id)
    if now is None or now.coach.id != coach_id:
        return None
    if now.asked is None:
        return NotSo(now=now)
    hand_overs.answer(now.asked, WITHDRAWN)
    return Done()


def decline_hand_over(
    work: Work, hand_overs: HandOvers, teacher_id: UUID, request_id: UUID, seen: Seen
) -> Answer:
    """Its teacher stays with her coach, who is told."""
    now = _asked_of(work, hand_overs, teacher_id, request_id)
    if now is None or now.asked is None:
        return None
    if now.asked.id != seen.hand_over_id:
        return NotSo(now=now)
    hand_overs.answer(now.asked, DECLINED)
    work.announce(_declined(work, now, now.asked))
    return Done()


def agree_to_hand_over(
    work: Work,
    hand_overs: HandOvers,
    meetings: Meetings,
    teacher_id: UUID,
    request_id: UUID,
    seen: Seen,
) -> Answer:
    """Its teacher says yes to this colleague and these times: so it is, if it still can be."""
    now = _asked_of(work, hand_overs, teacher_id, request_id)
    if now is None or now.asked is None:
        return None
    colleague = now.named(now.asked.to.id)
    if now.asked.id != seen.hand_over_id or colleague is None or colleague.starts != seen.starts:
        return NotSo(now=now)
    reasons = [handed_over(now.coach, colleague.coach)]
    moved = [(one, meetings.move(one.session, one.to, reasons)) for one in colleague.passed]
    done = [(one, session) for one, session in moved if session is not None]
    if len(done) != len(moved):
        raise OvertakenError
    hand_overs.answer(now.asked, AGREED)
    terms = _terms(work, now.sessions)
    if now.sessions[0].request.is_cycle:
        _go_on(work, colleague, terms, request_id)
    else:
        _tell_single(work, *done[0], terms)
    for session in (*(one.session for one in colleague.passed), *colleague.left):
        tell_freed(work, session.coach, session.starts_at, session.ends_at, session.sequence + 1)
    return Done()


def _asked_of(
    work: Work, hand_overs: HandOvers, teacher_id: UUID, request_id: UUID
) -> Handing | None:
    work.take_turn()
    now = handing(work, hand_overs, teacher_id, request_id)
    if now is None or now.sessions[0].request.teacher.id != teacher_id:
        return None
    return now


def _of_coach(work: Work, sessions: Sequence[LiveSession]) -> list[LiveSession]:
    """Those that the coach of today has; of a cycle, whose it is by now."""
    if not sessions:
        return []
    request = sessions[0].request
    cycle = work.cycles.standing([request.id]).get(request.id) if request.is_cycle else None
    coach_id = cycle.coach.id if cycle else sessions[0].coach.id
    return [session for session in sessions if session.coach.id == coach_id]


def _go_on(work: Work, colleague: Colleague, terms: ModelTerms, request_id: UUID) -> None:
    """The cycle is the colleague's: what she has no time for is owed, and what was held falls."""
    cycle = work.cycles.standing([request_id])[request_id]
    left = {session.id for session in colleague.left}
    work.cycles.take_off([one for one in cycle.sessions if one.id in left or one in cycle.held])
    first = next(one for one in cycle.sessions if one.coach.id == colleague.coach.id)
    if not work.cycles.hand_over(cycle, first, new_id()):
        raise OvertakenError
    now = work.cycles.next_version(request_id, in_calendars=False)
    reasons = [handed_over(cycle.coach, colleague.coach), *([STILL_OWED] if now.owed else [])]
    tell_cycle(work, now, terms, "handed_over", reasons)
    for one in cycle.held:
        tell_freed(work, one.coach, one.starts_at, one.ends_at, one.sequence + 1)


def _tell_single(work: Work, passed: Passed, now: LiveSession, terms: ModelTerms) -> None:
    reasons = [handed_over(passed.session.coach, now.coach)]
    tell_handed_over(work, passed.session, now, terms)
    tell_scheduled(work, now, terms, now.request.version, reasons)


def _asked(work: Work, now: Handing, hand_over: HandOver) -> HandOverAsked:
    request, terms = now.sessions[0].request, _terms(work, now.sessions)
    return HandOverAsked(
        version=hand_over.number,
        hand_over_id=hand_over.id,
        request_id=request.id,
        asked_at=work.now,
        teacher=request.teacher,
        coach=hand_over.coach,
        to=hand_over.to,
        topic_title=terms.topics[request.topic].title,
        mode_name=terms.modes[request.support_mode].name,
        reasons=(why_hand_over(hand_over),),
    )


def _declined(work: Work, now: Handing, hand_over: HandOver) -> HandOverDeclined:
    request, terms = now.sessions[0].request, _terms(work, now.sessions)
    return HandOverDeclined(
        version=hand_over.number,
        hand_over_id=hand_over.id,
        request_id=request.id,
        declined_at=work.now,
        teacher=request.teacher,
        coach=hand_over.coach,
        to=hand_over.to,
        topic_title=terms.topics[request.topic].title,
        mode_name=terms.modes[request.support_mode].name,
    )


def _terms(work: Work, sessions: Sequence[LiveSession]) -> ModelTerms:
    version = sessions[0].request.model_version
    return work.terms({version})[version]
