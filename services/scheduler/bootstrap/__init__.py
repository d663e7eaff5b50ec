"""Composition root: settings in, a wired scheduler out. Plain constructor calls, no rules."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import psycopg
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from services.scheduler.adapters.appointments import SqlAppointments
from services.scheduler.adapters.free_time_reader import SqlDiaries
from services.scheduler.adapters.match_reader import newest_match
from services.scheduler.adapters.model_store import ModelStore, NamedDivision, named_division
from services.scheduler.adapters.picture import Offering
from services.scheduler.adapters.school_time_store import SqlSchoolYears
from services.scheduler.bootstrap.closing import Closing
from services.scheduler.bootstrap.completing import Completing
from services.scheduler.bootstrap.covering import Covering
from services.scheduler.bootstrap.cycling import Cycling
from services.scheduler.bootstrap.following import Following
from services.scheduler.bootstrap.handing_over import HandingOver
from services.scheduler.bootstrap.moving import Moving
from services.scheduler.bootstrap.works import Works
from services.scheduler.config import Settings
from services.scheduler.domain.appointment import AppointedCoach, Offerable, Offers
from services.scheduler.domain.explained import ExplainedMatch
from services.scheduler.domain.free_times import DayNotOffered, FreeTimes, WantedTime
from services.scheduler.domain.holding import Holding
from services.scheduler.domain.school_time import SchoolTime, Timetable
from services.scheduler.handlers import matching as handlers
from services.scheduler.handlers import waitlist
from services.scheduler.handlers.appointing import Appointed, appoint
from services.scheduler.handlers.cancelling import cancel_request
from services.scheduler.handlers.free_times import free_times
from services.scheduler.handlers.keeping import keep_school_time, keep_timetables
from shared.access import tokens, web_sessions
from shared.access.actors import Actor
from shared.clock import Clock, utc_now
from shared.database.engine import make_engine, make_statement_engine
from shared.database.statements import Statements
from shared.database.transaction import transaction
from shared.events import (
    Event,
    ModelPublished,
    PersonMoved,
    RequestCancelled,
    RequestSubmitted,
    SchoolDaysChanged,
    TimeFreed,
)
from shared.messaging.batch import Handling
from shared.messaging.drain import Drain

SERVICE = "scheduler"
ROLE = f"remit_{SERVICE}"
ACTOR = f"system:{SERVICE}"

# What means "not now, try again soon": no database, or no answer in time.
UNAVAILABLE: tuple[type[Exception], ...] = (
    OperationalError,
    InterfaceError,
    PoolTimeoutError,
    psycopg.OperationalError,
)


@dataclass(frozen=True, kw_only=True)
class Application:
    """The scheduler, wired: its drain, its engines, and what its pages ask."""

    settings: Settings
    engine: Engine
    statements: Statements
    drain: Drain
    works: Works
    closing: Closing
    covering: Covering
    moving: Moving
    handing_over: HandingOver
    cycling: Cycling
    completing: Completing

    def coaches(self) -> tuple[Sequence[AppointedCoach], Offerable]:
        """Every coach, and what may be offered."""
        with self.engine.connect() as connection:
            appointments = SqlAppointments(connection)
            return appointments.every(), appointments.offerable()

    def coach(self, coach_id: UUID) -> tuple[AppointedCoach | None, Offerable]:
        """The coach of this id, if there is one, and what may be offered."""
        with self.engine.connect() as connection:
            appointments = SqlAppointments(connection)
            return appointments.one(coach_id), appointments.offerable()

    def appoint(self, by: UUID, coach_id: UUID, wanted: Offers, *, seen: Offers) -> Appointed:
        """Let a coach offer exactly `wanted`, if her offers are still as they were seen."""
        with transaction(self.engine, str(by)) as connection:
            work = self.works.at(connection)
            answer = appoint(work, SqlAppointments(connection), coach_id, wanted, seen=seen)
            work.flush()
            return answer

    def keep_school_time(self, by: str, schools: Iterable[SchoolTime]) -> Sequence[SchoolTime]:
        """Write schools' own time; raises SchoolTimeError for one that can not be."""
        with transaction(self.engine, by) as connection:
            work = self.works.at(connection)
            kept = keep_school_time(work, SqlSchoolYears(connection), schools)
            work.flush()
            return kept

    def keep_timetables(self, by: str, given: Mapping[tuple[UUID, UUID], Timetable]) -> None:
        """Write teachers' timetables, by teacher and school."""
        with transaction(self.engine, by) as connection:
            work = self.works.at(connection)
            keep_timetables(work, SqlSchoolYears(connection), given)
            work.flush()

    def division(self) -> NamedDivision:
        """What the division is called and where it is; empty and UTC before the first model."""
        with self.engine.connect() as connection:
            return named_division(connection)

    def sitting(self, secret: str) -> Actor | None:
        """Who sits behind a browser's secret now; None when the session is over."""
        with transaction(self.engine, ACTOR) as connection:
            return web_sessions.sitting(connection, secret)

    def explain(self, actor: Actor, request_id: UUID) -> ExplainedMatch | None:
        """Why a request was matched as it was, as far as it is the actor's to know."""
        with transaction(self.engine, str(actor.id)) as connection:
            found = newest_match(connection, request_id)
        return found.as_seen_by(actor.id, actor.role) if found else None

    def free_times(self, wanted: WantedTime) -> FreeTimes | DayNotOffered | None:
        """When what is wanted could begin."""
        offering, diaries = self.works.offering, SqlDiaries(self.statements)
        now = self.works.clock()
        return free_times(diaries, wanted, now=now, weeks=offering.weeks, notice=offering.notice)

    def actor_of_token(self, token: str) -> Actor | None:
        """Who bears this API token now."""
        return tokens.actor_by(self.statements, token)

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()
        self.statements.engine.dispose()


