"""The whole product on a stack of its own: `remit up` on a temporary folder, the city inside.

PostgreSQL runs with the settings that `remit up` writes (fsync, synchronous_commit and checksums
on), and beside them `track_commit_timestamp`: what happened when is read from commits, not from
programs.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xmlrpc.client import Fault

import psutil
import psycopg
from psycopg.rows import dict_row

from deploy.stack import postgresql
from deploy.stack.address import FILE_NAME, StackAddress
from deploy.stack.layout import Layout
from deploy.stack.parts import wait_until_ready
from deploy.stack.programs import WORK
from deploy.stack.secrets import Secrets
from deploy.stack.supervisor import Supervisor
from shared.database.roles import OWNER
from tests.support.waiting import until

_REMIT = Path(sys.executable).with_name("remit")
_CITY = "remit_city"
_PLENTY = "1000000"
_READY_WITHIN = 180.0
_RATES = ("REMIT_RATE_PER_ACCOUNT", "REMIT_RATE_PER_ADDRESS", "REMIT_RATE_WHOLE")
_COMMITS = "\ntrack_commit_timestamp = on\n"
_STATEMENTS = "shared_preload_libraries = 'pg_stat_statements'\n"


@dataclass
class Stack:
    """A running stack and the city's template, from which each benchmark starts afresh."""

    data: Path
    address: StackAddress
    layout: Layout
    profiled: bool

    @property
    def port(self) -> int:
        """Web's."""
        return int(self.address.web_url.rpartition(":")[2])

    @property
    def environ(self) -> dict[str, str]:
        """What a process of Remit needs to run on this stack."""
        return _clean_environ() | {
            "REMIT_DATABASE_URL": self.address.database_url,
            "REMIT_BROKER_URL": self.address.broker_url,
            "REMIT_SMTP_URL": self.address.smtp_url,
            "REMIT_PUBLIC_URL": self.address.web_url,
            "REMIT_MAIL_FROM": "coaching@division.example",
            "REMIT_SECRET_KEY": Secrets.kept_in(self.layout.data).signing,
        }

    def sql(self, query: str, **params: Any) -> list[dict[str, Any]]:
        """Rows of a query, as administrator, committed."""
        return self.sql_in(postgresql.DATABASE, query, **params)

    def sql_in(self, database: str, query: str, **params: Any) -> list[dict[str, Any]]:
        """The same in another database of this server."""
        with self._connect(database) as connection:
            cursor = connection.execute(query, params)
            return cursor.fetchall() if cursor.description else []

    def administrator_url(self, database: str = postgresql.DATABASE) -> str:
        """Where the server answers to its administrator."""
        secrets = Secrets.kept_in(self.layout.data)
        return postgresql.url(
            self.layout, postgresql.ADMINISTRATOR, secrets.administrator, database=database
        )

    def one(self, query: str, **params: Any) -> dict[str, Any]:
        """The one row of a query."""
        (row,) = self.sql(query, **params)
        return row

    def start_work(self) -> None:
        """Start web, workers, ringer and beat, and wait until all are ready."""
        self.launch()
        wait_until_ready(self.address, lambda: False, lambda _: None)

    def launch(self) -> None:
        """Start web, workers, ringer and beat, and wait for nothing."""
        Supervisor(self.layout.supervisor_socket).start(WORK)

    def stop_work(self) -> None:
        """Stop web, workers, ringer and beat; the stores go on."""
        supervisor = Supervisor(self.layout.supervisor_socket)
        try:
            supervisor._proxy.stopProcessGroup(WORK, True)
        except Fault as fault:
            if "NOT_RUNNING" not in fault.faultString:
                raise

    def afresh(self, *, working: bool) -> None:
        """The city as it was loaded, checkpointed; with Remit's own processes running or stopped."""
        self.stop_work()
        with self._connect("postgres") as connection:
            name = postgresql.DATABASE
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
            connection.execute(
                f"CREATE DATABASE {name} TEMPLATE {_CITY} STRATEGY file_copy OWNER {OWNER}"
            )
            connection.execute(f"GRANT CREATE ON DATABASE {name} TO {OWNER}")
            connection.execute("CHECKPOINT")
        if self.profiled:
            self.sql("SELECT pg_stat_statements_reset()")
        if working:
            self.start_work()

    def processor_seconds(self) -> dict[str, float]:
        """Processor time that each part has used since it was started."""
        running = Supervisor(self.layout.supervisor_socket).processes()
        return {one.name: _processor_seconds(one.pid) for one in running if one.pid}

    def keep_as_template(self) -> None:
        """What is in the database now is what `afresh` goes back to."""
        self.stop_work()
        self.sql("VACUUM ANALYZE")
        with self._connect("postgres") as connection:
            connection.execute(
                f"CREATE DATABASE {_CITY} TEMPLATE {postgresql.DATABASE} STRATEGY file_copy"
            )

    def dearest_statements(self, most: int = 15) -> Sequence[dict[str, Any]]:
        """Where the database's time went since `afresh`, when profiled."""
        return self.sql(
            """
            SELECT round(total_exec_time) AS total_ms, calls, round(mean_exec_time::numeric, 3) AS mean_ms,
                rows, left(regexp_replace(query, '\\s+', ' ', 'g'), 160) AS query
            FROM pg_stat_statements ORDER BY total_exec_time DESC LIMIT %(most)s
            """,
            most=most,
        )

    def _connect(self, database: str = postgresql.DATABASE) -> psycopg.Connection[dict[str, Any]]:
        url = self.administrator_url(database)
        return psycopg.connect(url, autocommit=True, row_factory=dict_row)


