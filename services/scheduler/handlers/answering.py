"""A teacher answers an offer: yes, and the held time is hers; no or silence, and it goes on."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.scheduler.domain.reasons import LAPSED, TURNED_DOWN
from services.scheduler.ports import HeldTime, HeldTimes, Work
from shared.events import RequestWaiting, SessionScheduled, TimeFreed
from shared.events.vocabulary import Reason

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
    work: Work, held_times: HeldTimes, teacher_id: UUID, session_id: UUID
) -> Answered | NotHeld:
    """She says yes: the time is booked, and both are told."""
    held = _hers(held_times, teacher_id, session_id)
    if held is None or held.held_until <= work.now:
        return NotHeld(was_hers=held_times.was_for(teacher_id, session_id))
    held_times.take(held)
    session, request = held.session, held.session.request
    terms = work.terms({request.model_version})[request.model_version]
    mode = terms.modes[request.support_mode]
    work.announce(
        SessionScheduled(
            version=request.version + 1,
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
            meetings_planned=mode.sessions_max,
            reasons=held.reasons,
        )
    )
    return Answered(request_id=request.id)


def turn_down_offer(
    work: Work, held_times: HeldTimes, teacher_id: UUID, session_id: UUID
) -> Answered | NotHeld:
    """She says no: the time goes to others and is not held for her again; she waits at the head."""
    held = _hers(held_times, teacher_id, session_id)
    if held is None:
        return NotHeld(was_hers=held_times.was_for(teacher_id, session_id))
    _let_go(work, held_times, [held], TURNED_DOWN)
    return Answered(request_id=held.session.request.id)


def end_holds(work: Work, held_times: HeldTimes) -> None:
    """Silence is no yes: what was not answered in time goes to others, and she waits at the head."""
    _let_go(work, held_times, held_times.ended(_AT_ONCE), LAPSED)


def _hers(held_times: HeldTimes, teacher_id: UUID, session_id: UUID) -> HeldTime | None:
    held = held_times.one(session_id)
    return held if held is not None and held.session.request.teacher.id == teacher_id else None


def _let_go(work: Work, held_times: HeldTimes, held: Sequence[HeldTime], reason: Reason) -> None:
    if not held:
        return
    held_times.turn_down(held)
    terms = work.terms({one.session.request.model_version for one in held})
    for one in held:
        session, request = one.session, one.session.request
        of_model = terms[request.model_version]
        work.announce(
            RequestWaiting(
                version=request.version + 1,
                request_id=request.id,
                waiting_since=request.waiting_since,
                teacher=request.teacher,
                topic_title=of_model.topics[request.topic].title,
                mode_name=of_model.modes[request.support_mode].name,
                reasons=(reason,),
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
