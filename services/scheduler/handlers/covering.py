"""A coach's time goes: she covers a class, or leaves. What stood in it is held elsewhere, and asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from services.scheduler.domain.covering import NOTED_ALREADY, ClassCovered, NotCovered, fault
from services.scheduler.domain.holding import Holding
from services.scheduler.domain.local_week import instant_of
from services.scheduler.domain.release import Because, LiveSession, Released
from services.scheduler.handlers.releasing import let_go
from services.scheduler.ports import CoachTime, Work
from shared.events import TimeFreed
from shared.identity import new_id


@dataclass(frozen=True, kw_only=True)
class Replanned:
    """What became of the sessions that stood in the time that went."""

    released: int
    held: int


@dataclass(frozen=True, kw_only=True)
class CoverNoted:
    """A class that she covers, and what became of what stood in that time."""

    entry: ClassCovered
    replanned: Replanned


def cover_class(
    work: Work,
    coach_time: CoachTime,
    coach_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
    *,
    holding: Holding,
) -> CoverNoted | NotCovered | None:
    """She covers a class from now or then: the day is planned anew, whoever she misses comes first.

    None when there is no such coach.
    """
    if wrong := fault(starts_at, ends_at, work.now, ZoneInfo(work.zone)):
        return wrong
    work.take_turn()
    if coach_time.covers(coach_id, starts_at, ends_at):
        return NOTED_ALREADY  # a second tap, or a second sending: the hours count once
    live = coach_time.live(coach_id, starts_at, ends_at)
    entry = ClassCovered(
        id=new_id(),
        coach_id=coach_id,
        starts_at=starts_at,
        ends_at=ends_at,
        recorded_at=work.now,
    )
    if not coach_time.cover(entry):
        return None
    replanned = _replanned(work, coach_time, live, Because.COVER, holding)
    return CoverNoted(entry=entry, replanned=replanned)


def take_back_cover(
    work: Work, coach_time: CoachTime, coach_id: UUID, entry_id: UUID
) -> ClassCovered | None:
    """She was not needed after all: her time is free again, for whoever waits. Nobody is moved back."""
    work.take_turn()
    entry = coach_time.give_back(coach_id, entry_id)
    if entry is not None:
        work.announce(
            TimeFreed(
                version=0, coach_id=coach_id, starts_at=entry.starts_at, ends_at=entry.ends_at
            )
        )
    return entry


def coach_leaves(
    work: Work, coach_time: CoachTime, coach_id: UUID, last_day: date, *, holding: Holding
) -> Replanned | None:
    """Her last day is set: all that stands behind it is held with others, and asked; None without her."""
    work.take_turn()
    if not coach_time.leave(coach_id, last_day):
        return None
    behind = instant_of(last_day + timedelta(days=1), time(), ZoneInfo(work.zone))
    live = coach_time.live(coach_id, max(behind, work.now), None)
    return _replanned(work, coach_time, live, Because.COACH_LEFT, holding)


def _replanned(
    work: Work,
    coach_time: CoachTime,
    live: Sequence[LiveSession],
    because: Because,
    holding: Holding,
) -> Replanned:
    released = [Released(session=session, because=because) for session in live]
    held = let_go(work, coach_time, released, {}, holding)
    return Replanned(released=len(released), held=held.total)
