"""Move a meeting: by its teacher, to a time that both have, or to a colleague who has one sooner; once."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from services.scheduler.domain.model import ModelTerms
from services.scheduler.domain.moving import (
    ChangedSince,
    Meeting,
    Moved,
    NoMore,
    TimeGone,
    Wanted,
    destination,
    may_move,
    sooner_with_others,
    times_to_move,
    without,
)
from services.scheduler.domain.planning import Picture
from services.scheduler.domain.reasons import sooner_with
from services.scheduler.domain.release import LiveSession
from services.scheduler.handlers.cycle_telling import tell_cycle
from services.scheduler.handlers.telling import (
    tell_freed,
    tell_handed_over,
    tell_scheduled,
)
from services.scheduler.ports import Meetings, Work
from shared.events.vocabulary import Reason

_MOVED = Reason(
    code="moved_by_teacher", sentence="It was moved to another time that suits both of you."
)


def meeting(
    work: Work, meetings: Meetings, person_id: UUID, session_id: UUID
) -> Meeting | NoMore | None:
    """A meeting of hers with the times that it may move to; None when it is not hers to change."""
    work.take_turn()
    session = meetings.one(session_id)
    if session is None or not may_move(session, person_id):
        return _no_more(meetings, person_id, session_id)
    picture, terms = _seen(work, session)
    return _shown(session, terms, picture)


def move_meeting(
    work: Work,
    meetings: Meetings,
    person_id: UUID,
    session_id: UUID,
    *,
    seen: int,
    wanted: Wanted,
) -> Moved | ChangedSince | TimeGone | NoMore | None:
    """Move it if it is still as it was `seen` (its sequence); of two at once the second is told.

    When it goes to a colleague, both coaches are told.
    """
    work.take_turn()
    session = meetings.one(session_id)
    if session is None or not may_move(session, person_id):
        return _no_more(meetings, person_id, session_id)
    picture, terms = _seen(work, session)
    now = _shown(session, terms, picture)
    if session.sequence != seen:
        return ChangedSince(now=now)
    to = destination(session, terms, picture, wanted)
    if to is None:
        return TimeGone(now=now)
    reasons = [_MOVED if to.coach.id == session.coach.id else sooner_with(to.coach)]
    moved = meetings.move(session, to, reasons)
    if moved is None:
        return TimeGone(now=now)
    _tell_moved(work, session, moved, terms, reasons)
    tell_freed(work, session.coach, session.starts_at, session.ends_at, moved.sequence)
    return Moved(session=moved)


def _no_more(meetings: Meetings, person_id: UUID, session_id: UUID) -> NoMore | None:
    request_id = meetings.request_of(person_id, session_id)
    return None if request_id is None else NoMore(request_id=request_id)


def _shown(session: LiveSession, terms: ModelTerms, picture: Picture) -> Meeting:
    return Meeting(
        session=session,
        times=times_to_move(session, terms, picture),
        sooner=sooner_with_others(session, terms, picture),
    )


def _tell_moved(
    work: Work,
    before: LiveSession,
    moved: LiveSession,
    terms: ModelTerms,
    reasons: Sequence[Reason],
) -> None:
    if moved.request.is_cycle:
        cycle = work.cycles.next_version(moved.request.id, in_calendars=True)
        tell_cycle(work, cycle, terms, "moved", reasons)
        return
    if moved.coach.id != before.coach.id:
        tell_handed_over(work, before, moved, terms)
    tell_scheduled(work, moved, terms, moved.request.version, reasons)


def _seen(work: Work, session: LiveSession) -> tuple[Picture, ModelTerms]:
    """Everybody's time as if this meeting did not stand; of a cycle, without changing its order."""
    request = session.request
    picture = work.picture([request])
    if (cycle := work.cycles.standing([request.id]).get(request.id)) is not None:
        own = cycle.between_neighbours(session.id, picture.rules.horizon)
        rules = replace(picture.rules.without(request.id, ~own), near=-1)
        picture = replace(picture, rules=rules)
    terms = work.terms({request.model_version})[request.model_version]
    without(session, terms, picture)
    return picture, terms
