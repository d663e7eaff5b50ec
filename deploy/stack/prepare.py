"""Make the database ready: wait for the server, then roles, database, migrations, demo division.

A process of its own, so that it loads while PostgreSQL starts and `remit up` itself stays small.
Run with `python -m deploy.stack.prepare DATA` by `remit up`; each step may be repeated.
"""

import os
import sys
import time
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import NullPool, create_engine

from deploy.processes.config import Settings
from deploy.processes.safety import refuse_unsafe
from deploy.stack import postgresql
from deploy.stack.histories import HISTORIES
from deploy.stack.layout import Layout
from deploy.stack.secrets import Secrets
from shared.database.engine import driver_url
from shared.database.migrate import upgrade_all
from shared.database.roles import LOGIN, OWNER, ensure_extensions, ensure_roles

# A database that was killed replays its log first; a large one may take its time.
_PATIENCE = 600.0
_USUAL = 4.0
_VERSION_17 = 170_000


def main(data: Path, *, demo: bool) -> None:
    """Everything that must be true before Remit's own processes start."""
    owner_url = os.environ.get("REMIT_OWNER_DATABASE_URL", "")
    layout = Layout.of(data)
    if layout.cluster.exists():
        secrets = Secrets.kept_in(layout.data)
        administrator = postgresql.url(
            layout, postgresql.ADMINISTRATOR, secrets.administrator, database="postgres"
        )
        wait_for_database(administrator)
        ensure_database(administrator, {OWNER: secrets.owner, LOGIN: secrets.login})
    refuse_unsafe(os.environ)
    if owner_url:
        upgrade_all(owner_url, HISTORIES)
    if demo and (not owner_url or is_empty(owner_url)):
        _load_demo()


def wait_for_database(url: str) -> None:
    """Return when the server lets somebody in; say so when it is recovering."""
    told = False
    began = time.monotonic()
    while True:
        try:
            psycopg.connect(url, connect_timeout=3).close()
        except psycopg.OperationalError:
            if time.monotonic() - began > _PATIENCE:
                raise
            if time.monotonic() - began > _USUAL and not told:
                told = True
                _say("PostgreSQL is still starting: after a crash it replays what it had promised")
            time.sleep(0.02)
        else:
            return


def ensure_database(administrator_url: str, passwords: dict[str, str]) -> None:
    """Roles with their passwords, and the database with its extensions."""
    server = create_engine(
        driver_url(administrator_url), poolclass=NullPool, isolation_level="AUTOCOMMIT"
    )
    with server.connect() as connection:
        ensure_roles(connection)
    with psycopg.connect(administrator_url, autocommit=True) as plain:
        for role, password in passwords.items():
            plain.execute(
                sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), password)
            )
        if plain.info.server_version >= _VERSION_17:
            plain.execute(
                sql.SQL("ALTER ROLE {} SET transaction_timeout = '30s'").format(
                    sql.Identifier(LOGIN)
                )
            )
        name = postgresql.DATABASE
        if not plain.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            plain.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(
                    sql.Identifier(name), sql.Identifier(OWNER)
                )
            )
    database = create_engine(
        driver_url(administrator_url).replace("/postgres?", f"/{postgresql.DATABASE}?"),
        poolclass=NullPool,
    )
    with database.begin() as connection:
        ensure_extensions(connection)


def is_empty(owner_url: str) -> bool:
    """Whether a part of a division is missing: asked here, because the demo takes a while to load."""
    with psycopg.connect(owner_url) as connection:
        row = connection.execute(
            "SELECT EXISTS (SELECT FROM request_intake.person)"
            " AND EXISTS (SELECT FROM scheduler.coach)"
        ).fetchone()
    return row is None or not row[0]


def _load_demo() -> None:
    from deploy.demo.load import NotEmpty, load_demo  # noqa: PLC0415  -- a second of imports

    try:
        load_demo(Settings.from_env())
    except NotEmpty as kept:
        _say(str(kept))


def _say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), demo="--demo" in sys.argv)
