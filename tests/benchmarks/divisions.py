"""Divisions beside the city, each in a database of its own on the stack's server: as many coaches as wanted.

Twenty coaches serve each school, so that a request has the same candidates however many there are.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from typing import Any

from sqlalchemy import create_engine, make_url, text

from services.scheduler.adapters.bulk_load import CoachSeed, SessionSeed, load_coaches
from services.scheduler.adapters.bulk_load import load_past_sessions as load
from services.scheduler.bootstrap import Application, build
from services.scheduler.config import Settings
from shared.clock import utc_now
from shared.database.engine import driver_url
from shared.database.migrate import upgrade_all
from shared.database.roles import ensure_extensions
from shared.database.transaction import transaction
from shared.events import ModelPublished, RequestSubmitted
from shared.events.vocabulary import Person, School
from shared.identity import new_id
from tests.benchmarks.stack import Stack
from tests.support.postgres import HISTORIES
from tests.support.scheduler.builders import (
    CONSULTATION,
    LITERACY,
    READING,
    a_coach,
    a_model,
    a_person,
    a_request,
    an_id,
)

ACTOR = "system:scheduler"
AT_EACH_SCHOOL = 20
_TEACHERS_A_COACH = 10
_A_DAY, _SCHOOL_DAYS = 5, 5
_LOADED_AT_ONCE = 50_000
_MEETING = timedelta(minutes=30)


@dataclass(frozen=True)
class BenchDivision:
    """A division with a model and coaches, and the scheduler that works on it."""

    stack: Stack
    name: str
    url: str
    coaches: int
    application: Application

    def sql(self, query: str, **params: Any) -> list[dict[str, Any]]:
        """Rows of a query, as administrator, committed."""
        return self.stack.sql_in(self.name, query, **params)

    @property
    def environ(self) -> dict[str, str]:
        """What a process of Remit needs to run on it."""
        return self.stack.environ | {"REMIT_DATABASE_URL": self.url}

    def settle(self) -> None:
        """Statistics, hint bits and a checkpoint: nothing of what was loaded is still at work."""
        self.sql("VACUUM ANALYZE")
        self.sql("CHECKPOINT")


@contextmanager
def a_division(stack: Stack, name: str, coaches: Sequence[CoachSeed]) -> Iterator[BenchDivision]:
    """A new one; its database is dropped afterwards."""
    database = f"bench_{name}"
    owner = make_url(stack.address.owner_database_url)
    stack.sql_in("postgres", f"CREATE DATABASE {database} OWNER {owner.username}")
    try:
        administrator = create_engine(driver_url(stack.administrator_url(database)))
        with administrator.begin() as connection:
            ensure_extensions(connection)
        administrator.dispose()
        upgrade_all(_in(stack.address.owner_database_url, database), HISTORIES)
        url = _in(stack.address.database_url, database)
        settings = Settings.from_env(stack.environ | {"REMIT_DATABASE_URL": url})
        application = build(settings, kind="worker")
        with transaction(application.engine, ACTOR) as connection:
            application.drain.handlings[ModelPublished](connection, [a_model()])
            load_coaches(connection, coaches, now=utc_now())
        yield BenchDivision(stack, database, url, len(coaches), application)
        application.close()
    finally:
        stack.sql_in("postgres", f"DROP DATABASE {database} WITH (FORCE)")


def many_coaches(count: int) -> list[CoachSeed]:
    """So many, twenty at each school."""
    return [
        a_coach(f"coach {number}", school_ids=(school_of(number).id,)) for number in range(count)
    ]


def school_of(coach: int) -> School:
    """Where the coach of this number works."""
    number = coach // AT_EACH_SCHOOL
    return School(id=an_id(f"school {number}"), name=f"School {number}")


def ask_near(coach: int, turn: int) -> RequestSubmitted:
    """An ask at her school, of one of its teachers; any of its coaches may take it."""
    teacher = _teacher(coach, turn % _TEACHERS_A_COACH)
    return a_request(teacher=teacher, school=school_of(coach), submitted_at=utc_now())


def load_history(division: BenchDivision, sessions: int) -> None:
    """Completed sessions, evenly over all coaches and their teachers, five a school day, newest first."""
    for first in range(0, sessions, _LOADED_AT_ONCE):
        numbers = range(first, min(first + _LOADED_AT_ONCE, sessions))
        with transaction(division.application.engine, ACTOR) as connection:
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            load(connection, (_past(number, division.coaches) for number in numbers))


def _past(number: int, coaches: int) -> SessionSeed:
    coach, turn = number % coaches, number // coaches
    day, hour = divmod(turn, _A_DAY)
    weeks, weekday = divmod(day, _SCHOOL_DAYS)
    today = datetime.combine(utc_now().date(), time(15), UTC)
    monday = today - timedelta(days=today.weekday())
    starts_at = monday - timedelta(weeks=weeks + 1, days=-weekday, hours=-hour)
    teacher, school = _teacher(coach, turn % _TEACHERS_A_COACH), school_of(coach)
    return SessionSeed(
        id=new_id(),
        request_id=new_id(),
        coach_id=an_id(f"coach {coach}"),
        teacher_id=teacher.id,
        teacher_name=teacher.name,
        teacher_email=teacher.email,
        school_id=school.id,
        school_name=school.name,
        model_version=1,
        coach_type=LITERACY,
        topic=READING,
        support_mode=CONSULTATION,
        starts_at=starts_at,
        ends_at=starts_at + _MEETING,
    )


@cache
def _teacher(coach: int, turn: int) -> Person:
    return a_person(f"teacher {coach} {turn}")


def _in(url: str, database: str) -> str:
    return make_url(url).set(database=database).render_as_string(hide_password=False)
