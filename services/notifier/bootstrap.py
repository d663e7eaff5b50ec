"""Put the notifier together: its drain, its sender, and what its API answers."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast, get_args
from uuid import UUID

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from services.notifier.adapters import reading
from services.notifier.adapters.ledger import PostgresLedger
from services.notifier.adapters.post_office import ACTOR, PostgresPostOffice, for_senders
from services.notifier.adapters.reading import ShownNotice
from services.notifier.adapters.smtp_mailer import SmtpMailer
from services.notifier.adapters.writer import LetterWriter
from services.notifier.config import Settings
from services.notifier.domain.announcements import RULES, News, ToldPlainly
from services.notifier.handlers.sending import send_due
from services.notifier.handlers.telling import tell, tell_plainly
from services.notifier.ports import Mailer, Writer
from shared.access import tokens
from shared.access.actors import Actor
from shared.clock import Clock, utc_now
from shared.database.engine import make_engine
from shared.database.transaction import transaction
from shared.events import Event
from shared.messaging.append import append
from shared.messaging.batch import Handling
from shared.messaging.drain import Chore, Drain

_ROLE = "remit_notifier"
# What means "not now, try again soon".
UNAVAILABLE: tuple[type[Exception], ...] = (OperationalError, InterfaceError, PoolTimeoutError)
# Each sender has a connection of its own, and now and then a transaction and a lease to keep.
_SENDERS = 4
_CONNECTIONS = 8


@dataclass(frozen=True, kw_only=True)
class Application:
    """The notifier, wired."""

    settings: Settings
    engine: Engine
    senders: Engine
    mailer: SmtpMailer
    drain: Drain

    def actor_of_token(self, token: str) -> Actor | None:
        """Who bears this API token now."""
        with transaction(self.engine, ACTOR) as connection:
            return tokens.actor_of(connection, token)

    def notices(self, actor: Actor, request_id: UUID) -> Sequence[ShownNotice]:
        """The request's notices that this actor may see: hers, those of her request, or as admin."""
        with transaction(self.engine, str(actor.id)) as connection:
            return reading.notices(connection, actor, request_id)

    def resend(self, actor: Actor, notice_id: UUID) -> bool:
        """Queue a notice again, the same bytes, because a person says so; False: not hers to say."""
        with transaction(self.engine, str(actor.id)) as connection:
            return reading.queue_again(connection, actor, notice_id)

    def close(self) -> None:
        """Hang up and let go of every connection."""
        self.mailer.close()
        self.senders.dispose()
        self.engine.dispose()


def build(settings: Settings, *, kind: str = "web", clock: Clock = utc_now) -> Application:
    """The application of one process. `kind` is web or worker, and sets the timeouts."""
    engine = make_engine(settings.database_url, role=_ROLE, kind=kind, pool_size=_CONNECTIONS)
    senders = for_senders(
        make_engine(settings.database_url, role=_ROLE, kind=kind, pool_size=_SENDERS)
    )
    mailer = SmtpMailer(settings.smtp_server, settings.mail_from)
    writer = LetterWriter(
        settings.mail_from, settings.public_url, clock, code_key=settings.secret_key
    )
    return Application(
        settings=settings,
        engine=engine,
        senders=senders,
        mailer=mailer,
        drain=make_drain(engine, senders, mailer, writer, clock),
    )


def make_drain(
    engine: Engine, senders: Engine, mailer: Mailer, writer: Writer, clock: Clock
) -> Drain:
    """Tell of events in their transaction; send what is due as a chore beside them."""
    handling = _telling(writer, clock)

    def send(deadline: float) -> int:
        with PostgresPostOffice(engine, senders, clock) as office:
            return send_due(office, mailer, lambda: time.monotonic() > deadline)

    return Drain(
        engine=engine,
        subscriber="notifier",
        actor=ACTOR,
        handlings={
            **dict.fromkeys(RULES, handling),
            **dict.fromkeys(get_args(ToldPlainly), _telling_plainly(writer, clock)),
        },
        chores=(Chore("notices", send),),
        timers={"forget_letters": _forget_letters},
        clock=clock,
    )


def _telling(writer: Writer, clock: Clock) -> Handling:
    def handle(connection: Connection, events: Sequence[Event]) -> None:
        ledger = PostgresLedger(connection)
        tell(ledger, writer, cast("Sequence[News]", events))
        append(connection, ledger.announced, clock())

    return handle


def _telling_plainly(writer: Writer, clock: Clock) -> Handling:
    def handle(connection: Connection, events: Sequence[Event]) -> None:
        ledger = PostgresLedger(connection)
        tell_plainly(ledger, writer, cast("Sequence[ToldPlainly]", events))
        append(connection, ledger.announced, clock())

    return handle


def _forget_letters(connection: Connection, _now: datetime) -> None:
    reading.forget_letters(connection)
