"""Composition root: settings in, a wired scheduler out. Plain constructor calls, no rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from services.scheduler.adapters.appointments import SqlAppointments
from services.scheduler.adapters.free_time_reader import SqlDiaries
from services.scheduler.adapters.match_reader import newest_match
from services.scheduler.adapters.model_store import ModelStore, NamedDivision, named_division
from services.scheduler.adapters.picture import Offering
from services.scheduler.bootstrap.closing import Closing
from services.scheduler.bootstrap.completing import Completing
from services.scheduler.bootstrap.covering import Covering
from services.scheduler.bootstrap.cycling import Cycling
from services.scheduler.bootstrap.following import Following
from services.scheduler.bootstrap.handing_over import HandingOver
from services.scheduler.bootstrap.hearing import ACTOR, SERVICE, Hearing
from services.scheduler.bootstrap.moving import Moving
from services.scheduler.bootstrap.own_time import OwnTimes
from services.scheduler.bootstrap.schooling import Schooling
from services.scheduler.bootstrap.timetabling import Timetabling
from services.scheduler.bootstrap.travelling import Travelling
from services.scheduler.bootstrap.waitlisting import Waitlisting
from services.scheduler.bootstrap.weighing import Weighing
from services.scheduler.bootstrap.works import Works
from services.scheduler.config import Settings
from services.scheduler.domain.appointment import AppointedCoach, Offerable, Offers
from services.scheduler.domain.explained import ExplainedMatch
from services.scheduler.domain.free_times import DayNotOffered, FreeTimes, WantedTime
from services.scheduler.domain.holding import Holding
from services.scheduler.handlers.appointing import Appointed, Begin, appoint
from services.scheduler.handlers.free_times import free_times
from shared.access import tokens, web_sessions
from shared.access.actors import Actor
from shared.clock import Clock, utc_now
from shared.database.engine import make_engine, make_statement_engine
from shared.database.statements import Statements
from shared.database.transaction import transaction
from shared.messaging.drain import Drain

ROLE = f"remit_{SERVICE}"

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
    schooling: Schooling
    timetabling: Timetabling
    travelling: Travelling
    own_times: OwnTimes
    handing_over: HandingOver
    cycling: Cycling
    completing: Completing
    weighing: Weighing

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
            begin = Begin(caps=self.own_times.caps(connection), weeks=self.settings.ramp_weeks)
            appointments = SqlAppointments(connection)
            answer = appoint(work, appointments, coach_id, wanted, seen=seen, begin=begin)
            work.flush()
            return answer

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
    works = Works(models=ModelStore(), clock=clock, offering=_offering(settings))
    holding = Holding(patience=timedelta(hours=settings.hold_hours), notice=notice)
    closing = Closing(
        engine=engine, works=works, holding=holding, rematch_most=settings.rematch_most
    )
    completing = Completing(
        engine=engine, works=works, holding=holding, after=timedelta(days=settings.close_days)
    )
    schooling = Schooling(engine=engine, works=works)
    timetabling = Timetabling(
        engine=engine, works=works, holding=holding, rematch_most=settings.rematch_most
    )
    waitlisting = Waitlisting(works=works, holding=holding, most=settings.rematch_most)
    weighing = Weighing(engine=engine, works=works, holding=holding)
    hearing = Hearing(
        works=works,
        closing=closing,
        completing=completing,
        following=Following(holding=holding),
        schooling=schooling,
        timetabling=timetabling,
        waitlisting=waitlisting,
        weighing=weighing,
    )
    return Application(
        settings=settings,
        engine=engine,
        statements=Statements(
            make_statement_engine(settings.database_url, role=ROLE, kind=kind), named=True
        ),
        drain=hearing.drain(engine, clock),
        works=works,
        closing=closing,
        covering=Covering(engine=engine, works=works, holding=holding),
        moving=Moving(engine=engine, works=works),
        schooling=schooling,
        timetabling=timetabling,
        travelling=Travelling(engine=engine),
        own_times=OwnTimes(engine=engine, works=works, holding=holding),
        handing_over=HandingOver(engine=engine, works=works),
        cycling=Cycling(engine=engine, works=works),
        completing=completing,
        weighing=weighing,
    )


def _offering(settings: Settings) -> Offering:
    return Offering(
        weeks=settings.horizon_weeks,
        notice=timedelta(minutes=settings.notice_minutes),
        cycle_weeks=settings.cycle_weeks,
        seed=settings.match_seed,
    )
