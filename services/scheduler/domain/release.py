"""What a change of school time makes impossible, and which time is held in its place. Pure.

A time that was told never moves by itself: it falls away only where nobody could meet, and another is
held until its teacher says yes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.scheduler.domain.asked import NOTHING_KNOWN, HerTime, asked
from services.scheduler.domain.availability import slots_in
from services.scheduler.domain.candidate import Match
from services.scheduler.domain.diary import Diary, TeacherTime
from services.scheduler.domain.local_week import SLOT, Horizon, instant_of
from services.scheduler.domain.matching import find_match, match_at, starts_with
from services.scheduler.domain.model import ModelTerms
from services.scheduler.domain.request import ONLINE, Request
from services.scheduler.domain.rules import Rules
from services.scheduler.domain.school_time import SchoolTime, next_of_label, school_year, slots_of
from shared.events.vocabulary import Person, Place


class Because(StrEnum):
    """Why a told time fell away."""

    SCHOOL_CLOSED = "school_closed"
    DAY_MOVED = "day_moved"
    COVER = "cover"
    COACH_LEFT = "coach_left"
    COACH_AWAY = "coach_away"
    TEACHER_MOVED = "teacher_moved"
    APPRAISED = "appraised"

    @property
    def asks_for_a_colleague(self) -> bool:
        """Whether its coach can not go on at any time."""
        return self in (Because.COACH_LEFT, Because.APPRAISED)


@dataclass(frozen=True, kw_only=True)
class LiveSession:
    """A session that is held or scheduled, with its request as it stands."""

    id: UUID
    request: Request
    coach: Person
    coach_type: str
    place: Place
    starts_at: datetime
    ends_at: datetime
    sequence: int
    is_held: bool

    @property
    def minutes(self) -> int:
        """How long it takes."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60


@dataclass(frozen=True, kw_only=True)
class Released:
    """A session that can not take place, and why."""

    session: LiveSession
    because: Because


def impossible(
    session: LiveSession, terms: ModelTerms, hers: HerTime, horizon: Horizon
) -> Because | None:
    """Why the session can not take place in the school's time as it now is; None when it can."""
    if hers.school is None:
        return None
    slots = horizon.touching(session.starts_at, session.ends_at)
    online = session.place.kind == ONLINE
    if not online and slots & ~hers.school.staffed:
        return Because.SCHOOL_CLOSED
    request = session.request
    if request.windows or not (request.school_windows or hers.timetable):
        return None  # she named the clock, or nothing that could move
    allowed = asked(request, terms, hers, horizon, (1 << horizon.slots) - 1)
    fits = not slots & ~(allowed.anywhere if online else allowed.at_school)
    return None if fits else Because.DAY_MOVED


def made_impossible(
    session: LiveSession, terms: ModelTerms, before: HerTime, hers: HerTime, horizon: Horizon
) -> Because | None:
    """Why the change of a school's time made the session impossible; None when it did not.

    What did not fit before is no loss of this change: a time that she moved it to herself need not be
    one that she once asked for.
    """
    because = impossible(session, terms, hers, horizon)
    if because is None:
        return None
    was = impossible(session, terms, before, horizon)
    return None if was in (because, Because.SCHOOL_CLOSED) else because


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A school's time before the change, as far as it was known, and now."""

    before: SchoolTime | None
    now: SchoolTime

    def time_of(self, hers: HerTime, horizon: Horizon) -> HerTime:
        """What her time was before the change, by the timetable that she has now."""
        if self.before is None:
            return NOTHING_KNOWN
        return HerTime(school=slots_of(self.before, horizon), timetable=hers.timetable)

    def target(self, starts_at: datetime, horizon: Horizon) -> datetime | None:
        """When the same label, and the same period if it stood in one, comes next."""
        local = starts_at.astimezone(horizon.zone)
        old = school_year(self.before).get(local.date()) if self.before else None
        if old is None:
            return None
        day = next_of_label(self.now, old.label, local.date())
        if day is None:
            return None
        wall = local.time()
        within = next((p for p in old.periods if p.starts <= wall < p.ends), None)
        same = within and next(
            (p for p in school_year(self.now)[day].periods if p.name == within.name), None
        )
        if within is None or same is None:
            return instant_of(day, wall, horizon.zone)
        into = datetime.combine(local.date(), wall) - datetime.combine(local.date(), within.starts)
        return instant_of(day, same.starts, horizon.zone) + into


@dataclass(frozen=True, kw_only=True)
class Replacing:
    """One released session's search for another time."""

    released: LiveSession
    terms: ModelTerms
    rules: Rules
    teacher: TeacherTime

    def best(self, diaries: Sequence[Diary], target: datetime | None) -> Match | None:
        """The same label's next date with the same coach; else her next time; else anybody's."""
        own = [d for d in diaries if d.coach.person.id == self.released.coach.id]
        if own and target is not None and (found := self._near(own[0], target)):
            return found
        for among in (own, diaries):
            request = self.released.request
            match = find_match(request, self.terms, among, self.teacher, self.rules)
            if isinstance(match, Match):
                return match
        return None

    def _near(self, diary: Diary, target: datetime) -> Match | None:
        """Her start that is nearest to `target`, on its day."""
        horizon, request = self.rules.horizon, self.released.request
        if not horizon.starts_at <= target < horizon.ends_at:
            return None
        wanted = (target - horizon.starts_at) // SLOT
        day = horizon.day_masks[horizon.day_of_slot[wanted]]
        starts = starts_with(request, self.terms, diary, self.teacher, self.rules) & day
        if not starts:
            return None
        nearest = min(slots_in(starts, horizon), key=lambda slot: (abs(slot - wanted), slot))
        return match_at(request, self.terms, diary, self.teacher, self.rules, slot=nearest)
