"""The notifier on a real PostgreSQL and a real mail server, driven one drain at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from services.notifier.adapters.post_office import for_senders
from services.notifier.adapters.smtp_mailer import SmtpMailer
from services.notifier.adapters.writer import LetterWriter
from services.notifier.bootstrap import make_drain
from services.notifier.domain.smtp_server import SmtpServer
from shared.clock import utc_now
from shared.database.transaction import transaction
from shared.events import Event
from shared.messaging.append import append
from shared.messaging.batch import DrainReport
from shared.messaging.drain import Drain
from tests.support.postgres import Database
from tests.support.smtp import MailServer

SENDER = "remit@division.example"
PUBLIC_URL = "https://remit.division.example"
CODE_KEY = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass
class Rig:
    """A drain, its database and what a test asks of them."""

    database: Database
    drain: Drain

    def told(self, *events: Event) -> None:
        """As another service would: append in a transaction of its own."""
        engine = self.database.engine("scheduler", pool_size=1)
        with transaction(engine, "system:scheduler") as connection:
            append(connection, events, utc_now())
        engine.dispose()

    def run(self) -> DrainReport:
        """Handle all that is due."""
        return self.drain.run(by="celery")

    def states(self) -> dict[tuple[str, str], str]:
        """(kind, part) and state of every notice."""
        rows = self.database.sql("SELECT kind, part, state FROM notifier.notice")
        return {(str(row.kind), str(row.part)): str(row.state) for row in rows}

    def states_of_all(self) -> list[str]:
        """The state of every notice."""
        rows = self.database.sql("SELECT state FROM notifier.notice")
        return [str(row.state) for row in rows]

    def make_due(self) -> None:
        """Let the time until the next try, and every lease, have passed."""
        self.database.sql("UPDATE notifier.notice SET next_at = now() WHERE next_at IS NOT NULL")
        self.database.sql(
            "UPDATE notifier.notice SET lease_until = now() - interval '1 s'"
            " WHERE lease_until IS NOT NULL"
        )
        self.database.sql("UPDATE notifier.hold SET ask_again_at = now()")


def a_mailer(
    server: MailServer, *, user: str = "", guard: str = "none", **options: float
) -> SmtpMailer:
    url = f"smtp://{user}127.0.0.1:{server.port}?tls={guard}"
    return SmtpMailer(SmtpServer.from_url(url), SENDER, **options)  # type: ignore[arg-type]


@contextmanager
def a_rig(database: Database, mailer: SmtpMailer) -> Iterator[Rig]:
    writer = LetterWriter(SENDER, PUBLIC_URL, utc_now, code_key=CODE_KEY)
    senders = for_senders(database.engine("notifier", pool_size=4))
    engine = database.engine("notifier", pool_size=8)
    drain = make_drain(engine, senders, mailer, writer, utc_now)
    yield Rig(database, drain)
    mailer.close()
