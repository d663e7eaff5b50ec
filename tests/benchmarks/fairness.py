"""Fairness: how long each school's teachers wait in a term, beside first come, first served at the earliest.

Both take the same asks as they come, keep the same hard rules (roles, hours, ways, caps), look as far ahead,
and try those who wait each Monday, when a week is opened. The reference takes who came first at the earliest
time that anybody has; the product weighs as it weighs everywhere. A wait is from the ask to the meeting; who
has none at the term's end waited until then.
"""

import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from services.scheduler.domain.candidate import Match
from services.scheduler.domain.diary import Booked, Diary, TeacherTime
from services.scheduler.domain.fairness import CoachAtWork, SchoolWait, Stay, Turns, loads
from services.scheduler.domain.local_week import SLOT, Horizon
from services.scheduler.domain.matching import match_at, starts_with
from services.scheduler.domain.planning import Picture, plan, write_in
from services.scheduler.domain.request import Request
from services.scheduler.domain.rules import Rules
from services.scheduler.domain.weights import Weights
from tests.benchmarks.a_term import BEGINS, DAY, WEEK, ZONE, Term, a_term
from tests.benchmarks.goals import FAIRER_SEEDS, MEAN_WAIT
from tests.benchmarks.report import Report
from tests.benchmarks.sizes import Sizes
from tests.support.scheduler.builders import LITERACY
from tests.support.scheduler.domain import TERMS

GOALS = (FAIRER_SEEDS, MEAN_WAIT)
_SEEDS = range(10)
_LOAD, _OTHER_LOADS = 1.2, (0.9, 1.5)
_AHEAD = 6  # weeks, as the product's own setting
_NOTICE = timedelta(hours=1)
_LOOKED_BACK = timedelta(weeks=8)
_FORTNIGHT = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """What was booked."""

    request: Request
    coach_id: UUID
    starts_at: datetime
    length: int
    minutes: int

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + self.length * SLOT


Chooser = Callable[[Sequence[Request], Picture], Iterable[tuple[Request, Match | None]]]


