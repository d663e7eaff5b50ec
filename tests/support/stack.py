"""The whole product at work on servers that may be crashed: what the fault suite does harm to.

The processes are those of `deploy.processes`, each in a session of its own; PostgreSQL keeps fsync
on; mail goes to a real SMTP server in this process, which counts every copy.
"""

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection

from deploy.demo.load import load_demo
from shared.access.tokens import issue
from shared.clock import utc_now
from shared.database.engine import make_engine
from shared.database.transaction import transaction
from tests.support.events import HOUR
from tests.support.faults_watch import LeaseWatch
from tests.support.postgres import Database, Server
from tests.support.processes import Keeper, Process, free_port, module
from tests.support.stack_mail import CrashableMail, crashable_mail
from tests.support.stack_valkey import CrashableValkey, crashable_valkey
from tests.support.waiting import until

_PROGRAMS = {
    "web": ("deploy.processes.web",),
    "planning": ("deploy.processes.worker", "planning"),
    "telling": ("deploy.processes.worker", "telling"),
    "ringer": ("deploy.processes.ringer",),
    "beat": ("deploy.processes.beat",),
}
# Whose steps are interrupted when a process is killed. The ringer may drain for anybody.
HANDS = {
    "planning": ("request_intake", "scheduler"),
    "telling": ("notifier",),
    "ringer": ("request_intake", "scheduler", "notifier"),
}
_IN_HAND = """
SELECT event_id, subscriber, lease_id FROM bus.delivery
WHERE lease_id IS NOT NULL AND state IN ('due', 'parked')
UNION ALL
SELECT id, 'notifier', lease_id FROM notifier.notice
WHERE lease_id IS NOT NULL AND state IN ('queued', 'retry', 'unknown', 'sending')
"""


@dataclass(frozen=True, kw_only=True)
class Teacher:
    """Somebody who asks, with her token."""

    id: UUID
    email: str
    token: str


@dataclass(frozen=True, kw_only=True)
class Division:
    """A template database with the demo division in it, and its teachers' tokens."""

    server: Server
    teachers: tuple[Teacher, ...]


@contextmanager
def a_division(server: Server) -> Iterator[Division]:
    """The small demo division, loaded once and cloned for each stack."""
    with server.clone() as template:
        teachers = load_teachers(template.url)
        yield Division(server=Server(server.admin_url, template.name), teachers=teachers)


def load_teachers(database_url: str) -> tuple[Teacher, ...]:
    """Load the small demo division there; its teachers, each with a token."""
    loaded = load_demo(_Urls(database_url))
    engine = make_engine(database_url, role="remit_request_intake", pool_size=1)
    with transaction(engine, "system:test") as connection:
        teachers = tuple(
            Teacher(id=person.id, email=person.email, token=_token(connection, person.id))
            for person in loaded.division.teachers
        )
    engine.dispose()
    return teachers


def _token(connection: Connection, actor_id: UUID) -> str:
    until_tomorrow = utc_now() + 24 * HOUR
    return issue(connection, actor_id=actor_id, role="teacher", expires_at=until_tomorrow)


@dataclass(frozen=True)
class _Urls:
    database_url: str


@dataclass
class Stack:
    """One running product. `kill` hurts it, `closing` of the context ends it."""

    folder: Path
    database: Database
    valkey: CrashableValkey
    mail: CrashableMail
    keeper: Keeper
    watch: LeaseWatch
    teachers: tuple[Teacher, ...]
    port: int
    kills: dict[str, int] = field(default_factory=dict)

    def kill(self, name: str) -> None:
        """SIGKILL to a process and all its children; it is started again at once."""
        self.keeper.kill(name)
        self.kills[name] = self.kills.get(name, 0) + 1
        if name in HANDS:
            self.watch.killed(*HANDS[name])

    def answers(self) -> bool:
        """Whether web listens."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=3):
                return True
        except OSError:
            return False


def environment(
    database: Database, valkey: CrashableValkey, mail: CrashableMail, port: int
) -> dict[str, str]:
    """What the processes read."""
    return {
        "REMIT_DATABASE_URL": database.url,
        "REMIT_BROKER_URL": valkey.url,
        "REMIT_SMTP_URL": mail.url,
        "REMIT_MAIL_FROM": "coaching@larches.example.org",
        "REMIT_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "REMIT_SECRET_KEY": "the-fault-suite-signs-with-0123456789-abcdef",
        "REMIT_WEB_PORT": str(port),
        "REMIT_RATE_PER_ACCOUNT": "1000000",
        "REMIT_RATE_PER_ADDRESS": "1000000",
        "REMIT_RATE_WHOLE": "1000000",
    }


@contextmanager
def a_stack(
    division: Division, folder: Path, sins: Mapping[str, str] | None = None
) -> Iterator[Stack]:
    """A running product on a clone of the division; `sins` names what a process does wrong."""
    folder.mkdir(parents=True)
    with (
        division.server.clone() as database,
        crashable_valkey(folder) as valkey,
        crashable_mail() as mail,
    ):
        port = free_port()
        environ = environment(database, valkey, mail, port)
        keeper = Keeper()
        try:
            for name, target in _PROGRAMS.items():
                sin = (sins or {}).get(name)
                command = module(*(("tests.faults.broken", sin) if sin else ()), *target)
                keeper.keep(Process(name, command, environ, folder / f"{name}.log"))
            with LeaseWatch(database.owner_url, _IN_HAND) as watch:
                stack = Stack(
                    folder, database, valkey, mail, keeper, watch, division.teachers, port
                )
                until(stack.answers, limit=60)
                yield stack
        finally:
            keeper.close()
