"""Moving a meeting to another time: which times there are, and what the second of two changes is told."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.scheduler.domain.availability import earliest_by_day
from services.scheduler.domain.local_week import SLOT
from services.scheduler.domain.matching import match_at, starts_with
from services.scheduler.domain.model import ModelTerms
from services.scheduler.domain.planning import Picture
from services.scheduler.domain.release import LiveSession
from services.scheduler.domain.request import ROOM, Request

MOST_TIMES = 15
_A_DAY = 3


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """A scheduled session as its teacher may change it, and the times that it may move to."""

    session: LiveSession
    times: tuple[datetime, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Moved:
    """It stands at its new time, and both are told."""

    session: LiveSession


@dataclass(frozen=True, kw_only=True)
class ChangedSince:
    """Somebody changed it since it was seen; nothing was written. This is how it stands."""

    now: Meeting


@dataclass(frozen=True, kw_only=True)
class TimeGone:
    """The time is not free any more; nothing was written. These are."""

    now: Meeting


def times_to_move(
    session: LiveSession, terms: ModelTerms, picture: Picture
) -> tuple[datetime, ...]:
    """The first times of the coming days with the same coach, three a day at most."""
    diary = picture.diaries.get(session.coach.id)
    if diary is None:
        return ()
    request = at_any_time(session.request)
    teacher = picture.teachers[request.teacher.id]
    starts = starts_with(request, terms, diary, teacher, picture.rules)
    found: list[int] = []
    for _ in range(_A_DAY):
        more = list(earliest_by_day(starts, diary.horizon, MOST_TIMES))
        found += more
        for slot in more:
            starts &= ~(1 << (diary.horizon.slots - 1 - slot))
    return tuple(sorted(diary.horizon.instant(slot) for slot in found))[:MOST_TIMES]


def end_of_move(
    session: LiveSession, terms: ModelTerms, picture: Picture, starts_at: datetime
) -> datetime | None:
    """When the session would end if it began then; None when it can not."""
    diary = picture.diaries.get(session.coach.id)
    if diary is None or not diary.horizon.starts_at <= starts_at < diary.horizon.ends_at:
        return None
    horizon, request = diary.horizon, at_any_time(session.request)
    slot, beside = divmod(starts_at - horizon.starts_at, SLOT)
    teacher = picture.teachers[request.teacher.id]
    found = None if beside else match_at(request, terms, diary, teacher, picture.rules, slot=slot)
    return None if found is None else horizon.instant(slot + found.length)


def at_any_time(request: Request) -> Request:
    """Who moves a meeting chooses anew: the times that she once asked for bind her no more."""
    anew = replace(request, windows=(), school_windows=())
    return anew.for_meetings(1) if request.is_cycle else anew


def without(session: LiveSession, picture: Picture) -> None:
    """Take the session out of its people's time: what moves does not stand in its own way."""
    diary = picture.diaries.get(session.coach.id)
    if diary is None or session.starts_at < diary.horizon.starts_at:
        return
    slots = diary.horizon.within(session.starts_at, session.ends_at)
    first = (session.starts_at - diary.horizon.starts_at) // SLOT
    at_school = session.request.school.id if session.place.kind == ROOM else None
    diary.cancel(first, slots, session.minutes, at_school)
    picture.teachers[session.request.teacher.id].busy &= ~slots


def may_move(session: LiveSession, person_id: UUID) -> bool:
    """Whether it is hers to move: a told time never moves without its teacher's yes."""
    return person_id == session.request.teacher.id
