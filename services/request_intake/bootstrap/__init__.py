"""Put intake together: one Application a process, its use cases as methods."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from services.request_intake.adapters import ask_vectors, directory
from services.request_intake.adapters.directory import ListedSchool
from services.request_intake.adapters.front_desk import NoModelPublishedError, SqlFrontDesk
from services.request_intake.adapters.unit_of_work import SqlWork
from services.request_intake.bootstrap.appraising import Appraising
from services.request_intake.bootstrap.drafting import Drafting
from services.request_intake.bootstrap.hearing import hearing_drain
from services.request_intake.bootstrap.packing import Packing
from services.request_intake.bootstrap.pulsing import Pulsing
from services.request_intake.bootstrap.rejudging import Rejudging
from services.request_intake.bootstrap.replaying import Replaying
from services.request_intake.bootstrap.reviewing import Reviewing
from services.request_intake.bootstrap.school_words import WordsOfSchools
from services.request_intake.bootstrap.schooling import Schooling
from services.request_intake.bootstrap.signing_in import SigningIn
from services.request_intake.bootstrap.understanding import Understanding
from services.request_intake.bootstrap.units import Units
from services.request_intake.config import Settings
from services.request_intake.domain.remit import NotOffered
from services.request_intake.domain.request import Ask, Asker, Request
from services.request_intake.handlers import following
from services.request_intake.handlers.following import CanNotBeCancelled
from services.request_intake.handlers.publishing import Publication, publish_model
from services.request_intake.handlers.reading import ReadNeed, read_need
from services.request_intake.handlers.submitting import KeyReused, Submitted, submit_request
from services.request_intake.ports import ByPerson, ByToken, Nobody, PublishedModel
from shared.access import web_sessions
from shared.access.actors import Actor
from shared.access.tokens import hash_of
from shared.clock import Clock, utc_now
from shared.database.engine import make_engine, make_statement_engine
from shared.database.statements import Statements
from shared.database.transaction import transaction
from shared.messaging.drain import Drain

_ROLE = "remit_request_intake"
_SYSTEM = "system:request_intake"
_PERSONAS = {"teacher": 12, "coach": 4, "admin": 1}

# What means "not now, try again soon": no database, no answer in time, no model yet.
UNAVAILABLE: tuple[type[Exception], ...] = (
    OperationalError,
    InterfaceError,
    PoolTimeoutError,
    psycopg.OperationalError,
    NoModelPublishedError,
)


@dataclass(frozen=True, kw_only=True)
class Application:
    """Intake, wired. Every method is one unit of work of the person it is called for."""

    settings: Settings
    engine: Engine
    clock: Clock
    desk: SqlFrontDesk
    drain: Drain

    @property
    def units(self) -> Units:
        """Opens its units of work."""
        return Units(engine=self.engine, clock=self.clock)

    def submit(
        self, by: ByToken | ByPerson, ask: Ask, *, key: str
    ) -> Submitted | NotOffered | KeyReused | Nobody:
        """Take in an ask, once for each key of hers who asks."""
        if (fault := self.school_words.fault(by, ask)) is not None:
            return fault
        return submit_request(by, ask, self.desk, key=key, now=self.clock())

    def request(self, teacher_id: UUID, request_id: UUID) -> Request | None:
        """Her request, or None."""
        return self.units.work(
            teacher_id, lambda work: following.get_request(work, teacher_id, request_id)
        )

    def requests(self, teacher_id: UUID) -> Sequence[Request]:
        """Her requests, newest first."""
        return self.units.work(teacher_id, lambda work: following.list_requests(work, teacher_id))

    def cancel(
        self, teacher_id: UUID, request_id: UUID, *, seen_version: int | None
    ) -> Request | CanNotBeCancelled | None:
        """Take her request back; None when it is not hers or is not at all."""
        return self.units.work(
            teacher_id,
            lambda work: following.cancel_request(
                work, teacher_id, request_id, seen_version=seen_version, now=self.clock()
            ),
        )

    def model(self) -> PublishedModel:
        """The coaching model in force; raises NoModelPublishedError before the first."""
        return self.desk.model_in_force()

    def read_need(self, words: str) -> ReadNeed:
        """What these words would be decided as, by the model in force; they are not kept."""
        return read_need(self.desk, words)

    def asker_of_token(self, token: str) -> Asker | None:
        """Who bears this API token now."""
        return directory.asker_of_token(self.desk.statements, hash_of(token))

    def asker(self, person_id: UUID, role: str | None = None) -> Asker | None:
        """The person of this id in a role of hers, or her first; None when her account is disabled."""
        return directory.asker(self.desk.statements, person_id, role)

    @property
    def demo(self) -> bool:
        """Whether pages open with a chosen persona."""
        return self.settings.demo

    def personas(self, role: str) -> Sequence[Asker]:
        """Some people of a role, always the same ones, whom a demo may be tried as."""
        return self.units.read(
            lambda connection: directory.people(connection, role, _PERSONAS.get(role, 1))
        )

    def sitting(self, secret: str) -> Actor | None:
        """Who sits behind this secret now; None when the session is over."""
        with transaction(self.engine, _SYSTEM) as connection:
            return web_sessions.sitting(connection, secret)

    def end_session(self, secret: str) -> None:
        """End a web session at once; harmless when it is over."""
        with transaction(self.engine, _SYSTEM) as connection:
            web_sessions.end(connection, secret)

    def schools(self) -> Sequence[ListedSchool]:
        """The division's schools, by name."""
        return self.units.read(directory.schools)

    def publish(self, publication: Publication) -> int:
        """Publish the next model version; raises ModelFaults naming every hole."""
        with transaction(self.engine, _SYSTEM) as connection:
            work = SqlWork(connection, self.clock)
            version = publish_model(work, publication, self.clock())
            work.flush()
        self.desk.refresh()
        return version

    @property
    def signing_in(self) -> SigningIn:
        """The use cases of signing in."""
        return SigningIn(
            engine=self.engine,
            clock=self.clock,
            provider=self.settings.provider,
            key=self.settings.secret_key,
        )

    @property
    def drafting(self) -> Drafting:
        """The use cases of the draft of the next model."""
        return Drafting(units=self.units, clock=self.clock, refresh=self.desk.refresh)

    @property
    def packing(self) -> Packing:
        """The use cases of packs: a model handed on, or parts of another's taken."""
        return Packing(units=self.units, clock=self.clock)

    @property
    def schooling(self) -> Schooling:
        """The use cases of what schools add to the model."""
        return Schooling(units=self.units, model=self.model)

    @property
    def appraising(self) -> Appraising:
        """The use cases of who appraises whom."""
        return Appraising(units=self.units, clock=self.clock)

    @property
    def replaying(self) -> Replaying:
        """The use cases of replaying past asks against the draft."""
        return Replaying(units=self.units, clock=self.clock)

    @property
    def school_words(self) -> WordsOfSchools:
        """The use cases of asking in a school's own words."""
        return WordsOfSchools(units=self.units, desk=self.desk)

    @property
    def rejudging(self) -> Rejudging:
        """The use cases of what is still open from an earlier version."""
        return Rejudging(units=self.units, model=self.model)

    @property
    def understanding(self) -> Understanding:
        """The use cases of one's own copy of the model."""
        return _understanding(self.settings, self.units, self.desk)

    @property
    def pulsing(self) -> Pulsing:
        """The use cases of the pulse."""
        return Pulsing(
            units=self.units,
            clock=self.clock,
            model=self.model,
            document=self.drafting.document,
        )

    @property
    def reviewing(self) -> Reviewing:
        """The use cases of appeals and reviews."""
        return _reviewing(self.settings, self.units, self.desk)

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()
        self.desk.statements.engine.dispose()


