"""Small and nasty worlds to match in: schools, coaches, travel, asks; drawn as plain facts, in wall time.

`World` makes the matcher's own picture of them. Whether that is right is for `by_hand` to say, which
reads the same facts.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import settings
from hypothesis import strategies as st

from services.scheduler.domain.availability import (
    DaysOfLabel,
    ExceptionKind,
    HoursException,
    WeeklyHours,
    worked,
)
from services.scheduler.domain.diary import Booked, Coach, Diary, TeacherTime
from services.scheduler.domain.local_week import Horizon
from services.scheduler.domain.model import ModelTerms
from services.scheduler.domain.planning import Picture
from services.scheduler.domain.request import Request
from services.scheduler.domain.rules import Rules
from services.scheduler.domain.school_time import (
    BellSchedule,
    Closure,
    ClosureKind,
    Period,
    SchoolTime,
    Timetable,
    school_year,
    slots_of,
)
from services.scheduler.domain.travel import Travel
from services.scheduler.domain.weights import Weights
from shared.events.vocabulary import (
    CoachTypeTerms,
    Combination,
    ModeTerms,
    School,
    SchoolWindow,
    TopicTerms,
    Window,
)
from tests.support.scheduler.builders import a_person, an_id

WEEKS, NEAR = 3, 2
NOTICE = timedelta(hours=1)
# An ordinary fortnight, and some in which clocks change, in either direction, on either half of the earth.
PLACES = (
    ("America/Denver", date(2026, 11, 23)),
    ("America/Edmonton", date(2025, 10, 27)),
    ("America/St_Johns", date(2027, 3, 8)),
    ("America/Regina", date(2027, 3, 8)),
    ("Pacific/Auckland", date(2026, 9, 21)),
    ("Pacific/Auckland", date(2027, 3, 29)),
)
SCHOOLS = tuple(School(id=an_id(name), name=f"{name.title()} School") for name in ("larch", "oak"))
LARCH, OAK = (school.id for school in SCHOOLS)
TYPES, TOPICS = ("literacy", "math"), ("reading", "fractions")
# By key: minutes, whether it may be online, where in her day it belongs, whether it may use protected time.
MODES = {
    "consultation": (30, True, "either", False),
    "coordination": (25, True, "outside_class", False),
    "collaboration": (45, False, "in_class", False),
    "cognitive": (45, True, "outside_class", True),
}
TERMS = ModelTerms(
    version=1,
    modes={
        key: ModeTerms(
            key=key,
            name=key.title(),
            minutes=minutes,
            sessions_min=1,
            sessions_max=3,
            online_ok=online,
            where_in_day=where,
            uses_protected=protected,
        )
        for key, (minutes, online, where, protected) in MODES.items()
    },
    coach_types={
        key: CoachTypeTerms(key=key, name=key.title(), sessions_per_day=5, weekly_minutes=900)
        for key in TYPES
    },
    topics={
        "reading": TopicTerms(key="reading", title="Reading"),
        "fractions": TopicTerms(key="fractions", title="Fractions", where_in_day="either"),
    },
    combinations=frozenset(
        Combination(coach_type=coach_type, topic=topic, support_mode=mode)
        for coach_type, topic in (("literacy", "reading"), ("math", "fractions"))
        for mode in MODES
    )
    | {Combination(coach_type="literacy", topic="fractions", support_mode="consultation")},
)
TEACHERS = tuple(a_person(f"teacher {n}") for n in range(3))
COACHES = ("ana", "bo", "cy")

# REMIT_EXAMPLES=50 looks fifty times as long, and each time at other worlds.
TIMES = int(os.environ.get("REMIT_EXAMPLES", "1"))


def examples(count: int) -> settings:
    """So many worlds, the same ones each time."""
    return settings(
        max_examples=count * TIMES, derandomize=TIMES == 1, database=None, deadline=None
    )


@dataclass(frozen=True, kw_only=True)
class Stay:
    """A stretch on the day-th day: a meeting at a school or online, or something that is none of ours."""

    day: int
    minute: int
    minutes: int
    school_id: UUID | None = None
    uses_protected: bool = False


@dataclass(frozen=True, kw_only=True)
class CoachFacts:
    """A coach as she would describe herself. `notice` is her own; `floor` of her minutes are protected."""

    coach: Coach
    hours: tuple[WeeklyHours, ...]
    exceptions: tuple[HoursException, ...] = ()
    meetings: tuple[Stay, ...] = ()
    outside: tuple[Stay, ...] = ()
    notice: timedelta | None = None
    floor: int = 0
    day_ceilings: Mapping[int, int] = field(default_factory=dict)
    cycles_free: int = 1


@dataclass(frozen=True, kw_only=True)
class World:
    """Everything that a plan is made of. `ways` are minutes, each direction its own."""

    zone: ZoneInfo
    monday: date
    schools: tuple[SchoolTime, ...]
    coaches: tuple[CoachFacts, ...]
    asks: tuple[Request, ...]
    ways: Mapping[tuple[UUID, UUID], int]
    busy: Mapping[UUID, tuple[Stay, ...]] = field(default_factory=dict)
    timetables: Mapping[tuple[UUID, UUID], Timetable] = field(default_factory=dict)
    appraisers: Mapping[UUID, frozenset[UUID]] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        """Monday at nine."""
        return self.at(0, 9 * 60)

    def at(self, day: int, minute: int) -> datetime:
        """The instant of a wall time of working hours, which no clock change touches."""
        wall = datetime.combine(self.monday + timedelta(days=day), time(*divmod(minute, 60)))
        return wall.replace(tzinfo=self.zone).astimezone(UTC)

    @property
    def horizon(self) -> Horizon:
        return Horizon.of(self.now, WEEKS, self.zone)

    def slots(self, stays: tuple[Stay, ...]) -> int:
        """The slots that these take."""
        spans = (
            (begins := self.at(one.day, one.minute), begins + timedelta(minutes=one.minutes))
            for one in stays
        )
        return reduce(or_, (self.horizon.touching(*span) for span in spans), 0)

    def diary(self, facts: CoachFacts) -> Diary:
        """Her time as the matcher reads it."""
        horizon, labels = self.horizon, self._labels()
        weeks = [
            (week.monday, worked(week, self.zone, facts.hours, facts.exceptions, labels))
            for week in horizon.weeks
        ]
        opened = horizon.joined((monday, week.open) for monday, week in weeks)
        cap = facts.coach.weekly_minutes
        diary = Diary(
            coach=facts.coach,
            horizon=horizon,
            free=opened & ~self.slots(facts.outside),
            day_ceilings=facts.day_ceilings,
            week_ceilings=[cap] * WEEKS,
            unprotected_ceilings=[max(cap - facts.floor, 0)] * WEEKS,
            protected=horizon.joined((monday, week.protected) for monday, week in weeks),
            bookable=-1
            if facts.notice is None
            else horizon.within(self.now + facts.notice, horizon.ends_at),
            places={
                school.school_id: slots
                for school in self.schools
                if (
                    slots := horizon.joined(
                        (monday, week.at.get(school.school_id, 0)) for monday, week in weeks
                    )
                )
            },
            cycles_free=facts.cycles_free,
        )
        for one in facts.meetings:
            slot = (self.at(one.day, one.minute) - horizon.starts_at) // timedelta(minutes=5)
            diary.book(slot, booked(one))
        return diary

    @property
    def rules(self) -> Rules:
        horizon = self.horizon
        return Rules(
            horizon=horizon,
            not_before=horizon.within(self.now + NOTICE, horizon.ends_at),
            weights=Weights(),
            school_time={school.school_id: slots_of(school, horizon) for school in self.schools},
            timetables=self.timetables,
            near=horizon.first_weeks(NEAR),
            travel=Travel(table=self.ways),
        )

    def teacher(self, person_id: UUID) -> TeacherTime:
        return TeacherTime(
            busy=self.slots(self.meetings_of(person_id)),
            appraisers=self.appraisers.get(person_id, frozenset()),
        )

    def meetings_of(self, person_id: UUID) -> tuple[Stay, ...]:
        """What somebody has before the plan, in either part: one who asks may be a coach herself."""
        as_coach = (f.meetings for f in self.coaches if f.coach.person.id == person_id)
        return (*self.busy.get(person_id, ()), *(one for some in as_coach for one in some))

    @property
    def picture(self) -> Picture:
        teachers = {ask.teacher.id for ask in self.asks}
        return Picture(
            rules=self.rules,
            diaries={facts.coach.person.id: self.diary(facts) for facts in self.coaches},
            teachers={person_id: self.teacher(person_id) for person_id in teachers},
        )

    def _labels(self) -> Mapping[UUID, Mapping[date, str]]:
        return {
            school.school_id: {day: held.label for day, held in school_year(school).items()}
            for school in self.schools
        }


def booked(stay: Stay) -> Booked:
    """What such a meeting takes of its coach."""
    return Booked(
        length=-(-stay.minutes // 5),
        minutes=stay.minutes,
        at=stay.school_id,
        uses_protected=stay.uses_protected,
    )


_PERIODS = ("1", "2", "lunch", "3")
_LATE = "late start"


def _clock(minute: int) -> time:
    return time(*divmod(minute, 60))


def _rung(shift: int, **when: Any) -> BellSchedule:
    starts = (8 * 60 + 30, 9 * 60 + 40, 11 * 60, 13 * 60)
    periods = [
        Period(name=name, starts=_clock(at + shift), ends=_clock(at + shift + 60))
        for name, at in zip(_PERIODS, starts, strict=True)
    ]
    # A split lunch: the same period at two times.
    periods.append(Period(name="lunch", starts=_clock(12 * 60), ends=_clock(12 * 60 + 35)))
    return BellSchedule(periods=tuple(periods), **when)


# What is drawn is plain and the same for every world: a strategy that is made anew for each is slow.
_days = st.integers(-5, 7 * WEEKS - 1)
_workdays = st.sampled_from([day for day in range(7 * WEEKS) if day % 7 < 5])
_minutes = st.integers(7 * 12, 16 * 12).map(lambda slot: slot * 5)
_one_in_four = st.sampled_from((False, False, False, True))
_schools = st.sampled_from((LARCH, OAK))
_school_facts = st.fixed_dictionaries(
    {
        "labels": st.integers(0, 15),
        "begun": st.integers(3, 40),
        "lasts": st.sampled_from((200, 200, 200, 11)),
        "cover": st.sampled_from(("", "A colleague")),
        "own_bells": st.sampled_from((None, "label", "weekday", "both")),
        "bell_day": st.integers(1, 5),
        "late": st.lists(_days, max_size=2),
        "closures": st.lists(
            st.tuples(_days, st.sampled_from(list(ClosureKind)), st.booleans()),
            max_size=4,
            unique_by=lambda closure: closure[0],
        ),
    }
)
_stretches = st.lists(
    st.tuples(
        st.sampled_from((1, 1, 2, 2, 3, 3, 4, 5, "larch", "oak")),
        st.integers(0, 5),
        st.sampled_from((7 * 60, 8 * 60, 8 * 60 + 50, 10 * 60 + 5, 12 * 60)),
        st.sampled_from((480, 300, 150, 60, 20)),
        _one_in_four,
        st.sampled_from((None, None, None, None, None, LARCH, OAK)),
    ),
    min_size=2,
    max_size=8,
)
_coach_facts = st.fixed_dictionaries(
    {
        "online": st.booleans(),
        "a_day": st.sampled_from((5, 5, 5, 3, 2, 1, 0)),
        "a_week": st.sampled_from((900, 900, 900, 150, 60, 0)),
        "lacks": st.frozensets(
            st.sampled_from([(kind, mode) for kind in TYPES for mode in MODES]), max_size=2
        ),
        "serves": st.sampled_from(((LARCH, OAK), (LARCH, OAK), (LARCH, OAK), (LARCH,), (OAK,))),
        "base": st.sampled_from((None, None, LARCH, OAK)),
        "buffer": st.sampled_from((0, 0, 1, 3)),
        "stretches": _stretches,
        "exceptions": st.lists(
            st.tuples(_days, st.sampled_from(list(ExceptionKind)), st.booleans()), max_size=2
        ),
        "notice": st.sampled_from((None, None, timedelta(hours=30))),
        "floor": st.sampled_from((0, 0, 30, 100)),
        "ceilings": st.dictionaries(st.integers(0, 4), st.integers(0, 6), max_size=2),
        "cycles": st.sampled_from((0, 1, 1, 2)),
        "meetings": st.lists(
            st.builds(
                Stay,
                day=st.sampled_from((0, 1, 1, 2, 2, 4, 8)),  # few days, so that they meet there
                minute=_minutes,
                minutes=st.sampled_from((25, 30, 45)),
                school_id=st.sampled_from((None, LARCH, OAK)),
                uses_protected=st.booleans(),
            ),
            max_size=7,
        ),
    }
)
_stays = st.lists(
    st.builds(
        Stay,
        day=_workdays,
        minute=_minutes,
        minutes=st.sampled_from((5, 40, 180)),
        school_id=st.none(),
    ),
    max_size=2,
)
_windows = st.lists(
    st.tuples(
        _workdays,
        st.integers(7 * 20, 15 * 20),  # steps of three minutes: off the grid, too
        st.sampled_from((300, 120, 50, 20)),
        st.sampled_from((None, None, True, False)),
    ),
    min_size=1,
    max_size=4,
)
_named_windows = st.lists(
    st.tuples(
        _one_in_four,
        st.integers(0, 6),
        st.sampled_from(("", *_PERIODS, "none")),
        st.sampled_from((None, None, True, False)),
    ),
    min_size=1,
    max_size=3,
)
_ask_facts = st.fixed_dictionaries(
    {
        "school": st.sampled_from(SCHOOLS),
        "when": st.sampled_from(("any", "any", "clock", "school", "both")),
        "windows": _windows,
        "named": _named_windows,
        "mode": st.sampled_from(tuple(MODES)),
        "waited": st.integers(0, 3),
        "teacher": st.sampled_from((*TEACHERS, *TEACHERS, a_person(COACHES[0]))),
        "topic": st.sampled_from(TOPICS),
        "types": st.sampled_from((TYPES, TYPES[::-1], TYPES, TYPES[::-1], TYPES[:1], TYPES[1:])),
        "meeting": st.sampled_from(("in_person", "in_person", "online")),
        "ahead": _one_in_four,
        "meetings": st.sampled_from((1, 2, 3)),
    }
)
_pairs = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(("1", "2", "3", "lunch")), st.booleans()),
    max_size=8,
)


def _school_time(school: School, monday: date, facts: dict[str, Any]) -> SchoolTime:
    labels = tuple(str(n + 1) for n in range(facts["labels"]))
    bells = [_rung(0), _rung(75, special=_LATE)]
    if facts["own_bells"] in ("label", "both") and labels:
        bells.append(_rung(20, labels=labels[:2]))
    if facts["own_bells"] in ("weekday", "both"):
        bells.append(_rung(-25, weekdays=(facts["bell_day"],)))
    return SchoolTime(
        school_id=school.id,
        name=school.name,
        first_day=monday - timedelta(days=facts["begun"]),
        last_day=monday + timedelta(days=facts["lasts"]),
        labels=labels,
        cover=facts["cover"],
        bells=tuple(bells),
        closures=tuple(
            Closure(day=monday + timedelta(days=day), kind=kind, shifts=shifts)
            for day, kind, shifts in facts["closures"]
        ),
        specials=tuple((monday + timedelta(days=day), _LATE) for day in facts["late"]),
    )


def _weekly(schools: tuple[SchoolTime, ...], stretch: tuple[Any, ...]) -> WeeklyHours:
    on, which, starts, lasts, protected, at_school = stretch
    if isinstance(on, str):
        school = schools[on == "oak"]
        labels = school.labels or ("1",)  # a label that it has not: hours on no day
        on = DaysOfLabel(school_id=school.school_id, label=labels[which % len(labels)])
    ends = min(starts + lasts, 18 * 60)
    return WeeklyHours(
        on=on, starts=_clock(starts), ends=_clock(ends), protected=protected, at_school=at_school
    )


def _apart(drawn: list[Stay]) -> tuple[Stay, ...]:
    """Those of them that no earlier one overlaps."""
    kept: list[Stay] = []
    for one in drawn:
        if all(
            one.day != other.day
            or one.minute + one.minutes <= other.minute
            or other.minute + other.minutes <= one.minute
            for other in kept
        ):
            kept.append(one)
    return tuple(kept)


def _coach(
    name: str, schools: tuple[SchoolTime, ...], monday: date, drawn: tuple[Any, ...]
) -> CoachFacts:
    facts, outside = drawn
    every = frozenset((kind, mode) for kind in TYPES for mode in MODES)
    coach = Coach(
        person=a_person(name),
        online_address="https://meet.example.org/x" if facts["online"] else "",
        sessions_per_day=facts["a_day"],
        weekly_minutes=facts["a_week"],
        offers=every - facts["lacks"],
        school_ids=frozenset(facts["serves"]),
        home_base=facts["base"],
        buffer=facts["buffer"],
    )
    return CoachFacts(
        coach=coach,
        hours=tuple(_weekly(schools, stretch) for stretch in facts["stretches"]),
        exceptions=tuple(
            HoursException(
                day=monday + timedelta(days=day),
                kind=kind,
                starts=None if whole and kind is ExceptionKind.OFF else time(10),
                ends=None if whole and kind is ExceptionKind.OFF else time(12, 30),
            )
            for day, kind, whole in facts["exceptions"]
        ),
        meetings=_apart(facts["meetings"]),
        outside=_apart(outside),
        notice=facts["notice"],
        floor=facts["floor"],
        day_ceilings=facts["ceilings"],
        cycles_free=facts["cycles"],
    )


def _ask(number: int, world: World, facts: dict[str, Any]) -> Request:
    labels = ("", *next(s.day_labels for s in world.schools if s.school_id == facts["school"].id))
    windows = tuple(
        Window(
            starts_at=(begins := world.at(day, step * 3)),
            ends_at=begins + timedelta(minutes=lasts),
            in_class=in_class,
        )
        for day, step, lasts, in_class in facts["windows"]
    )
    named = tuple(
        SchoolWindow(prep=True)
        if prep
        else SchoolWindow(label=labels[which % len(labels)], period=period, in_class=in_class)
        for prep, which, period, in_class in facts["named"]
    )
    return Request(
        id=an_id(f"request {number}"),
        waiting_since=world.now - timedelta(minutes=facts["waited"]),
        model_version=1,
        teacher=facts["teacher"],
        school=facts["school"],
        room="Room 12",
        topic=facts["topic"],
        support_mode=facts["mode"],
        coach_types=facts["types"],
        meeting=facts["meeting"],
        windows=windows if facts["when"] in ("clock", "both") else (),
        school_windows=named if facts["when"] in ("school", "both") else (),
        ahead=facts["ahead"],
        meetings=facts["meetings"] if facts["mode"] == "cognitive" else 1,
    )


def _timetable(school: SchoolTime, drawn: list[tuple[int, str, bool]]) -> Timetable:
    labels = school.day_labels
    teaches = frozenset((labels[n % len(labels)], name) for n, name, teaches in drawn if teaches)
    prepares = frozenset(
        (labels[n % len(labels)], name) for n, name, teaches in drawn if not teaches
    )
    return Timetable(teaches=teaches, prepares=prepares - teaches)


def _world(drawn: dict[str, Any]) -> World:
    (zone, monday), ways = drawn["place"], drawn["ways"]
    schools = tuple(
        _school_time(school, monday, facts)
        for school, facts in zip(SCHOOLS, drawn["schools"], strict=True)
    )
    names = COACHES[: len(drawn["coaches"])]
    world = World(
        zone=ZoneInfo(zone),
        monday=monday,
        schools=schools,
        coaches=tuple(
            _coach(name, schools, monday, facts)
            for name, facts in zip(names, drawn["coaches"], strict=True)
        ),
        asks=(),
        ways={
            way: minutes
            for way, minutes in zip(((LARCH, OAK), (OAK, LARCH)), ways, strict=True)
            if minutes is not None
        },
        busy={
            teacher.id: _apart(stays)
            for teacher, stays in zip(TEACHERS[:2], drawn["busy"], strict=True)
        },
        # The first teacher has told nobody of hers.
        timetables={
            (teacher.id, school.school_id): _timetable(school, drawn["pairs"])
            for teacher in TEACHERS[1:]
            for school in schools
        },
        appraisers={TEACHERS[1].id: frozenset(an_id(name) for name in drawn["appraised_by"])},
    )
    asks = tuple(_ask(n, world, facts) for n, facts in enumerate(drawn["asks"]))
    return replace(world, asks=asks)


def worlds(*, coaches: int = 3, asks: int = 1) -> st.SearchStrategy[World]:
    """Worlds of one to `coaches` coaches and up to `asks` asks."""
    return st.fixed_dictionaries(
        {
            "place": st.sampled_from(PLACES),
            "schools": st.tuples(_school_facts, _school_facts),
            "coaches": st.lists(st.tuples(_coach_facts, _stays), min_size=1, max_size=coaches),
            "ways": st.tuples(*[st.sampled_from((None, 0, 12, 40, 75))] * 2),
            "busy": st.tuples(_stays, _stays),
            "pairs": _pairs,
            "appraised_by": st.frozensets(st.sampled_from(COACHES), max_size=1),
            "asks": st.lists(_ask_facts, min_size=-(-asks // 2), max_size=asks),
        }
    ).map(_world)