@contextmanager
def running(*, profiled: bool = False) -> Iterator[Stack]:
    """A stack with the city, ended and removed with the block."""
    data = Path(tempfile.mkdtemp(prefix="remit-bench-"))
    layout = _prepare(data, profiled=profiled)
    log = data / "up.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [_REMIT, "up", "--data", data],
            env=_clean_environ(),
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        until(lambda: (data / FILE_NAME).exists() or process.poll() is not None, _READY_WITHIN)
        if process.poll() is not None:
            raise RuntimeError(f"remit up ended by itself: {log.read_text()[-2000:]}")
        subprocess.run([_REMIT, "demo", "--size", "city", "--data", data], check=True)
        stack = Stack(data, StackAddress.load(data), layout, profiled)
        if profiled:
            stack.sql("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        yield stack
    finally:
        process.terminate()
        process.wait(120)
        shutil.rmtree(data, ignore_errors=True)


def _prepare(data: Path, *, profiled: bool) -> Layout:
    """Make the cluster as `remit up` would, so that it starts with our two additions."""
    layout = Layout.of(data)
    layout.create()
    secrets = Secrets.kept_in(layout.data)
    postgresql.configure(layout, secrets.administrator)
    with (layout.cluster / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write(_COMMITS + (_STATEMENTS if profiled else ""))
    return layout


def _clean_environ() -> dict[str, str]:
    """Ours without any REMIT_ setting, and with rate limits that no load of ours meets."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("REMIT_")}
    return kept | dict.fromkeys(_RATES, _PLENTY)


def _processor_seconds(pid: int) -> float:
    """Of a process, its living descendants, and those that each has seen end."""
    first = psutil.Process(pid)
    return sum(sum(process.cpu_times()[:4]) for process in [first, *first.children(recursive=True)])


def used(before: dict[str, float], after: dict[str, float]) -> str:
    """Where processor time went, the most first."""
    spent = {name: after[name] - before.get(name, 0.0) for name in after}
    parts = sorted(spent.items(), key=lambda part: -part[1])
    return ", ".join(f"{name} {seconds:.1f} s" for name, seconds in parts)


def wait_while_moving(stack: Stack, limit: float, quiet: float = 15.0) -> None:
    """Return when nothing is due, or when nothing has moved for a while, or at the limit."""
    deadline = time.monotonic() + limit
    last, since = -1, time.monotonic()
    while time.monotonic() < deadline and stack.one(_ANY_LEFT)["any_left"]:
        if time.monotonic() > since + quiet:
            left = stack.one(_LEFT)["left"]
            if left == last:
                return
            last, since = left, time.monotonic()
        time.sleep(0.25)


_OPEN_DELIVERIES = "FROM bus.delivery WHERE state IN ('due', 'parked')"
_OPEN_NOTICES = "FROM notifier.notice WHERE state IN ('queued', 'retry', 'sending', 'unknown')"
# Asked often, so it must cost nothing beside what is measured; the other one counts, and is dear.
_ANY_LEFT = (
    f"SELECT EXISTS (SELECT {_OPEN_DELIVERIES}) OR EXISTS (SELECT {_OPEN_NOTICES}) AS any_left"
)
_LEFT = f"""
SELECT (SELECT count(*) {_OPEN_DELIVERIES}) + (SELECT count(*) {_OPEN_NOTICES}) AS left
"""


def save_statements(stack: Stack, path: Path) -> None:
    """Keep the dearest statements of the last benchmark."""
    path.write_text(json.dumps(stack.dearest_statements(), indent=1, default=str) + "\n")
