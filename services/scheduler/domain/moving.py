"""Moving a meeting: to which times, with whom, and what the second of two changes is told. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.scheduler.domain.availability import earliest_by_day
from services.scheduler.domain.booking import place_of
from services.scheduler.domain.candidate import Match
from services.scheduler.domain.diary import Booked, Diary
from services.scheduler.domain.local_week import SLOT
from services.scheduler.domain.matching import match_at, starts_with
from services.scheduler.domain.model import ModelTerms
from services.scheduler.domain.planning import Picture
from services.scheduler.domain.release import LiveSession
from services.scheduler.domain.request import ROOM, Request
from services.scheduler.domain.weights import Weights
from shared.events.vocabulary import Person, Place

MOST_TIMES = 15
_A_DAY = 3
_COLLEAGUES = 3
_TIMES_OF_A_COLLEAGUE = 3


@dataclass(frozen=True, kw_only=True)
class Sooner:
    """A colleague whose role covers it too, and when she could meet before it stands now."""

    coach: Person
    times: tuple[datetime, ...]


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """A scheduled session as its teacher may change it.

    `times` are those that it may move to with the same coach; `sooner` are colleagues who have time before.
    """

    session: LiveSession
    times: tuple[datetime, ...] = ()
    sooner: tuple[Sooner, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What she chose: a time, and with `coach_id` a colleague who has it."""

    starts_at: datetime
    coach_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Destination:
    """Where a session moves to, and the match that says so."""

    coach: Person
    coach_type: str
    place: Place
    starts_at: datetime
    ends_at: datetime
    match: Match
    weights: Weights


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


@dataclass(frozen=True, kw_only=True)
class NoMore:
    """It was hers, and does not stand any more: it was called off, or has begun. Nothing was written."""

    request_id: UUID


def times_to_move(
    session: LiveSession, terms: ModelTerms, picture: Picture
) -> tuple[datetime, ...]:
    """The first times of the coming days with the same coach, three a day at most."""
    diary = picture.diaries.get(session.coach.id)
    if diary is None:
        return ()
    starts = _starts(session, terms, picture, diary) & ~_where_it_stands(session, diary)
    found: list[int] = []
    for _ in range(_A_DAY):
        more = list(earliest_by_day(starts, diary.horizon, MOST_TIMES))
        found += more
        for slot in more:
            starts &= ~(1 << (diary.horizon.slots - 1 - slot))
    return tuple(sorted(diary.horizon.instant(slot) for slot in found))[:MOST_TIMES]


def sooner_with_others(
    session: LiveSession, terms: ModelTerms, picture: Picture
) -> tuple[Sooner, ...]:
    """Colleagues who could meet her sooner, the soonest first. A cycle stays with its coach."""
    if session.request.is_cycle:
        return ()
    found = sorted(_sooner(session, terms, picture), key=lambda one: (one.times, one.coach.id))
    return tuple(found[:_COLLEAGUES])


def _sooner(session: LiveSession, terms: ModelTerms, picture: Picture) -> Iterator[Sooner]:
    horizon = picture.rules.horizon
    before = horizon.within(horizon.starts_at, session.starts_at)
    for diary in picture.by_school().get(session.request.school.id, []):
        if diary.coach.person.id == session.coach.id:
            continue
        starts = _starts(session, terms, picture, diary) & before
        slots = earliest_by_day(starts, horizon, _TIMES_OF_A_COLLEAGUE)
        if times := tuple(horizon.instant(slot) for slot in slots):
            yield Sooner(coach=diary.coach.person, times=times)


def destination(
    session: LiveSession, terms: ModelTerms, picture: Picture, wanted: Wanted
) -> Destination | None:
    """Where the session would stand as it is wanted; None when it can not.

    With another coach it can only be sooner.
    """
    starts_at, coach_id = wanted.starts_at, wanted.coach_id or session.coach.id
    diary = picture.diaries.get(coach_id)
    if diary is None or not diary.horizon.starts_at <= starts_at < diary.horizon.ends_at:
        return None
    stays = coach_id == session.coach.id
    if stays and starts_at == session.starts_at:
        return None  # it stands there: nobody is to be told of a move that is none
    if not stays and (session.request.is_cycle or starts_at >= session.starts_at):
        return None
    horizon, request = diary.horizon, at_any_time(session.request)
    slot, beside = divmod(starts_at - horizon.starts_at, SLOT)
    teacher = picture.teachers[request.teacher.id]
    found = None if beside else match_at(request, terms, diary, teacher, picture.rules, slot=slot)
    if found is None:
        return None
    return Destination(
        coach=session.coach if stays else diary.coach.person,
        coach_type=session.coach_type if stays else found.chosen.coach_type,
        place=session.place if stays else place_of(request, diary.coach, terms),
        starts_at=starts_at,
        ends_at=horizon.instant(slot + found.length),
        match=found,
        weights=picture.rules.weights,
    )


def _starts(session: LiveSession, terms: ModelTerms, picture: Picture, diary: Diary) -> int:
    request = at_any_time(session.request)
    return starts_with(request, terms, diary, picture.teachers[request.teacher.id], picture.rules)


def _where_it_stands(session: LiveSession, diary: Diary) -> int:
    horizon = diary.horizon
    return horizon.within(session.starts_at, session.starts_at + SLOT)


def at_any_time(request: Request) -> Request:
    """Who moves a meeting chooses anew: the times that she once asked for bind her no more."""
    anew = replace(request, windows=(), school_windows=())
    return anew.for_meetings(1) if request.is_cycle else anew


def without(session: LiveSession, terms: ModelTerms, picture: Picture) -> None:
    """Take the session out of its people's time: what moves does not stand in its own way."""
    horizon = picture.rules.horizon
    if not horizon.starts_at <= session.starts_at < horizon.ends_at:
        return
    picture.teachers[session.request.teacher.id].busy &= ~horizon.within(
        session.starts_at, session.ends_at
    )
    if (diary := picture.diaries.get(session.coach.id)) is not None:
        booked = Booked(
            length=(session.ends_at - session.starts_at) // SLOT,
            minutes=session.minutes,
            at=session.request.school.id if session.place.kind == ROOM else None,
            uses_protected=terms.modes[session.request.support_mode].uses_protected,
        )
        diary.cancel((session.starts_at - horizon.starts_at) // SLOT, booked)


def may_move(session: LiveSession, person_id: UUID) -> bool:
    """Whether it is hers to move: a told time never moves without its teacher's yes."""
    return person_id == session.request.teacher.id
