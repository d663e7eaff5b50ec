"""Load the demo division into a running stack: the model first, then each service through its door.

Intake's part is one transaction and the scheduler's another, each under the service's own role. A
load that was interrupted between them is completed by the next; what is not this demo is never
touched.
"""

import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Engine, text

from deploy.demo import rows, school_time
from deploy.demo.division import SIZES, USUAL_SEED, Division
from deploy.demo.generate import division
from deploy.demo.progress import Silence, Teller, load_all
from services.request_intake.adapters.bulk_load import load_people, load_schools
from services.request_intake.adapters.unit_of_work import SqlWork
from services.request_intake.domain.model_document import read
from services.request_intake.handlers.publishing import Publication, publish_model
from services.scheduler.adapters.bulk_load import load_coaches, load_past_sessions
from services.scheduler.bootstrap import Application as Scheduler
from services.scheduler.bootstrap import build as build_scheduler
from services.scheduler.config import Settings as SchedulerSettings
from shared.clock import utc_now
from shared.database.engine import make_engine
from shared.database.transaction import transaction

STARTER = Path(__file__).parents[1] / "starter" / "coaching_model.json"
MODEL_VERSION = 1
_HEARD_WITHIN = 30.0


class Urls(Protocol):
    """Where the database is: a stack's address, or anything with its URL."""

    @property
    def database_url(self) -> str: ...


class NotEmpty(Exception):  # noqa: N818  -- reads as what it says
    """Another division lives in this database. The text is a sentence for the person who asked."""


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """What is in the database now. `new` is False when this very demo was there already."""

    division: Division
    new: bool


def load_demo(
    urls: Urls, size: str = "small", seed: int = USUAL_SEED, progress: Teller | None = None
) -> Loaded:
    """Load the division of this size and seed; raises NotEmpty rather than touch another one."""
    document = json.loads(STARTER.read_text(encoding="utf-8"))
    made = division(SIZES[size], read(document), seed)
    tell = progress or Silence()
    with _engine(urls, "request_intake") as intake, _engine(urls, "scheduler") as scheduler:
        in_intake = _whose(intake, "request_intake.person", {p.id for p in made.people})
        in_scheduler = _whose(scheduler, "scheduler.coach", {c.person.id for c in made.coaches})
        if in_intake and in_scheduler:
            return Loaded(division=made, new=False)
        if not in_intake:
            _load_intake(intake, made, document, tell)
        application = build_scheduler(_settings(urls), kind="worker")
        try:
            _await_model(scheduler, application)
            _load_scheduler(scheduler, made, tell)
            _load_school_time(application, made, tell)
        finally:
            application.close()
    return Loaded(division=made, new=True)


@contextmanager
def _engine(urls: Urls, service: str) -> Iterator[Engine]:
    engine = make_engine(urls.database_url, role=f"remit_{service}", pool_size=1)
    try:
        yield engine
    finally:
        engine.dispose()


def _whose(engine: Engine, table: str, ours: set[UUID]) -> bool:
    """True when the table holds exactly `ours`, False when nothing; NotEmpty when anything else."""
    with engine.connect() as connection:
        present = set(connection.scalars(text(f"SELECT id FROM {table}")))
    if present and present != ours:
        raise NotEmpty(
            "This database holds another division, and a demo is loaded only into an empty one. "
            "Start a fresh stack for it: remit up --data ANOTHER_FOLDER"
        )
    return bool(present)


def _load_intake(engine: Engine, made: Division, document: Any, tell: Teller) -> None:
    publication = Publication(
        document=document, published_by="system:demo", reason="The starter model of the demo"
    )
    now = utc_now()
    with transaction(engine, "system:request_intake") as connection:
        work = SqlWork(connection, utc_now)
        if publish_model(work, publication, now) != MODEL_VERSION:
            raise NotEmpty("A coaching model is published here already: the demo brings its own.")
        work.flush()
        load_all(
            tell, "Schools", rows.schools(made), lambda part: load_schools(connection, part, now)
        )
        load_all(tell, "People", rows.people(made), lambda part: load_people(connection, part))


def _settings(urls: Urls) -> SchedulerSettings:
    return SchedulerSettings(
        database_url=urls.database_url,
        public_url="http://localhost",  # no page is served from here, and no cookie signed
        secret_key=secrets.token_hex(),
    )


def _await_model(engine: Engine, application: Scheduler) -> None:
    """Let the scheduler hear of the model: by its own drain here, or by a worker that was faster."""
    deadline = time.monotonic() + _HEARD_WITHIN
    while not _is_known(engine):
        if time.monotonic() > deadline:
            raise TimeoutError("The scheduler has not taken up the coaching model.")
        application.drain.run()


def _is_known(engine: Engine) -> bool:
    sealed = text(
        "SELECT sealed_at IS NOT NULL FROM scheduler.model_version WHERE version = :version"
    )
    with engine.connect() as connection:
        return bool(connection.scalar(sealed, {"version": MODEL_VERSION}))


def _load_scheduler(engine: Engine, made: Division, tell: Teller) -> None:
    past = rows.past_sessions(made, MODEL_VERSION)
    with transaction(engine, "system:scheduler") as connection:
        load_all(
            tell,
            "Coaches",
            rows.coaches(made),
            lambda part: load_coaches(connection, part, now=utc_now()),
        )
        load_all(tell, "Past sessions", past, lambda part: load_past_sessions(connection, part))


def _load_school_time(application: Scheduler, made: Division, tell: Teller) -> None:
    by, today = "system:scheduler", utc_now().date()
    load_all(
        tell,
        "School years",
        list(school_time.school_time(made, today)),
        lambda part: application.schooling.keep_school_time(by, part),
    )
    load_all(
        tell,
        "Timetables",
        list(school_time.timetables(made).items()),
        lambda part: application.timetabling.keep_timetables(by, dict(part)),
    )
