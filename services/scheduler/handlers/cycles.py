"""Its people change a cycle: pause, resume, extend, end it, let a meeting go, tick what they undertake."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.scheduler.domain.cycle import Cycle, CycleSession, CycleState
from services.scheduler.domain.model import ModelTerms
from services.scheduler.domain.owed import Owing
from services.scheduler.domain.reasons import AS_ASKED, STILL_OWED
from services.scheduler.handlers.cycle_telling import tell_cycle
from services.scheduler.handlers.owing import book_now
from services.scheduler.handlers.telling import tell_freed
from services.scheduler.ports import Work
from shared.events.vocabulary import Reason
from shared.identity import new_id


@dataclass(frozen=True, kw_only=True)
class Changed:
    """It is so now, and whom it concerns is told."""

    cycle: Cycle


@dataclass(frozen=True, kw_only=True)
class NotChanged:
    """Nothing was written. `why` is a stable code: changed_since, over, as_many_as_may_be, nothing_owed."""

    cycle: Cycle
    why: str


Answer = Changed | NotChanged | None


def cycle_of(work: Work, person_id: UUID, request_id: UUID) -> Cycle | None:
    """The cycle, for its teacher and its coach; None for others, and before it is booked."""
    cycle = work.cycles.standing([request_id]).get(request_id)
    if cycle is None or cycle.state is CycleState.HELD:
        return None
    return cycle if person_id in (cycle.request.teacher.id, cycle.coach.id) else None


def pause(work: Work, teacher_id: UUID, request_id: UUID, *, seen: int) -> Answer:
    """Take all meetings off that have not begun; they are owed until it is resumed."""
    found = _hers(work, teacher_id, request_id, seen)
    if not isinstance(found, Cycle):
        return found
    if found.state is not CycleState.OPEN:
        return NotChanged(cycle=found, why="over")
    _take_off(work, [*found.to_come(work.now), *found.held])
    work.cycles.change(request_id, state=CycleState.PAUSED, planned=found.planned)
    return _told(work, found, "paused", [])


def resume(work: Work, teacher_id: UUID, request_id: UUID, *, seen: int) -> Answer:
    """Go on: what is owed is booked with the same coach, as soon as both have time."""
    found = _hers(work, teacher_id, request_id, seen)
    if not isinstance(found, Cycle):
        return found
    if found.state is not CycleState.PAUSED:
        return NotChanged(cycle=found, why="over")
    work.cycles.change(request_id, state=CycleState.OPEN, planned=found.planned)
    return _booked(work, found, found.owed, "resumed")


def extend(work: Work, teacher_id: UUID, request_id: UUID, *, seen: int) -> Answer:
    """One meeting more, as far as the model lets such a cycle go."""
    found = _hers(work, teacher_id, request_id, seen)
    if not isinstance(found, Cycle):
        return found
    if found.state is not CycleState.OPEN:
        return NotChanged(cycle=found, why="over")
    if found.planned >= _terms(work, found).modes[found.request.support_mode].sessions_max:
        return NotChanged(cycle=found, why="as_many_as_may_be")
    work.cycles.change(request_id, state=CycleState.OPEN, planned=found.planned + 1)
    return _booked(work, found, 1, "extended")


def end(work: Work, teacher_id: UUID, request_id: UUID, *, seen: int) -> Answer:
    """It is over: what has not begun is taken off, and what is owed is let go."""
    found = _hers(work, teacher_id, request_id, seen)
    if not isinstance(found, Cycle):
        return found
    _take_off(work, [*found.to_come(work.now), *found.held])
    kept = len(found.meetings) - len(found.to_come(work.now))
    work.cycles.change(request_id, state=CycleState.ENDED, planned=max(kept, 1))
    return _told(work, found, "ended", [])


def let_go_meeting(
    work: Work, teacher_id: UUID, request_id: UUID, session_id: UUID | None, *, seen: int
) -> Answer:
    """She needs one meeting less: this one, or without `session_id` one that has no time yet."""
    found = _hers(work, teacher_id, request_id, seen)
    if not isinstance(found, Cycle):
        return found
    gone = [one for one in found.to_come(work.now) if one.id == session_id]
    if not gone and (session_id is not None or not found.owed):
        return NotChanged(cycle=found, why="nothing_owed")
    if found.planned <= 1:
        return end(work, teacher_id, request_id, seen=seen)
    _take_off(work, gone)
    work.cycles.change(request_id, state=found.state, planned=found.planned - 1)
    return _told(work, found, "cancelled", [], in_calendars=bool(gone))


def _hers(work: Work, teacher_id: UUID, request_id: UUID, seen: int) -> Cycle | NotChanged | None:
    """Her cycle as she saw it; only its teacher changes it, for a told time needs her yes."""
    work.take_turn()
    cycle = cycle_of(work, teacher_id, request_id)
    if cycle is None or cycle.request.teacher.id != teacher_id:
        return None
    if cycle.request.version != seen:
        return NotChanged(cycle=cycle, why="changed_since")
    return NotChanged(cycle=cycle, why="over") if cycle.state is CycleState.ENDED else cycle


def _booked(work: Work, before: Cycle, count: int, because: str) -> Changed:
    cycle = work.cycles.standing([before.request.id])[before.request.id]
    picture = work.picture([cycle.request])
    search = Owing(
        cycle=cycle,
        terms=_terms(work, cycle),
        rules=picture.rules,
        teacher=picture.teachers[cycle.request.teacher.id],
        ids=new_id,
    )
    found = search.with_same_coach(count, picture.diaries) if count else None
    booked = found is not None and book_now(work, cycle, found, [AS_ASKED])
    reasons = [] if booked or not count else [STILL_OWED]
    begins = booked and not cycle.is_in_calendars
    return _told(work, cycle, because, reasons, in_calendars=booked and not begins)


def _told(
    work: Work,
    cycle: Cycle,
    because: str,
    reasons: Sequence[Reason],
    *,
    in_calendars: bool = True,
) -> Changed:
    now = work.cycles.next_version(cycle.request.id, in_calendars=in_calendars)
    tell_cycle(work, now, _terms(work, cycle), because, reasons)
    return Changed(cycle=now)


def _take_off(work: Work, sessions: Sequence[CycleSession]) -> None:
    work.cycles.take_off(sessions)
    for one in sessions:
        tell_freed(work, one.coach, one.starts_at, one.ends_at, one.sequence + 1)


def _terms(work: Work, cycle: Cycle) -> ModelTerms:
    version = cycle.request.model_version
    return work.terms({version})[version]
