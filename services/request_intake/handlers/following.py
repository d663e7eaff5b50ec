"""Follow a request: see where it stands, take it back, and hear what the others say of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.request_intake.domain.request import Request
from services.request_intake.domain.standing import (
    BookedSession,
    CycleStanding,
    Said,
    Standing,
    State,
)
from services.request_intake.ports import Work
from shared.events import (
    CycleScheduled,
    NoticeFailed,
    RequestCancelled,
    RequestWaiting,
    SessionCancelled,
    SessionCompleted,
    SessionOffered,
    SessionReleased,
    SessionScheduled,
)

_MOST_LISTED = 100


@dataclass(frozen=True, kw_only=True)
class CanNotBeCancelled:
    """It is not open any more, or changed while she looked; `request` is how it stands now."""

    request: Request


def get_request(work: Work, teacher_id: UUID, request_id: UUID) -> Request | None:
    """Her request, or None: whose it is not, for her it does not exist."""
    return work.requests.of_teacher(teacher_id, request_id)


def list_requests(work: Work, teacher_id: UUID) -> Sequence[Request]:
    """Her requests, newest first."""
    return work.requests.latest(teacher_id, _MOST_LISTED)


def cancel_request(
    work: Work, teacher_id: UUID, request_id: UUID, *, seen_version: int | None, now: datetime
) -> Request | CanNotBeCancelled | None:
    """Take a request back. Of two at once, one succeeds and the other is told how it stands."""
    request = work.requests.of_teacher(teacher_id, request_id)
    if request is None:
        return None
    if seen_version not in (None, request.version) or not request.may_be_cancelled:
        return CanNotBeCancelled(request=request)
    cancelled = request.cancelled(now)
    if not work.requests.cancel(cancelled, expected_version=request.version):
        changed = work.requests.of_teacher(teacher_id, request_id)
        return CanNotBeCancelled(request=changed or request)
    if request.decision == "in_remit":
        work.announce(
            RequestCancelled(version=cancelled.version, request_id=request_id, cancelled_at=now)
        )
    return cancelled


def record_scheduled(work: Work, events: Sequence[SessionScheduled]) -> None:
    """A coach and a time were found: show them."""
    _record(
        work,
        [
            Said(
                request_id=e.request_id,
                version=e.version,
                at=e.scheduled_at,
                state=State.SCHEDULED,
                standing=Standing(session=_booked(e), reasons=e.reasons),
            )
            for e in events
        ],
    )


def record_waiting(work: Work, events: Sequence[RequestWaiting]) -> None:
    """No time fits yet: show why."""
    _record(
        work,
        [
            Said(
                request_id=e.request_id,
                version=e.version,
                at=e.waiting_since,
                state=State.WAITING,
                standing=Standing(session=None, reasons=e.reasons),
            )
            for e in events
        ],
    )


def record_session_cancelled(work: Work, events: Sequence[SessionCancelled]) -> None:
    """The session is off. Unless she took the request back herself, it waits for another."""
    _record(
        work,
        [
            Said(
                request_id=e.request_id,
                version=e.version,
                at=e.cancelled_at,
                state=State.WAITING,
                standing=None,
            )
            for e in events
        ],
    )


def record_released(work: Work, events: Sequence[SessionReleased]) -> None:
    """The told time fell away. It waits; what is held for her is shown, and why."""
    _record(
        work,
        [
            Said(
                request_id=e.request_id,
                version=e.version,
                at=e.released_at,
                state=State.WAITING,
                standing=Standing(session=None, reasons=e.reasons, offer=e.offer),
            )
            for e in events
        ],
    )


def record_offered(work: Work, events: Sequence[SessionOffered]) -> None:
    """A time is held for her: show it, with its yes and its no."""
    _record(
        work,
        [
            Said(
                request_id=e.request_id,
                version=e.version,
                at=e.offered_at,
                state=State.WAITING,
                standing=Standing(session=None, reasons=e.reasons, offer=e.offer),
            )
            for e in events
        ],
    )


def record_completed(work: Work, events: Sequence[SessionCompleted]) -> None:
    """They met: show with whom, when, and what it turned out to be."""
    _record(
        work,
        [
            Said(
                request_id=e.request_id,
                version=e.version,
                at=e.completed_at,
                state=State.COMPLETED,
                standing=Standing(session=_met(e), reasons=()),
            )
            for e in events
        ],
    )


def record_cycle(work: Work, events: Sequence[CycleScheduled]) -> None:
    """A cycle changed: show it as it stands."""
    _record(
        work,
        [
            Said(
                request_id=e.request_id,
                version=e.version,
                at=e.changed_at,
                state=_state_of(e),
                standing=Standing(session=_next(e), reasons=e.reasons, cycle=_cycle(e)),
            )
            for e in events
        ],
    )


def record_notice_failed(work: Work, events: Sequence[NoticeFailed]) -> None:
    """Mail did not reach somebody. If that is the teacher, her page says so."""
    found = work.requests.locked([event.request_id for event in events])
    unreached = {
        event.request_id
        for event in events
        if event.request_id in found and found[event.request_id].teacher_id == event.recipient_id
    }
    work.requests.save_standing([replace(found[id_], notice_failed=True) for id_ in unreached])


def _record(work: Work, said: Sequence[Said]) -> None:
    """Apply what was said, oldest first; what is old news or moot changes nothing."""
    found = work.requests.locked([one.request_id for one in said])
    changed: dict[UUID, Request] = {}
    for one in sorted(said, key=lambda one: one.version):
        request = found.get(one.request_id)
        if request and (told := request.told(one)):
            found[one.request_id] = changed[one.request_id] = told
    work.requests.save_standing(list(changed.values()))


def _state_of(event: CycleScheduled) -> State:
    if event.state != "ended":
        return State.SCHEDULED
    met = any(meeting.state == "completed" for meeting in event.meetings)
    return State.COMPLETED if met else State.CANCELLED


def _cycle(event: CycleScheduled) -> CycleStanding:
    return CycleStanding(
        state=event.state,
        coach=event.coach.name,
        planned=event.planned,
        weeks_between=event.weeks_between,
        meetings=event.meetings,
        offers=event.offers,
    )


def _next(event: CycleScheduled) -> BookedSession | None:
    """The next of its meetings that is scheduled, else the last that there was."""
    to_come = [meeting for meeting in event.meetings if meeting.state == "scheduled"]
    if not event.meetings:
        return None
    shown = to_come[0] if to_come else event.meetings[-1]
    return BookedSession(
        session_id=shown.session_id,
        coach=shown.coach_name,
        coach_type=event.coach_type_name,
        support_mode=event.mode_name,
        place=event.place,
        starts_at=shown.starts_at,
        ends_at=shown.ends_at,
        zone=event.zone,
        meetings_planned=event.planned,
    )


def _met(event: SessionCompleted) -> BookedSession:
    return BookedSession(
        session_id=event.session_id,
        coach=event.coach.name,
        coach_type=event.coach_type_name,
        support_mode=event.mode_name,
        place=event.place,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        zone=event.zone,
        meetings_planned=1,
    )


def _booked(event: SessionScheduled) -> BookedSession:
    return BookedSession(
        session_id=event.session_id,
        coach=event.coach.name,
        coach_type=event.coach_type_name,
        support_mode=event.mode_name,
        place=event.place,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        zone=event.zone,
        meetings_planned=event.meetings_planned,
    )
