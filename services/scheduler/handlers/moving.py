"""Move a meeting: by its teacher, to a time that both have, once."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.scheduler.domain.model import ModelTerms
from services.scheduler.domain.moving import (
    ChangedSince,
    Meeting,
    Moved,
    TimeGone,
    end_of_move,
    may_move,
    times_to_move,
    without,
)
from services.scheduler.domain.planning import Picture
from services.scheduler.domain.release import LiveSession
from services.scheduler.handlers.telling import tell_cycle, tell_freed, tell_scheduled
from services.scheduler.ports import Meetings, Work
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
    _tell_moved(work, moved, terms)
    tell_freed(work, session.coach, session.starts_at, session.ends_at, moved.sequence)
    return Moved(session=moved)


def _tell_moved(work: Work, moved: LiveSession, terms: ModelTerms) -> None:
    if moved.request.is_cycle:
        cycle = work.cycles.next_version(moved.request.id, in_calendars=True)
        tell_cycle(work, cycle, terms, "moved", [_MOVED])
    else:
        tell_scheduled(work, moved, terms, moved.request.version, [_MOVED])


def _seen(work: Work, session: LiveSession) -> tuple[Picture, ModelTerms]:
    """Everybody's time as if this meeting did not stand; of a cycle, without changing its order."""
    request = session.request
    picture = work.picture([request])
    if (cycle := work.cycles.standing([request.id]).get(request.id)) is not None:
        own = cycle.between_neighbours(session.id, picture.rules.horizon)
        rules = replace(picture.rules.without(request.id, ~own), near=-1)
        picture = replace(picture, rules=rules)
    without(session, picture)
    return picture, work.terms({request.model_version})[request.model_version]