def build(settings: Settings, *, kind: str = "web", clock: Clock = utc_now) -> Application:
    """The application of one process. `kind` is web or worker, and sets the timeouts."""
    engine = make_engine(settings.database_url, role=_ROLE, kind=kind)
    statements = Statements(make_statement_engine(settings.database_url, role=_ROLE, kind=kind))
    desk = SqlFrontDesk(statements, engine, clock)
    reviewing = _reviewing(settings, Units(engine=engine, clock=clock), desk)
    return Application(
        settings=settings,
        engine=engine,
        clock=clock,
        desk=desk,
        drain=hearing_drain(
            engine,
            clock,
            {
                "escalate_reviews": reviewing.escalate,
                "keep_vectors": ask_vectors.keep,
                "send_copies": _understanding(settings, reviewing.units, desk).send_copies,
            },
        ),
    )


def _understanding(settings: Settings, units: Units, desk: SqlFrontDesk) -> Understanding:
    address = f"{settings.public_url.rstrip('/')}/ask"
    return Understanding(units=units, model=desk.model_in_force, ask_address=address)


def _reviewing(settings: Settings, units: Units, desk: SqlFrontDesk) -> Reviewing:
    return Reviewing(
        units=units,
        desk=desk,
        clock=units.clock,
        patience=timedelta(hours=settings.review_hours),
        exceptions_a_month=settings.exceptions_a_month,
    )
