"""A teacher takes her request back: what was booked for it is freed, for whoever waits."""

from collections.abc import Collection, Sequence
from uuid import UUID

from services.scheduler.domain.booking import CancelledSession
from services.scheduler.domain.request import RequestState
from services.scheduler.handlers.cycle_telling import tell_cycle
from services.scheduler.handlers.telling import tell_freed
from services.scheduler.ports import Work
from shared.events import RequestCancelled, SessionCancelled
from shared.events.outcome import Outcome


def cancel_request(work: Work, events: Sequence[RequestCancelled]) -> list[Outcome]:
    """Take off what was booked, free the time, and remember a cancellation that came early."""
    work.take_turn()
    ids = {event.request_id for event in events}
    known = work.standing(ids)
    kept = work.remember_cancelled(ids - known.keys())
    open_ids = {
        id_ for id_, s in known.items() if s in {RequestState.WAITING, RequestState.SCHEDULED}
    }
    for session in work.cancel(open_ids):
        if not session.of_cycle:
            _tell_cancelled(work, session)
        tell_freed(work, session.coach, session.starts_at, session.ends_at, session.sequence)
    _tell_ended(work, open_ids)
    return [
        Outcome.DONE if event.request_id in known or event.request_id in kept else Outcome.AGAIN
        for event in events
    ]


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


def _tell_ended(work: Work, request_ids: Collection[UUID]) -> None:
    cycles = work.cycles.standing(request_ids)
    terms = work.terms({cycle.request.model_version for cycle in cycles.values()})
    for cycle in cycles.values():
        tell_cycle(work, cycle, terms[cycle.request.model_version], "cancelled", [])
