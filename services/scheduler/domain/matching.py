"""Decide which coach takes a request, and when. Pure: same facts, same answer, with reasons.

Hard rules first: the combination is published, she offers it, serves the school, is somebody else,
and is available. Among those, points: each by a named reason, weighed by data.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from services.scheduler.domain.asked import NOTHING_KNOWN, Asked, HerTime, asked
from services.scheduler.domain.availability import earliest_by_day, free_starts
from services.scheduler.domain.cadence import Cadence, beginnings, following
from services.scheduler.domain.candidate import Candidate, Match, NoMatch, Verdict
from services.scheduler.domain.diary import Diary, TeacherTime
from services.scheduler.domain.local_week import SLOT, Horizon
from services.scheduler.domain.model import ModelTerms
from services.scheduler.domain.request import ONLINE, Request
from services.scheduler.domain.school_time import SchoolSlots, Timetable
from services.scheduler.domain.travel import NO_TRAVEL, Travel
from services.scheduler.domain.weights import Points, Weights

_MINUTES_A_SLOT = int(SLOT.total_seconds()) // 60
_SOON = 14 * 24 * 60 // _MINUTES_A_SLOT  # behind a fortnight, sooner is no longer worth points
_DAYS_WEIGHED = 5


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What holds for a whole plan: how far and from when times are offered, and the weights.

    `school_time` says by school and `timetables` by teacher what is known of their days; `ruled_out` by
    request what is not for it: what was held for her and not taken. A meeting begins, or the first of a
    cycle, within `near`; the others of a cycle may lie farther ahead.
    """

    horizon: Horizon
    not_before: int
    weights: Weights
    school_time: Mapping[UUID, SchoolSlots] = field(default_factory=dict)
    timetables: Mapping[tuple[UUID, UUID], Timetable] = field(default_factory=dict)
    ruled_out: Mapping[UUID, int] = field(default_factory=dict)
    near: int = -1
    travel: Travel = NO_TRAVEL

    @property
    def first_slot(self) -> int:
        """The first slot that the minimum notice leaves."""
        return self.horizon.slots - self.not_before.bit_length()

    def without(self, request_id: UUID, slots: int) -> "Rules":
        """The same, with these slots ruled out for a request too."""
        out = self.ruled_out.get(request_id, 0) | slots
        return replace(self, ruled_out={**self.ruled_out, request_id: out})

    def time_of(self, request: Request) -> HerTime:
        """What is known of the time that the one who asks lives by."""
        school = self.school_time.get(request.school.id)
        if school is None:
            return NOTHING_KNOWN
        return HerTime(
            school=school,
            timetable=self.timetables.get((request.teacher.id, request.school.id)),
        )


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
    return search.begins(diary, diary.available(search.minutes))


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
    chosen = search.at(candidate, slot, diary.minutes_this_fortnight)
    return Match(
        chosen=chosen,
        length=search.length,
        minutes=search.minutes,
        candidates=(chosen,),
        at_school=search.school_of(diary),
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
        return -(-self.minutes // _MINUTES_A_SLOT)

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
        elif self.request.is_new_cycle and diary.cycles_free < 1:
            verdict = Verdict.FULLY_BOOKED
        elif not self.begins(diary, diary.available(self.minutes)):
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
            free &= ~diary.out_of_reach(school, self.rules.travel)
        return free_starts(free & ~self.teacher.busy, self.length, diary.horizon)

    def later(self, diary: Diary, first: int) -> tuple[int, ...]:
        """The further meetings of a cycle that begins at `first`."""
        starts = self.starts(diary, diary.available(self.minutes))
        return following(first, starts, self.cadence, diary.horizon)

    def school_of(self, diary: Diary) -> UUID | None:
        """Where they would meet: her school, or None online."""
        online = self.online_is_fine and diary.coach.online_address
        return None if online else self.request.school.id

    def _why_not(self, diary: Diary) -> Verdict:
        """What she lacks who has no start: room under her caps, the way there, or time."""
        if self.begins(diary, diary.free):
            return Verdict.FULLY_BOOKED
        there = diary.available(self.minutes) & self.wanted.at_school & ~self.teacher.busy
        if self.school_of(diary) and free_starts(there, self.length, diary.horizon):
            return Verdict.TOO_FAR
        return Verdict.NO_TIME

    def with_points(self, looked_at: list[Candidate]) -> Iterator[Candidate]:
        """The candidates, those who are possible at their best time and with their points."""
        possible = [c for c in looked_at if c.verdict is Verdict.POSSIBLE]
        busiest = max((c.diary.minutes_this_fortnight for c in possible), default=0)
        for candidate in looked_at:
            if candidate.verdict is Verdict.POSSIBLE:
                yield min(self._options(candidate, busiest), key=lambda option: option.rank)
            else:
                yield candidate

    def _options(self, candidate: Candidate, busiest: int) -> Iterator[Candidate]:
        diary = candidate.diary
        begins = self.begins(diary, diary.available(self.minutes))
        for slot in earliest_by_day(begins, diary.horizon, _DAYS_WEIGHED):
            yield self.at(candidate, slot, busiest)

    def at(self, candidate: Candidate, slot: int, busiest: int) -> Candidate:
        """The candidate at one of her starts, with what she earns by it."""
        diary, weights = candidate.diary, self.rules.weights
        types = self.request.coach_types
        fit = 1 - types.index(candidate.coach_type) / len(types)
        load = 1 - diary.minutes_this_fortnight / busiest if busiest else 1.0
        met = candidate.coach_id in self.teacher.met
        soon = max(1 - (slot - self.rules.first_slot) / _SOON, 0.0)
        day = diary.horizon.day_of_slot[slot]
        school = self.school_of(diary)
        there = school is not None and diary.is_at(school, day)
        return replace(
            candidate,
            slot=slot,
            later=self.later(diary, slot) if self.request.is_cycle else (),
            points=Points(
                coach_type=weights.coach_type * fit,
                soon=weights.soon * soon,
                load=weights.load * load,
                continuity=weights.continuity * met,
                spread=weights.spread * diary.room_on(day),
                travel=weights.travel * there,
            ),
        )
