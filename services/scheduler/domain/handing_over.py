"""A coach hands a request over to a colleague: who could take it, and when they would meet. Pure.

Times stay as they were told wherever the colleague has them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.scheduler.domain.availability import slots_in
from services.scheduler.domain.booking import place_of
from services.scheduler.domain.cadence import week_of
from services.scheduler.domain.candidate import Match
from services.scheduler.domain.diary import Diary, TeacherTime
from services.scheduler.domain.local_week import SLOT
from services.scheduler.domain.matching import match_at, starts_with
from services.scheduler.domain.model import ModelTerms
from services.scheduler.domain.moving import Destination, at_any_time, without
from services.scheduler.domain.planning import Picture
from services.scheduler.domain.release import LiveSession
from services.scheduler.domain.rules import Rules
from shared.events.vocabulary import Person


class Why(StrEnum):
    """Why a coach would rather have a colleague go on."""

    FITS_BETTER = "fits_better"
    NO_TIME = "no_time"
    NEARER = "nearer"


@dataclass(frozen=True, kw_only=True)
class HandOver:
    """What a coach asked of a teacher; `number` counts them for one request."""

    id: UUID
    request_id: UUID
    number: int
    coach: Person
    to: Person
    why: Why
    asked_at: datetime


AGREED, DECLINED, WITHDRAWN = "agreed", "declined", "withdrawn"


@dataclass(frozen=True, kw_only=True)
class Passed:
    """A meeting as the colleague would have it."""

    session: LiveSession
    to: Destination

    @property
    def stays(self) -> bool:
        """Whether its time is the one that was told."""
        return self.to.starts_at == self.session.starts_at


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """Somebody who could go on. `left` are meetings of a cycle for which she has no time in their week."""

    coach: Person
    passed: tuple[Passed, ...]
    left: tuple[LiveSession, ...] = ()

    @property
    def kept(self) -> int:
        """How many meetings keep their time."""
        return sum(one.stays for one in self.passed)

    @property
    def starts(self) -> tuple[datetime, ...]:
        """When the meetings would begin: what a teacher says yes to."""
        return tuple(one.to.starts_at for one in self.passed)


def colleagues(
    sessions: Sequence[LiveSession], terms: ModelTerms, picture: Picture
) -> tuple[Colleague, ...]:
    """Who could take these meetings of one request over, who keeps most of their times first.

    What begins too soon to be told to somebody else stays as it is.
    """
    soonest = picture.rules.horizon.instant(picture.rules.first_slot)
    sessions = [session for session in sessions if session.starts_at >= soonest]
    if not sessions:
        return ()
    for session in sessions:
        without(session, terms, picture)
    own = sessions[0].coach.id
    found = [
        colleague
        for diary in picture.by_school().get(sessions[0].request.school.id, [])
        if diary.coach.person.id != own
        and (colleague := _taking_over(sessions, terms, picture, diary))
    ]
    return tuple(
        sorted(found, key=lambda one: (len(one.left), -one.kept, one.starts, one.coach.id))
    )


def _taking_over(
    sessions: Sequence[LiveSession], terms: ModelTerms, picture: Picture, diary: Diary
) -> Colleague | None:
    """How this colleague would go on; None when she can not: then her diary is not to be used again."""
    request = sessions[0].request
    if request.is_cycle and diary.cycles_free < 1:
        return None
    teacher = picture.teachers[request.teacher.id]
    rules = replace(picture.rules, near=-1) if request.is_cycle else picture.rules
    search = _Search(terms, rules, diary, replace(teacher))
    passed, left = [], []
    for session in sessions:
        match = search.best(session)
        if match is None:
            left.append(session)
            continue
        passed.append(Passed(session=session, to=search.destination(session, match)))
    if not passed or (left and not request.is_cycle):
        return None
    return Colleague(coach=diary.coach.person, passed=tuple(passed), left=tuple(left))


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a teacher answers: this question, and when she says yes, these times."""

    hand_over_id: UUID
    starts: tuple[datetime, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Handing:
    """A request's meetings to come, as coach and teacher see them while one may be handed over.

    `colleagues` are those who could go on; with `asked`, only the one whom the coach has named.
    """

    sessions: tuple[LiveSession, ...]
    colleagues: tuple[Colleague, ...]
    asked: HandOver | None = None

    @property
    def coach(self) -> Person:
        """Who has it now."""
        return self.sessions[0].coach

    def named(self, coach_id: UUID) -> Colleague | None:
        """The colleague of this id, if she could go on."""
        return next((one for one in self.colleagues if one.coach.id == coach_id), None)


@dataclass
class _Search:
    """One colleague's look at the meetings, one after another; each sees those before it."""

    terms: ModelTerms
    rules: Rules
    diary: Diary
    teacher: TeacherTime

    def best(self, session: LiveSession) -> Match | None:
        """At its told time if that can be, else as near to it as can be."""
        told = (session.starts_at - self.diary.horizon.starts_at) // SLOT
        if told >= self.diary.horizon.slots:
            return None
        for slot in self._nearest(session, told):
            match = self._at(session, slot)
            if match is not None:
                self._take(match)
                return match
        return None

    def _nearest(self, session: LiveSession, told: int) -> Iterator[int]:
        yield told
        horizon, request = self.diary.horizon, at_any_time(session.request)
        starts = starts_with(request, self.terms, self.diary, self.teacher, self.rules)
        if session.request.is_cycle:
            starts &= horizon.week_masks[week_of(told, horizon)]
        yield from sorted(slots_in(starts, horizon), key=lambda slot: (abs(slot - told), slot))[:1]

    def _at(self, session: LiveSession, slot: int) -> Match | None:
        request = at_any_time(session.request)
        return match_at(request, self.terms, self.diary, self.teacher, self.rules, slot=slot)

    def _take(self, match: Match) -> None:
        slot = match.chosen.slot
        self.diary.book(slot, match.booked)
        self.teacher.busy |= self.diary.horizon.mask(slot, slot + match.length)

    def destination(self, session: LiveSession, match: Match) -> Destination:
        horizon, slot = self.diary.horizon, match.chosen.slot
        return Destination(
            coach=self.diary.coach.person,
            coach_type=match.chosen.coach_type,
            place=place_of(session.request, self.diary.coach, self.terms),
            starts_at=horizon.instant(slot),
            ends_at=horizon.instant(slot + match.length),
            match=match,
            weights=self.rules.weights,
        )
