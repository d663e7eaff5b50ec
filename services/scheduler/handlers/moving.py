"""Move a meeting: by its teacher, to a time that both have, once."""

from datetime import datetime
from uuid import UUID

from services.scheduler.domain.model import ModelTerms
from services.scheduler.domain.moving import (
    ChangedSince,
    Meeting,
    Moved,
    TimeGone,
    at_any_time,
    end_of_move,
    may_move,
    times_to_move,
)
from services.scheduler.domain.planning import Picture
from services.scheduler.domain.release import LiveSession
from services.scheduler.ports import Meetings, Work
from shared.events import SessionScheduled, TimeFreed
from shared.events.vocabulary import Reason

_MOVED = Reason(
    code="moved_by_teacher", sentence="It was moved to another time that suits both of you."
)


def meeting(work: Work, meetings: Meetings, person_id: UUID, session_id: UUID) -> Meeting | None:
    """A meeting of hers with the times that it may move to; None when it is not hers to change."""
    session = meetings.one(session_id)
    if session is None or not may_move(session, person_id):
        return None
    picture, terms = _seen(work, session)
    return Meeting(session=session, times=times_to_move(session, terms, picture))


def move_meeting(
    work: Work,
    meetings: Meetings,
    person_id: UUID,
    session_id: UUID,
    *,
    seen: int,
    starts_at: datetime,
) -> Moved | ChangedSince | TimeGone | None:
    """Move it if it is still as it was `seen` (its sequence); of two at once the second is told."""
    work.take_turn()
    session = meetings.one(session_id)
    if session is None or not may_move(session, person_id):
        return None
    picture, terms = _seen(work, session)
    now = Meeting(session=session, times=times_to_move(session, terms, picture))
    if session.sequence != seen:
        return ChangedSince(now=now)
    ends_at = end_of_move(session, terms, picture, starts_at)
    moved = meetings.move(session, starts_at, ends_at) if ends_at else None
    if moved is None:
        return TimeGone(now=now)
    work.announce(_scheduled(work, moved, terms))
    work.announce(
        TimeFreed(
            version=moved.sequence,
            coach_id=session.coach.id,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
        )
    )
    return Moved(session=moved)


def _seen(work: Work, session: LiveSession) -> tuple[Picture, ModelTerms]:
    request = session.request
    picture = work.picture([at_any_time(request)])
    return picture, work.terms({request.model_version})[request.model_version]


def _scheduled(work: Work, session: LiveSession, terms: ModelTerms) -> SessionScheduled:
    request = session.request
    mode = terms.modes[request.support_mode]
    return SessionScheduled(
        version=request.version,
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
        reasons=(_MOVED,),
    )
