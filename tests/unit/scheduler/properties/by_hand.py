"""What may be booked, said once more the slow and plain way: slot by slot, by the clock on the wall.

It reads the facts of a `World` and nothing that the matcher made of them. Sets of slot numbers stand
where the matcher shifts bits.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from services.scheduler.domain.availability import DaysOfLabel, ExceptionKind
from services.scheduler.domain.request import Request
from services.scheduler.domain.school_time import ClosureKind, SchoolTime
from tests.unit.scheduler.properties.worlds import (
    NEAR,
    NOTICE,
    TERMS,
    WEEKS,
    CoachFacts,
    Stay,
    World,
)

SLOT = timedelta(minutes=5)


@dataclass(frozen=True)
class Taken:
    """A meeting by its slots, both borders as half-open stretches have them."""

    first: int
    end: int
    minutes: int
    school_id: UUID | None
    uses_protected: bool


@cache
def clock(zone: ZoneInfo, monday: date) -> tuple[tuple[date, int], ...]:
    """For each slot of the horizon its local day and the minute that the clock on the wall shows."""
    midnight = datetime.combine(monday, time(), zone).astimezone(UTC)
    end = datetime.combine(monday + timedelta(weeks=WEEKS), time(), zone).astimezone(UTC)
    shown = ((midnight + n * SLOT).astimezone(zone) for n in range((end - midnight) // SLOT))
    return tuple((at.date(), at.hour * 60 + at.minute) for at in shown)


@cache
def days(zone: ZoneInfo, monday: date) -> dict[date, list[int]]:
    """The slots of each local day."""
    found: dict[date, list[int]] = {}
    for slot, (day, _) in enumerate(clock(zone, monday)):
        found.setdefault(day, []).append(slot)
    return found


def minute(wall: time) -> int:
    return wall.hour * 60 + wall.minute


def _drives(leaves: int, arrives: int, way: int, online: set[int]) -> bool:
    """Whether there is time between for the way: at once, and in no online meeting."""
    return (way == 0 and leaves <= arrives) or any(
        not online & set(range(start, start + way)) for start in range(leaves, arrives - way + 1)
    )


class ByHand:
    """One world, looked at by hand."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.clock = clock(world.zone, world.monday)
        self.starts_at = datetime.combine(world.monday, time(), world.zone).astimezone(UTC)
        self.by_day = days(world.zone, world.monday)
        self._worked: dict[UUID, tuple[set[int], set[int], dict[UUID, set[int]]]] = {}
        self.schools = {school.school_id: school for school in world.schools}

    def instant(self, slot: int) -> datetime:
        return self.starts_at + slot * SLOT

    def slot(self, at: datetime) -> int:
        return (at - self.starts_at) // SLOT

    def span(self, day: date, starts: time, ends: time) -> set[int]:
        """The slots of a day that lie between two wall times."""
        return {
            slot
            for slot in self.by_day.get(day, ())
            if minute(starts) <= self.clock[slot][1] and self.clock[slot][1] + 5 <= minute(ends)
        }

    def between(self, starts_at: datetime, ends_at: datetime) -> set[int]:
        """The slots wholly between two instants."""
        first = self.slot(starts_at) - 1
        around = range(max(first, 0), min(self.slot(ends_at) + 2, len(self.clock)))
        return {
            n for n in around if starts_at <= self.instant(n) and self.instant(n + 1) <= ends_at
        }

    # A school's days ---------------------------------------------------------------------------

    def teaches(self, school: SchoolTime, day: date) -> bool:
        return (
            school.first_day <= day <= school.last_day
            and day.isoweekday() in school.weekdays
            and all(closure.day != day for closure in school.closures)
        )

    def label(self, school: SchoolTime, day: date) -> str | None:
        """What a day is called: its place among the school days before it, less the lost ones."""
        if not self.teaches(school, day):
            return None
        if not school.labels:
            return ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[day.weekday()]
        before = [
            school.first_day + timedelta(days=n) for n in range((day - school.first_day).days)
        ]
        weekdays = [one for one in before if one.isoweekday() in school.weekdays]
        pushed_on = [c.day for c in school.closures if c.shifts and c.day in weekdays]
        return school.labels[(len(weekdays) - len(pushed_on)) % len(school.labels)]

    def period(self, school: SchoolTime, day: date, name: str) -> set[int]:
        """The slots of the periods of this name on a day; of all without one."""
        label = self.label(school, day)
        if label is None:
            return set()
        special = dict(school.specials).get(day, "")
        fitting = [
            bell
            for bell in school.bells
            if bell.special == special
            and label in (bell.labels or (label,))
            and day.isoweekday() in (bell.weekdays or (day.isoweekday(),))
        ]
        exact = max(((bool(b.labels), bool(b.weekdays)) for b in fitting), default=None)
        return {
            slot
            for bell in fitting
            if (bool(bell.labels), bool(bell.weekdays)) == exact
            for one in bell.periods
            if name in ("", one.name)
            for slot in self.span(day, one.starts, one.ends)
        }

    def pairs(self, school: SchoolTime, pairs: Iterable[tuple[str, str]]) -> set[int]:
        return {
            slot
            for day in self.by_day
            for label, name in pairs
            if label in ("", self.label(school, day))
            for slot in self.period(school, day, name)
        }

    # A coach's time ----------------------------------------------------------------------------

    def works(self, facts: CoachFacts) -> tuple[set[int], set[int], dict[UUID, set[int]]]:
        """When she works, what of it is protected, and where she is by her own plan."""
        name = facts.coach.person.id
        if name not in self._worked:
            self._worked[name] = self._works(facts)
        return self._worked[name]

    def _works(self, facts: CoachFacts) -> tuple[set[int], set[int], dict[UUID, set[int]]]:
        plain, protected = set[int](), set[int]()
        places: dict[UUID, set[int]] = defaultdict(set)
        for stretch in facts.hours:
            for day in self.by_day:
                if not self._on(stretch.on, day):
                    continue
                slots = self.span(day, stretch.starts, stretch.ends)
                (protected if stretch.protected else plain).update(slots)
                if stretch.at_school is not None:
                    places[stretch.at_school] |= slots
        off = set[int]()
        for exception in facts.exceptions:
            slots = set(self.by_day.get(exception.day, ()))
            if exception.starts is not None and exception.ends is not None:
                slots = self.span(exception.day, exception.starts, exception.ends)
            (off if exception.kind is ExceptionKind.OFF else plain).update(slots)
        return (plain | protected) - off, protected - plain - off, places

    def _on(self, on: int | DaysOfLabel, day: date) -> bool:
        if isinstance(on, int):
            return day.isoweekday() == on
        return self.label(self.schools[on.school_id], day) == on.label

    def taken(self, meetings: Iterable[Stay]) -> list[Taken]:
        return [
            Taken(
                first := self.slot(self.world.at(one.day, one.minute)),
                first - -one.minutes // 5,
                one.minutes,
                one.school_id,
                one.uses_protected,
            )
            for one in meetings
        ]

    def busy(self, stays: Iterable[Stay]) -> set[int]:
        return {slot for one in self.taken(stays) for slot in range(one.first, one.end)}

    # An ask ------------------------------------------------------------------------------------

    def meets_at(self, facts: CoachFacts, ask: Request) -> UUID | None:
        """At her school, or nowhere: online."""
        may = ask.meeting == "online" and TERMS.modes[ask.support_mode].online_ok
        return None if may and facts.coach.online_address else ask.school.id

    def covers(self, facts: CoachFacts, ask: Request) -> bool:
        """Whether it is in this coach's remit, at her school, and she may coach who asks."""
        return (
            ask.school.id in facts.coach.school_ids
            and facts.coach.person.id not in self.world.appraisers.get(ask.teacher.id, ())
            and ask.teacher.id != facts.coach.person.id
            and any(
                (kind, ask.support_mode) in facts.coach.offers
                and any(
                    (c.coach_type, c.topic, c.support_mode) == (kind, ask.topic, ask.support_mode)
                    for c in TERMS.combinations
                )
                for kind in ask.coach_types
            )
        )

    def wanted(self, ask: Request, *, online: bool) -> set[int]:
        """The slots that the ask allows."""
        school = self.schools[ask.school.id]
        timetable = self.world.timetables.get((ask.teacher.id, ask.school.id))
        where = TERMS.topics[ask.topic].where_in_day or TERMS.modes[ask.support_mode].where_in_day
        slots = set(range(len(self.clock)))
        if ask.windows or ask.school_windows:
            slots = {slot for named in self._named(ask, school, where) for slot in named}
        if timetable is not None:
            teaching = self.pairs(school, timetable.teaches)
            if where == "in_class":
                slots &= teaching
            elif where == "outside_class" and not school.cover:
                slots -= teaching
        if not online:
            learning = {c.day for c in school.closures if c.kind is ClosureKind.PD_DAY}
            slots = {
                slot
                for slot in slots
                if self.teaches(school, day := self.clock[slot][0])
                or (ask.windows and day in learning)
            }
        return slots

    def _named(self, ask: Request, school: SchoolTime, where: str) -> Iterator[set[int]]:
        timetable = self.world.timetables.get((ask.teacher.id, ask.school.id))
        for window in ask.windows:
            if self._belongs(window.in_class, where, school):
                for weeks in range(WEEKS if ask.meetings > 1 else 1):
                    yield self.between(
                        self._later(window.starts_at, weeks), self._later(window.ends_at, weeks)
                    )
        for named in ask.school_windows:
            if not self._belongs(named.in_class, where, school):
                continue
            if not named.prep:
                yield self.pairs(school, [(named.label, named.period)])
            elif timetable is not None:
                yield self.pairs(school, timetable.prepares)

    def _belongs(self, in_class: bool | None, where: str, school: SchoolTime) -> bool:
        if in_class is None or where == "either":
            return True
        return in_class if where == "in_class" else not in_class or bool(school.cover)

    def _later(self, at: datetime, weeks: int) -> datetime:
        """The same time on the wall, so many weeks later."""
        wall = at.astimezone(self.world.zone).replace(tzinfo=None) + timedelta(weeks=weeks)
        return wall.replace(tzinfo=self.world.zone).astimezone(UTC)

    # Whether it fits ---------------------------------------------------------------------------

    def starts(self, facts: CoachFacts, ask: Request) -> set[int]:
        """Every start at which the two could meet; of a cycle, the first meeting's."""
        if not self.covers(facts, ask) or (ask.meetings > 1 and facts.cycles_free < 1):
            return set()
        fits = self.single_starts(facts, ask)
        near = {n for n in fits if self.week(n) < NEAR}
        if ask.meetings == 1:
            return near
        weeks = {self.week(n) for n in fits}
        return {n for n in near if self._goes_on(self.week(n), ask, weeks, ask.meetings - 1)}

    def _goes_on(self, week: int, ask: Request, weeks: set[int], more: int) -> bool:
        step = TERMS.modes[ask.support_mode].weeks_between
        return more == 0 or any(
            self._goes_on(later, ask, weeks, more - 1) for later in weeks if later >= week + step
        )

    def single_starts(self, facts: CoachFacts, ask: Request) -> set[int]:
        """Every start of one meeting, however far ahead."""
        opened, protected, places = self.works(facts)
        mode, at = TERMS.modes[ask.support_mode], self.meets_at(facts, ask)
        free = opened - self.busy(facts.outside)
        slots = free & self.wanted(ask, online=at is None)
        slots -= self.busy(self.world.meetings_of(ask.teacher.id))
        if not mode.uses_protected:
            slots -= protected
        if at is not None:
            slots -= set().union(*places.values()) - places.get(at, set())
        length, meetings = -(-mode.minutes // 5), self.taken(facts.meetings)
        return {
            slot
            for slot in slots
            if self.clock[slot][1] % 15 == 0
            and all(n in slots for n in range(slot, slot + length))
            and self.in_time(facts, slot)
            and self.within_caps(facts, meetings, slot, mode.minutes, mode.uses_protected)
            and self.gets_there(facts, meetings, free, at, slot, slot + length)
        }

    def in_time(self, facts: CoachFacts, slot: int) -> bool:
        notice = max(NOTICE, facts.notice or NOTICE)
        return self.instant(slot) >= self.world.now + notice

    def within_caps(
        self,
        facts: CoachFacts,
        meetings: Sequence[Taken],
        slot: int,
        minutes: int,
        uses_protected: bool,
    ) -> bool:
        """Whether her day, her week and what the other modes may have of it bear one more."""
        day = (self.clock[slot][0] - self.world.monday).days
        that_day = sum(self.clock[one.first][0] == self.clock[slot][0] for one in meetings)
        that_week = [one for one in meetings if self.week(one.first) == self.week(slot)]
        cap, floor = facts.coach.weekly_minutes, facts.floor
        plain = sum(one.minutes for one in that_week if not one.uses_protected)
        return (
            that_day < facts.day_ceilings.get(day, facts.coach.sessions_per_day)
            and sum(one.minutes for one in that_week) + minutes <= cap
            and (uses_protected or plain + minutes <= max(cap - floor, 0))
        )

    def gets_there(
        self,
        facts: CoachFacts,
        meetings: Sequence[Taken],
        free: set[int],
        at: UUID | None,
        first: int,
        end: int,
    ) -> bool:
        """Whether her buffer and the ways fit between this meeting and all others, and to her base."""
        for one in meetings:
            buffer = facts.coach.buffer
            if not (one.end + buffer <= first or end + buffer <= one.first):
                return False
        day = set(self.by_day[self.clock[first][0]])
        that_day = [one for one in meetings if one.first in day]
        stands = [one for one in that_day if one.school_id is not None]
        online = {n for m in that_day if m.school_id is None for n in range(m.first, m.end)}
        here = day & free | {n for one in stands for n in range(one.first, one.end)}
        if at is None:
            here |= online
            return self._drives_anyway(facts, stands, online, here, range(first, end))
        for one in stands:
            there, back = self.way(at, one.school_id), self.way(one.school_id, at)
            if not (
                _drives(one.end, first, back, online) or _drives(end, one.first, there, online)
            ):
                return False
        here -= online
        going, coming = self.way(facts.coach.home_base, at), self.way(at, facts.coach.home_base)
        return _drives(min(here), first, going, online) and _drives(
            end, max(here) + 1, coming, online
        )

    def _drives_anyway(
        self,
        facts: CoachFacts,
        stands: list[Taken],
        online: set[int],
        here: set[int],
        new: range,
    ) -> bool:
        """Whether an online meeting leaves her the time for every way that she had the time for."""
        stands = sorted(stands, key=lambda stand: stand.first)
        stops = [(s.end, s.first, s.school_id) for s in stands]
        base = facts.coach.home_base
        if stops and base is not None:
            stops = [(min(here), 0, base), *stops, (0, max(here) + 1, base)]
        return all(
            not _drives(leaves, arrives, way, online)
            or _drives(leaves, arrives, way, online | set(new))
            for (leaves, _, start), (_, arrives, end) in pairwise(stops)
            if (way := self.way(start, end))
        )

    def way(self, start: UUID | None, end: UUID | None) -> int:
        """The slots that the way takes."""
        if start is None or end is None or start == end:
            return 0
        return -(-self.world.ways.get((start, end), 0) // 5)

    def week(self, slot: int) -> int:
        return (self.clock[slot][0] - self.world.monday).days // 7
