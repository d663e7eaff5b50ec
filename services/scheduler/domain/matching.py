"""Decide which coach takes a request, and when. Pure: same facts, same answer, with reasons.

Hard rules first: the combination is published, she offers it, serves the school, is somebody else,
and is available. Among those, points: each by a named reason, weighed by data.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from uuid import UUID

from services.scheduler.domain.asked import Asked, asked
from services.scheduler.domain.availability import earliest_by_day, free_starts
from services.scheduler.domain.cadence import Cadence, beginnings, following
from services.scheduler.domain.candidate import Candidate, Match, NoMatch, Verdict
from services.scheduler.domain.diary import Diary, TeacherTime
from services.scheduler.domain.local_week import MINUTES_A_SLOT
from services.scheduler.domain.model import ModelTerms
from services.scheduler.domain.request import ONLINE, Request
from services.scheduler.domain.rules import Rules
from services.scheduler.domain.weighing import Weighing

_DAYS_WEIGHED = 5


def find_match(
    request: Request,
    terms: ModelTerms,
    diaries: Iterable[Diary],
    teacher: TeacherTime,
    rules: Rules,
) -> Match | NoMatch:
    """The best coach and time for a request, or what stood in the way."""
    search = _search(request, terms, teacher, rules)
    wanted = search.wanted
    looked_at = [candidate for diary in diaries if (candidate := search.look_at(diary))]
    ranked = tuple(sorted(search.with_points(looked_at), key=lambda candidate: candidate.rank))
    possible = [candidate for candidate in ranked if candidate.verdict is Verdict.POSSIBLE]
    if not possible:
        return NoMatch(
            candidates=ranked,
            asked_slots=wanted.anywhere if search.online_is_fine else wanted.at_school,
            prep_unknown=wanted.prep_unknown,
        )
    others = (candidate for candidate in ranked if candidate.verdict is not Verdict.POSSIBLE)
    return Match(
        chosen=possible[0],
        length=search.length,
        minutes=search.minutes,
        candidates=(*possible, *others),
        at_school=search.school_of(possible[0].diary),
        uses_protected=search.uses_protected,
    )


def starts_with(
    request: Request, terms: ModelTerms, diary: Diary, teacher: TeacherTime, rules: Rules
) -> int:
    """Every start at which this coach could take the request: what is offered and what is booked.

    Of a cycle it is the first meeting's.
    """
    search = _search(request, terms, teacher, rules)
    candidate = search.look_at(diary)
    if candidate is None or candidate.verdict is not Verdict.POSSIBLE:
        return 0
    return search.begins(diary, search.available(diary))


def match_at(
    request: Request,
    terms: ModelTerms,
    diary: Diary,
    teacher: TeacherTime,
    rules: Rules,
    *,
    slot: int,
) -> Match | None:
    """A coach at one of her `starts_with`; None when `slot` is none of them."""
    search = _search(request, terms, teacher, rules)
    candidate = search.look_at(diary)
    if candidate is None or not starts_with(request, terms, diary, teacher, rules) & (
        1 << (diary.horizon.slots - 1 - slot)
    ):
        return None
    chosen = search.at(candidate, slot, diary.load)
    return Match(
        chosen=chosen,
        length=search.length,
        minutes=search.minutes,
        candidates=(chosen,),
        at_school=search.school_of(diary),
        uses_protected=search.uses_protected,
    )


def _search(request: Request, terms: ModelTerms, teacher: TeacherTime, rules: Rules) -> "_Search":
    minutes = terms.modes[request.support_mode].minutes
    hers = rules.time_of(request)
    bookable = rules.not_before & ~rules.ruled_out.get(request.id, 0)
    wanted = asked(request, terms, hers, rules.horizon, bookable)
    cadence = Cadence(
        meetings=request.meetings,
        weeks_between=terms.modes[request.support_mode].weeks_between,
    )
    return _Search(request, terms, rules, teacher, minutes, wanted, cadence)


@dataclass(frozen=True)
class _Search:
    """One request's look at its candidates."""

    request: Request
    terms: ModelTerms
    rules: Rules
    teacher: TeacherTime
    minutes: int
    wanted: Asked
    cadence: Cadence

    @property
    def online_is_fine(self) -> bool:
        """Whether she asked to meet online and this kind of help allows it."""
        mode = self.terms.modes[self.request.support_mode]
        return self.request.meeting == ONLINE and mode.online_ok

    @property
    def length(self) -> int:
        return -(-self.minutes // MINUTES_A_SLOT)

    @property
    def uses_protected(self) -> bool:
        """Whether this kind of help may use protected time."""
        return self.terms.modes[self.request.support_mode].uses_protected

    def available(self, diary: Diary) -> int:
        """The slots in which she could be booked for such a meeting, wherever it is."""
        return diary.available(self.minutes, uses_protected=self.uses_protected)

    def covered_type(self, diary: Diary) -> str | None:
        """The first accepted type in which this coach may take the request, if any."""
        request = self.request
        if request.school.id not in diary.coach.school_ids:
            return None
        for coach_type in request.coach_types:
            if (coach_type, request.support_mode) in diary.coach.offers and self.terms.allows(
                coach_type, request.topic, request.support_mode
            ):
                return coach_type
        return None

    def look_at(self, diary: Diary) -> Candidate | None:
        """Her candidacy, not yet weighed; None when her role does not cover the request here."""
        coach_type = self.covered_type(diary)
        if coach_type is None:
            return None
        verdict = Verdict.POSSIBLE
        if diary.coach.person.id == self.request.teacher.id:
            verdict = Verdict.HERSELF
        elif diary.coach.person.id in self.teacher.appraisers:
            verdict = Verdict.APPRAISES
        elif self.request.is_new_cycle and diary.cycles_free < 1:
            verdict = Verdict.FULLY_BOOKED
        elif not self.begins(diary, self.available(diary)):
            verdict = self._why_not(diary)
        return Candidate(diary=diary, coach_type=coach_type, verdict=verdict)

    def begins(self, diary: Diary, available: int) -> int:
        """The starts of the meeting, or of the first from which a whole cycle fits."""
        starts = self.starts(diary, available)
        if self.request.is_cycle:
            return beginnings(starts, self.cadence, diary.horizon) & self.rules.near
        return starts & self.rules.near

    def starts(self, diary: Diary, available: int) -> int:
        """The starts at which she and the teacher can meet where they then would."""
        school = self.school_of(diary)
        free = available & (self.wanted.at_school if school else self.wanted.anywhere)
        if school and free:
            free &= ~diary.elsewhere(school)
            free &= ~diary.out_of_reach(school, self.rules.travel)
        free &= ~self.teacher.busy
        if school or not free:
            return free_starts(free, self.length, diary.horizon)
        return reduce(
            or_,
            (
                free_starts(free & ~driving, self.length, diary.horizon)
                for driving in set(diary.on_the_road(self.rules.travel))
            ),
        )

    def later(self, diary: Diary, first: int) -> tuple[int, ...]:
        """The further meetings of a cycle that begins at `first`."""
        starts = self.starts(diary, self.available(diary))
        return following(first, starts, self.cadence, diary.horizon)

    def school_of(self, diary: Diary) -> UUID | None:
        """Where they would meet: her school, or None online."""
        online = self.online_is_fine and diary.coach.online_address
        return None if online else self.request.school.id

    def _why_not(self, diary: Diary) -> Verdict:
        """What she lacks who has no start: protected time, room under her caps, the way there, or time."""
        if self.begins(diary, diary.available(self.minutes, uses_protected=True)):
            return Verdict.PROTECTED
        if self.begins(diary, diary.free & diary.bookable):
            return Verdict.FULLY_BOOKED
        there = self.available(diary) & self.wanted.at_school & ~self.teacher.busy
        if self.school_of(diary) and free_starts(there, self.length, diary.horizon):
            return Verdict.TOO_FAR
        return Verdict.NO_TIME

    def with_points(self, looked_at: list[Candidate]) -> Iterator[Candidate]:
        """The candidates, those who are possible at their best time and with their points."""
        possible = [c for c in looked_at if c.verdict is Verdict.POSSIBLE]
        busiest = max((c.diary.load for c in possible), default=0)
        for candidate in looked_at:
            if candidate.verdict is Verdict.POSSIBLE:
                yield min(self._options(candidate, busiest), key=lambda option: option.rank)
            else:
                yield candidate

    def _options(self, candidate: Candidate, busiest: int) -> Iterator[Candidate]:
        diary = candidate.diary
        begins = self.begins(diary, self.available(diary))
        slots = list(earliest_by_day(begins, diary.horizon, _DAYS_WEIGHED))
        if len(self.wanted.named) > 1:
            dearest = earliest_by_day(begins & self.wanted.named[0], diary.horizon, _DAYS_WEIGHED)
            slots = list(dict.fromkeys([*slots, *dearest]))
        for slot in slots:
            yield self.at(candidate, slot, busiest)

    def at(self, candidate: Candidate, slot: int, busiest: int) -> Candidate:
        """The candidate at one of her starts, with what she earns by it."""
        weighing = Weighing(self.request, self.rules, self.teacher, self.wanted.named)
        return replace(
            candidate,
            slot=slot,
            later=self.later(candidate.diary, slot) if self.request.is_cycle else (),
            points=weighing.points(candidate, slot, self.school_of(candidate.diary), busiest),
            drawn=weighing.drawn(candidate),
        )
