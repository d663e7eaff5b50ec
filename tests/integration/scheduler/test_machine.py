"""Whatever people do, in whatever order: book, move, cancel, close, cover, publish, leave, answer, wait.

After each step the real database is looked at: what must hold of it holds, nobody's time moved without
her yes, and nobody was written to whose time did not change. REMIT_EXAMPLES=20 looks that much longer.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from services.scheduler.adapters.bulk_load import HoursSeed, load_coaches
from services.scheduler.domain.appointment import Offer
from services.scheduler.domain.closing import Declaration
from services.scheduler.domain.moving import Moved, TimeGone, Wanted
from services.scheduler.domain.ways import KnownTravel, Way
from services.scheduler.handlers.answering import Answered
from services.scheduler.handlers.covering import CoverNoted
from shared.database.transaction import transaction
from shared.events import RequestCancelled, SchoolKept
from shared.events.vocabulary import School, SchoolWindow
from shared.messaging.drain import DrainSettings
from tests.support.postgres import Server
from tests.support.scheduler.builders import (
    COLLABORATION,
    COMBINATIONS,
    CONSULTATION,
    FRACTIONS,
    LARCH,
    LITERACY,
    MATH,
    MODES,
    MONDAY,
    READING,
    TYPES,
    ZONE,
    Division,
    a_coach,
    a_model,
    a_person,
    a_request,
    a_window,
    an_id,
)
from tests.support.scheduler.ledger import Ledger, new_in, way_fits
from tests.support.scheduler.school import a_school

TIMES = int(os.environ.get("REMIT_EXAMPLES", "1"))
OAK = School(id=an_id("oak"), name="Oak School")
OFFICE = an_id("office")
HOUR = timedelta(hours=1)
AHEAD = {"horizon_weeks": 3, "cycle_weeks": 2}
LOCAL = ZoneInfo(ZONE)
WAY = 25
COACHES = ("ana", "bea", "cyn")
TEACHERS = (*(a_person(f"teacher {n}") for n in range(5)), a_person("bea"))
MORNINGS = tuple(HoursSeed(iso_weekday=day, starts=time(9), ends=time(12)) for day in range(1, 6))
ON_LABELS = (
    HoursSeed(label_school=LARCH.id, label="2", starts=time(8), ends=time(15)),
    HoursSeed(label_school=LARCH.id, label="5", starts=time(8), ends=time(15)),
    HoursSeed(iso_weekday=3, starts=time(8), ends=time(10), protected=True),
)
EVERY = tuple((kind, mode.key) for kind in (LITERACY, MATH) for mode in MODES)
ANY = st.integers(0, 50)
DAYS = st.integers(0, 9)
OUTSIDE_CLASS = tuple(replace(mode, where_in_day="outside_class") for mode in MODES)


def prepared(division: Division) -> Division:
    """Two schools, half an hour apart; three coaches with little time."""
    division.with_model(support_modes=OUTSIDE_CLASS)
    division.hear(
        *(
            SchoolKept(
                version=1,
                school_id=school.id,
                key=school.name.split()[0].lower(),
                school_name=school.name,
            )
            for school in (LARCH, OAK)
        )
    )
    both = (LARCH.id, OAK.id)
    coaches = (
        a_coach("ana", school_ids=both, sessions_per_day=3, home_base=LARCH.id),
        a_coach("bea", offers=EVERY, hours=MORNINGS, weekly_minutes=240, buffer_minutes=10),
        a_coach("cyn", school_ids=both, offers=EVERY, hours=ON_LABELS, cycles_at_once=1),
    )
    with division.engine.begin() as connection:
        load_coaches(connection, coaches, now=division.now, weeks=sum(AHEAD.values()))
    division.application.schooling.keep_school_time(
        str(OFFICE), [a_school(), a_school(school_id=OAK.id, name=OAK.name, shifts=False)]
    )
    ways = [
        Way(start=start, end=end, minutes=WAY)
        for start, end in (("larch", "oak"), ("oak", "larch"))
    ]
    known = division.application.travelling.kept().known
    assert known is not None
    kept = division.application.travelling.change(OFFICE, ways, 50, seen=known.version)
    assert isinstance(kept, KnownTravel)
    division.drain()
    return division


@pytest.fixture
def ready(postgres: Server) -> Iterator[Server]:
    """A server whose clones are a division that is ready to be asked."""
    with postgres.clone() as database:
        prepared(Division(database, **AHEAD))
        database.sql("UPDATE bus.timer SET due_at = 'infinity'")
        database.close()
        yield Server(postgres.admin_url, database.name)


class Machine(RuleBasedStateMachine):
    """One division, and what its people do. `agreed` and `asked` are of the step that was just made."""

    def __init__(self, server: Server) -> None:
        super().__init__()
        self.open = ExitStack()
        database = self.open.enter_context(server.clone())
        self.division = Division(database, now=MONDAY, **AHEAD)
        self.division.application.drain.settings = DrainSettings(linger=0.01, look_again=0.002)
        self.ledger = Ledger(self.division)
        self.ledger.look()
        self.application = self.division.application
        self.version = 1
        self.count = 0
        self.closed: dict[UUID, tuple[date, set[UUID]]] = {}
        self.covered: dict[UUID, tuple[UUID, datetime, datetime]] = {}
        self.last_days: dict[UUID, date] = {}
        self.new_step()

    def teardown(self) -> None:
        self.division.application.close()
        self.open.close()

    # What people do ------------------------------------------------------------------------------

    def new_step(self) -> None:
        self.agreed: set[UUID] = set()
        self.asked: set[UUID] = set()
        self.taken_back: set[UUID] = set()
        self.may_lose: Any = lambda _row: False

    def settle(self) -> None:
        """Let the scheduler handle all that is due."""
        for _ in range(20):
            self.division.drain()
            if "due" not in self.division.delivery_states():
                return

    @initialize(first=st.lists(st.tuples(ANY, ANY, DAYS, ANY), min_size=3, max_size=6))
    def some_have_asked(self, first: list[tuple[int, int, int, int]]) -> None:
        for who, what, day, how in first:
            self._ask(who, what, day, how)
        self.settle()

    @rule(who=ANY, what=ANY, day=DAYS, how=ANY)
    def ask(self, who: int, what: int, day: int, how: int) -> None:
        self._ask(who, what, day, how)
        self.settle()

    def _ask(self, who: int, what: int, day: int, how: int) -> None:
        self.count += 1
        request_id = an_id(f"ask {self.count}")
        mode = (CONSULTATION, CONSULTATION, COLLABORATION)[what % 3]
        noon = self.division.now.astimezone(LOCAL).replace(hour=9 + how % 5, minute=0)
        window = a_window(noon + timedelta(days=day), 60 + 30 * (how % 3))
        named = SchoolWindow(label=str(1 + day % 6), period=str(1 + how % 4))
        self.division.tell(
            a_request(
                request_id=request_id,
                submitted_at=self.division.now + timedelta(seconds=self.count),
                model_version=self.version,
                teacher=TEACHERS[who % len(TEACHERS)],
                school=(LARCH, OAK)[who % 2],
                topic=(READING, FRACTIONS)[what % 2],
                support_mode=mode,
                coach_types=((LITERACY,), (LITERACY, MATH))[what % 2],
                meeting=("in_person", "online")[how % 4 == 3],
                windows=(window,) if how % 3 == 1 else (),
                school_windows=(named,) if how % 3 == 2 else (),
                meetings=2 if mode == COLLABORATION and what % 2 else 1,
            )
        )
        self.asked.add(request_id)

    @rule(which=ANY)
    def take_back(self, which: int) -> None:
        open_ones = [r for r in self.requests() if r.state in ("waiting", "scheduled")]
        if open_ones:
            request = open_ones[which % len(open_ones)]
            self.taken_back.add(request.id)
            self.may_lose = lambda row: row.request_id == request.id
            self.division.hear(
                RequestCancelled(version=9, request_id=request.id, cancelled_at=self.division.now)
            )
            self.settle()

    @rule(which=ANY, to=ANY, sooner=st.booleans())
    def move(self, which: int, to: int, sooner: bool) -> None:
        if (session := self.one_to_come(which)) is None:
            return
        meeting = self.application.moving.meeting(session.teacher_id, session.id)
        assert meeting is not None
        wanted = [Wanted(starts_at=at) for at in meeting.times]
        if sooner and meeting.sooner:
            colleague = meeting.sooner[0]
            wanted = [Wanted(starts_at=at, coach_id=colleague.coach.id) for at in colleague.times]
        if wanted:
            answer = self.moved(session, wanted[to % len(wanted)])
            assert isinstance(answer, Moved), "what is offered can be had"
            self.agreed.add(session.id)
            self.settle()

    @rule(which=ANY, hours=st.integers(-30, 200))
    def move_to_where_it_may_not_fit(self, which: int, hours: int) -> None:
        if (session := self.one_to_come(which)) is None:
            return
        answer = self.moved(session, Wanted(starts_at=session.starts_at + hours * HOUR / 2))
        if isinstance(answer, Moved):
            self.agreed.add(session.id)
        else:
            assert isinstance(answer, TimeGone)
        self.settle()

    def moved(self, session: Any, wanted: Wanted) -> Any:
        return self.application.moving.move(
            session.teacher_id, session.id, seen=session.sequence, wanted=wanted
        )

    @rule(day=DAYS, which=st.sampled_from(((LARCH,), (OAK,), (LARCH, OAK))))
    def close_a_day(self, day: int, which: tuple[School, ...]) -> None:
        closed = self.today + timedelta(days=day)
        ids = {school.id for school in which}
        answer = self.application.closing.declare(OFFICE, day=closed, school_ids=ids, reason="Snow")
        if isinstance(answer, Declaration):
            self.closed[answer.id] = (closed, ids)
            self.may_lose = lambda row: row.school_id in ids and self._unlike(row, closed)
        self.settle()

    @rule(which=ANY)
    def withdraw_a_closure(self, which: int) -> None:
        if self.closed:
            id_ = list(self.closed)[which % len(self.closed)]
            day, schools = self.closed.pop(id_)
            assert self.application.closing.withdraw(OFFICE, id_)
            self.may_lose = lambda row: row.school_id in schools and self._unlike(row, day)
            self.settle()

    def _unlike(self, row: Any, day: date) -> bool:
        """It stood on that day, in person; or it was asked for by a label, and labels moved."""
        by_label = self.ledger.before.requests[row.request_id].by_label
        on_it = row.starts_at.astimezone(LOCAL).date() == day and row.place_kind == "room"
        return on_it or by_label

    @rule(who=st.sampled_from(COACHES), day=st.integers(0, 5), hour=st.integers(8, 14))
    def cover_a_class(self, who: str, day: int, hour: int) -> None:
        starts_at = self.division.now.astimezone(LOCAL).replace(hour=hour, minute=30)
        starts_at += timedelta(days=day)
        ends_at = starts_at + 2 * HOUR
        answer = self.application.covering.cover(an_id(who), starts_at, ends_at)
        if isinstance(answer, CoverNoted):
            self.covered[answer.entry.id] = (an_id(who), starts_at, ends_at)
            self.may_lose = lambda row: (
                row.coach_id == an_id(who) and row.starts_at < ends_at and starts_at < row.ends_at
            )
        self.settle()

    @rule(which=ANY)
    def not_needed_after_all(self, which: int) -> None:
        if self.covered:
            id_ = list(self.covered)[which % len(self.covered)]
            coach_id, *_ = self.covered.pop(id_)
            assert self.application.covering.take_back(coach_id, id_)
            self.settle()

    @rule(change=st.sampled_from(("remit", "protected", "same")))
    def publish(self, change: str) -> None:
        self.version += 1
        combinations = COMBINATIONS[: 4 if change == "remit" else 6]
        percent = 50 if change == "protected" else 0
        self.division.hear(
            a_model(
                self.version,
                support_modes=tuple(
                    replace(mode, uses_protected=mode.key == COLLABORATION)
                    for mode in OUTSIDE_CLASS
                ),
                coach_types=tuple(replace(kind, protected_percent=percent) for kind in TYPES),
                combinations=combinations,
            )
        )
        self.settle()

    @rule(
        who=st.sampled_from(COACHES), a_day=st.integers(0, 4), a_week=st.sampled_from((0, 60, 300))
    )
    def change_caps(self, who: str, a_day: int, a_week: int) -> None:
        with transaction(self.division.engine, str(OFFICE)) as connection:
            connection.execute(
                text(
                    "UPDATE scheduler.coach SET sessions_per_day = :a_day, weekly_minutes = :a_week"
                    " WHERE id = :id"
                ),
                {"a_day": a_day, "a_week": a_week, "id": an_id(who)},
            )
        self.settle()

    @rule(who=st.sampled_from(COACHES), offers=st.sets(st.sampled_from(EVERY)))
    def appoint(self, who: str, offers: set[tuple[str, str]]) -> None:
        wanted = frozenset(Offer(coach_type=kind, support_mode=mode) for kind, mode in offers)
        coach, _ = self.application.coach(an_id(who))
        assert coach is not None
        self.application.appoint(OFFICE, coach.id, wanted, seen=coach.offers)
        self.settle()

    @precondition(lambda self: len(self.last_days) < 2)
    @rule(who=st.sampled_from(COACHES), day=st.integers(2, 15))
    def leave(self, who: str, day: int) -> None:
        last_day = self.today + timedelta(days=day)
        assert self.application.covering.leave(OFFICE, an_id(who), last_day)
        self.last_days[an_id(who)] = last_day
        self.may_lose = lambda row: (
            row.coach_id == an_id(who) and row.starts_at.astimezone(LOCAL).date() > last_day
        )
        self.settle()

    @rule(which=ANY, yes=st.booleans())
    def answer(self, which: int, yes: bool) -> None:
        offers = sorted({(row.starts_at, row.offer_id) for row in self.ledger.after.live("held")})
        first = {offer_id: at for at, offer_id in reversed(offers)}
        if not first:
            return
        offer_id = list(first)[which % len(first)]
        held = [row for row in self.ledger.after.live("held") if row.offer_id == offer_id]
        closing, teacher_id = self.application.closing, held[0].teacher_id
        answer = (closing.take if yes else closing.turn_down)(teacher_id, offer_id)
        if yes and held[0].held_until > self.division.now:
            assert isinstance(answer, Answered)
            self.agreed |= {row.id for row in held}
        self.settle()

    @rule(hours=st.sampled_from((1, 5, 26)))
    def time_passes(self, hours: int) -> None:
        self.division.now += hours * HOUR
        self.division.database.sql(
            "UPDATE bus.timer SET due_at = now() WHERE name IN ('end_holds', 'extend_horizon')"
        )
        self.settle()
        self.division.database.sql("UPDATE bus.timer SET due_at = 'infinity'")
        assert all(row.held_until > self.division.now for row in self.held_now())

    # What must hold ------------------------------------------------------------------------------

    @invariant()
    def everything_holds(self) -> None:
        self.ledger.look()
        self.ledger.check_database()
        self.ledger.check_consent(self.agreed, self.asked)
        self.ledger.check_telling()
        for row in self.ledger.lost():
            assert self.may_lose(row), ("taken off without a reason", row)
        self.new_ones_keep_to_the_rules()
        self.new_step()

    def new_ones_keep_to_the_rules(self) -> None:
        coaches = {
            row.id: row for row in self.division.database.sql("SELECT * FROM scheduler.coach")
        }
        live = self.ledger.after.live()
        for row in new_in(self.ledger.before, self.ledger.after):
            coach, day = coaches[row.coach_id], row.starts_at.astimezone(LOCAL).date()
            hers = [other for other in live if other.coach_id == row.coach_id]
            that_day = _on(day, hers)
            had = [o for o in self.ledger.before.live() if o.coach_id == row.coach_id]
            # Where more stood than a lowered cap allows, what moves may stay as much as it was.
            assert len(that_day) <= max(coach.sessions_per_day, len(_on(day, had)))
            that_week, stood = _minutes(_week(row), hers), _minutes(_week(row), had)
            assert that_week <= max(coach.weekly_minutes, stood)
            assert day <= self.last_days.get(coach.id, date.max)
            assert row.coach_id != row.teacher_id
            if row.place_kind == "room":
                assert not any(day == d and row.school_id in s for d, s in self.closed.values())
            for who, starts_at, ends_at in self.covered.values():
                assert who != coach.id or row.ends_at <= starts_at or ends_at <= row.starts_at
            self.gets_there(row, that_day, coach.buffer_minutes)

    def gets_there(self, row: Any, that_day: list[Any], buffer: int) -> None:
        for one, other in pairwise(that_day):
            if row in (one, other):
                assert way_fits(one, other, buffer)
        for one, other in pairwise([o for o in that_day if o.place_kind == "room"]):
            between = [o for o in that_day if one.ends_at <= o.starts_at < other.starts_at]
            if row in (one, other, *between) and one.school_id != other.school_id:
                stops = pairwise([one, *between, other])
                assert any(way_fits(start, end, WAY) for start, end in stops)

    # What there is -------------------------------------------------------------------------------

    @property
    def today(self) -> date:
        return self.division.now.astimezone(LOCAL).date()

    def requests(self) -> list[Any]:
        known = self.ledger.after.requests
        return [known[id_] for n in range(1, self.count + 1) if (id_ := an_id(f"ask {n}")) in known]

    def one_to_come(self, which: int) -> Any:
        rows = [r for r in self.ledger.after.live("scheduled") if r.starts_at > self.division.now]
        return rows[which % len(rows)] if rows else None

    def held_now(self) -> Any:
        return self.division.sessions("state = 'held'")


def _on(day: date, rows: list[Any]) -> list[Any]:
    return [row for row in rows if row.starts_at.astimezone(LOCAL).date() == day]


def _minutes(week: tuple[int, int], rows: list[Any]) -> int:
    spans = (row.ends_at - row.starts_at for row in rows if _week(row) == week)
    return int(sum(spans, timedelta()).total_seconds()) // 60


def _week(row: Any) -> tuple[int, int]:
    year, week, _ = row.starts_at.astimezone(LOCAL).isocalendar()
    return year, week


def test_whatever_people_do_nobodys_time_moves_unasked_and_all_that_must_hold_holds(
    ready: Server,
) -> None:
    run_state_machine_as_test(
        lambda: Machine(ready),
        settings=settings(
            max_examples=8 * TIMES,
            stateful_step_count=14,
            derandomize=TIMES == 1,
            database=None,
            deadline=None,
            phases=[Phase.generate],
        ),
    )