@dataclass
class Division:
    """A term as it goes on under one way of choosing."""

    term: Term
    choose: Chooser
    weighs: bool
    meetings: dict[UUID, Meeting] = field(default_factory=dict)
    waiting: list[Request] = field(default_factory=list)

    def waits(self, until: datetime) -> Mapping[UUID, list[float]]:
        """By school, the days that each of its asks waited, as far as they have come."""
        found: dict[UUID, list[float]] = defaultdict(list)
        for ask in self.term.asks:
            if ask.waiting_since > until:
                break
            met = self.meetings.get(ask.id)
            found[ask.school.id].append(
                ((met.starts_at if met else until) - ask.waiting_since) / DAY
            )
        return found

    def run(self) -> Mapping[UUID, float]:
        """The mean wait of each school, in days."""
        asks = list(self.term.asks)
        for week in range(self.term.weeks):
            now = BEGINS + week * WEEK - timedelta(hours=1)
            picture = self._picture(now)
            turns = self._turns(now)
            waiting = [replace(ask, head_start=turns.head_start(ask)) for ask in self.waiting]
            self.waiting = self._take(waiting, picture)
            while asks and asks[0].waiting_since < now + WEEK:
                ask = asks.pop(0)
                bookable = picture.rules.horizon.within(
                    ask.waiting_since + _NOTICE, picture.rules.horizon.ends_at
                )
                rules = replace(picture.rules, not_before=bookable)
                self.waiting += self._take([ask], replace(picture, rules=rules))
        ends = BEGINS + self.term.weeks * WEEK
        return {school: statistics.mean(days) for school, days in self.waits(ends).items()}

    def _take(self, asks: Sequence[Request], picture: Picture) -> list[Request]:
        left = []
        for ask, found in self.choose(asks, picture):
            if found is None:
                left.append(ask)
                continue
            self.meetings[ask.id] = Meeting(
                request=ask,
                coach_id=found.chosen.coach_id,
                starts_at=picture.rules.horizon.instant(found.chosen.slot),
                length=found.length,
                minutes=found.minutes,
            )
        return left

    def _turns(self, now: datetime) -> Turns:
        if not self.weighs:
            return Turns(weights=Weights(urgency=0, school=0), today=now.date())
        since = now - _LOOKED_BACK
        days: dict[UUID, list[float]] = defaultdict(list)
        for ask in self.term.asks:
            if since <= ask.waiting_since <= now:
                met = self.meetings.get(ask.id)
                until = met.starts_at if met else now
                days[ask.school.id].append((until - ask.waiting_since) / DAY)
        every = [one for each in days.values() for one in each]
        return Turns(
            weights=Weights(),
            today=now.date(),
            waits={
                school: SchoolWait(asks=len(each), days=statistics.mean(each))
                for school, each in days.items()
            },
            mean=statistics.mean(every) if every else 0.0,
        )

    def _picture(self, now: datetime) -> Picture:
        horizon = Horizon.of(now, _AHEAD, ZONE)
        stock = _stock(self.term)
        done = self._loads(now)
        diaries = {}
        for coach in self.term.coaches:
            fewest = min(stock[school, LITERACY] for school in coach.school_ids)
            diaries[coach.person.id] = Diary(
                coach=coach,
                horizon=horizon,
                free=_school_hours(horizon),
                done=done[coach.person.id],
                fewest={LITERACY: fewest},
            )
        teachers = {ask.teacher.id: TeacherTime() for ask in self.term.asks}
        for meeting in self.meetings.values():
            teacher = teachers[meeting.request.teacher.id]
            teacher.met |= {meeting.coach_id}
            if meeting.starts_at < horizon.starts_at or meeting.ends_at > horizon.ends_at:
                continue
            slot = (meeting.starts_at - horizon.starts_at) // SLOT
            at = meeting.request.school.id
            booked = Booked(length=meeting.length, minutes=meeting.minutes, at=at)
            diaries[meeting.coach_id].book(slot, booked)
            teacher.busy |= horizon.mask(slot, slot + meeting.length)
        rules = Rules(
            horizon=horizon,
            not_before=horizon.within(now + _NOTICE, horizon.ends_at),
            weights=Weights(),
            travel=self.term.travel,
            coaches=stock,
        )
        return Picture(rules=rules, diaries=diaries, teachers=teachers)

    def _loads(self, now: datetime) -> Mapping[UUID, int]:
        minutes: dict[UUID, int] = defaultdict(int)
        stays = []
        for met in sorted(self.meetings.values(), key=lambda met: met.starts_at):
            if now - _FORTNIGHT <= met.starts_at < now:
                minutes[met.coach_id] += met.minutes
            if now - _FORTNIGHT <= met.starts_at < now + _FORTNIGHT:
                day = met.starts_at.astimezone(ZONE).date()
                stay = Stay(coach_id=met.coach_id, day=day, school_id=met.request.school.id)
                stays.append(stay)
        at_work = [
            CoachAtWork(id=c.person.id, minutes=minutes[c.person.id], home_base=c.home_base)
            for c in self.term.coaches
        ]
        found = loads(at_work, stays, self.term.travel)
        return {coach: load.minutes + load.travel for coach, load in found.items()}


def by_weight(asks: Sequence[Request], picture: Picture) -> Iterable[tuple[Request, Match | None]]:
    """The product's own plan."""
    for decision in plan(asks, {1: TERMS}, picture):
        found = decision.found
        yield decision.request, found if isinstance(found, Match) else None


def first_come(asks: Sequence[Request], picture: Picture) -> Iterable[tuple[Request, Match | None]]:
    """Who came first, at the earliest time that anybody has."""
    by_school = picture.by_school()
    for ask in sorted(asks, key=lambda ask: (ask.waiting_since, ask.id)):
        teacher = picture.teachers[ask.teacher.id]
        earliest = min(
            (
                (diary.horizon.slots - starts.bit_length(), diary.coach.person.id, diary)
                for diary in by_school.get(ask.school.id, ())
                if (starts := starts_with(ask, TERMS, diary, teacher, picture.rules))
            ),
            key=lambda found: found[:2],
            default=None,
        )
        found = None
        if earliest is not None:
            slot, _, diary = earliest
            found = match_at(ask, TERMS, diary, teacher, picture.rules, slot=slot)
        if found is not None:
            write_in(found, ask, picture)
        yield ask, found