def build(settings: Settings, *, kind: str = "web", clock: Clock = utc_now) -> Application:
    """Wire the scheduler for one process; `kind` is web or worker."""
    engine = make_engine(settings.database_url, role=ROLE, kind=kind)
    notice = timedelta(minutes=settings.notice_minutes)
    offering = Offering(
        weeks=settings.horizon_weeks, notice=notice, cycle_weeks=settings.cycle_weeks
    )
    works = Works(models=ModelStore(), clock=clock, offering=offering)
    holding = Holding(patience=timedelta(hours=settings.hold_hours), notice=notice)
    closing = Closing(engine=engine, works=works, holding=holding)
    completing = Completing(
        engine=engine, works=works, holding=holding, after=timedelta(days=settings.close_days)
    )

    def extend_horizon(connection: Connection, _now: datetime) -> None:
        work = works.at(connection)
        waitlist.extend_horizon(work, most=settings.rematch_most, holding=holding)
        work.flush()

    drain = Drain(
        engine=engine,
        subscriber=SERVICE,
        actor=ACTOR,
        handlings=_handlings(works, closing, holding, settings),
        timers={
            "extend_horizon": extend_horizon,
            "end_holds": closing.end_holds,
            "close_over": completing.close_over,
        },
        clock=clock,
    )
    return Application(
        settings=settings,
        engine=engine,
        statements=Statements(
            make_statement_engine(settings.database_url, role=ROLE, kind=kind), named=True
        ),
        drain=drain,
        works=works,
        closing=closing,
        covering=Covering(engine=engine, works=works, holding=holding),
        moving=Moving(engine=engine, works=works),
        handing_over=HandingOver(engine=engine, works=works),
        cycling=Cycling(engine=engine, works=works),
        completing=completing,
    )


def _handlings(
    works: Works, closing: Closing, holding: Holding, settings: Settings
) -> Mapping[type[Event], Handling]:
    """What the drain does with each kind of event."""
    rematch = partial(waitlist.rematch_waiting, most=settings.rematch_most, holding=holding)
    return {
        ModelPublished: works.handling(handlers.record_model),
        RequestSubmitted: works.handling(handlers.match_requests),
        RequestCancelled: works.handling(cancel_request),
        TimeFreed: works.handling(rematch),
        SchoolDaysChanged: works.handling(closing.release),
        PersonMoved: works.handling(Following(holding=holding).follow),
    }