@dataclass(frozen=True, kw_only=True)
class Beside:
    """One term under both."""

    term: Term
    first_come: Mapping[UUID, float]
    ours: Mapping[UUID, float]
    means: tuple[float, float]

    @property
    def worst(self) -> tuple[float, float]:
        """Worst-to-mean waiting by school, of first come and of ours."""
        theirs, ours = self.means
        return max(self.first_come.values()) / theirs, max(self.ours.values()) / ours


def beside(seed: int, load: float) -> Beside:
    """The same term under first come, and under the product."""
    term = a_term(seed, load)
    runs = [
        Division(term=term, choose=first_come, weighs=False),
        Division(term=term, choose=by_weight, weighs=True),
    ]
    theirs, ours = (run.run() for run in runs)
    ends = BEGINS + term.weeks * WEEK
    means = tuple(
        statistics.mean(day for days in run.waits(ends).values() for day in days) for run in runs
    )
    return Beside(term=term, first_come=theirs, ours=ours, means=(means[0], means[1]))


def measure(_sizes: Sizes, report: Report) -> None:
    """Ten terms, the same asks twice."""
    terms = [beside(seed, _LOAD) for seed in _SEEDS]
    fairer = [term for term in terms if term.worst[1] < term.worst[0]]
    worst = [statistics.mean(term.worst[n] for term in terms) for n in (0, 1)]
    report.add(
        FAIRER_SEEDS,
        len(fairer),
        f"worst to mean: first come {worst[0]:.2f}, ours {worst[1]:.2f}; {_remote(terms)}",
    )
    longest = max(ours / theirs for theirs, ours in (term.means for term in terms))
    means = [statistics.mean(term.means[n] for term in terms) for n in (0, 1)]
    report.add(
        MEAN_WAIT,
        longest,
        f"the longest of ten; all: first come {means[0]:.2f} days, ours {means[1]:.2f}",
    )
    for load in _OTHER_LOADS:
        others = [beside(seed, load) for seed in _SEEDS]
        report.note(f"fairness at {load:g} times 20 asks a day", _in_short(others))


def _remote(terms: Sequence[Beside]) -> str:
    """How long each remote school waits, first come and ours."""
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for one in terms:
        for school in one.term.schools:
            if school.id in one.term.remote:
                found[school.name].append((one.first_come[school.id], one.ours[school.id]))
    parts = []
    for name, waits in sorted(found.items()):
        theirs, ours = (statistics.mean(wait[n] for wait in waits) for n in (0, 1))
        parts.append(f"{name} {theirs:.1f} → {ours:.1f} days")
    return ", ".join(parts)


def _in_short(terms: Sequence[Beside]) -> str:
    worst = [statistics.mean(term.worst[n] for term in terms) for n in (0, 1)]
    means = [statistics.mean(term.means[n] for term in terms) for n in (0, 1)]
    fairer = sum(term.worst[1] < term.worst[0] for term in terms)
    return (
        f"fairer in {fairer} of {len(terms)}; worst to mean {worst[0]:.2f} → {worst[1]:.2f},"
        f" mean {means[0]:.2f} → {means[1]:.2f} days"
    )


def _stock(term: Term) -> Mapping[tuple[UUID, str], int]:
    return {
        (school.id, LITERACY): sum(school.id in coach.school_ids for coach in term.coaches)
        for school in term.schools
    }


def _school_hours(horizon: Horizon) -> int:
    slots = 0
    for day in range(7 * _AHEAD):
        if day % 7 < 5:
            eight = horizon.starts_at + day * DAY + timedelta(hours=8)
            slots |= horizon.within(eight, eight + timedelta(hours=8))
    return slots
