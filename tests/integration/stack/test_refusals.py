import os
import subprocess
import sys

import psycopg

from deploy.processes.guard import WRONG_CONFIGURATION
from deploy.processes.safety import faults_of, unsafe_database
from tests.support.postgres import Database, Server


def test_a_superuser_and_a_forgetful_server_are_refused_each_in_a_line(postgres: Server) -> None:
    with psycopg.connect(postgres.admin_url) as connection:
        faults = unsafe_database(connection)
    assert any("superuser" in fault for fault in faults)
    assert any("fsync off" in fault for fault in faults)
    assert any("full_page_writes off" in fault for fault in faults)


def test_the_owner_of_the_tables_may_not_serve(database: Database) -> None:
    with psycopg.connect(database.owner_url) as connection:
        assert any("owner of tables" in fault for fault in unsafe_database(connection))
    with psycopg.connect(database.url) as connection:
        assert not any("REMIT_DATABASE_URL" in fault for fault in unsafe_database(connection))


def test_a_process_names_everything_that_is_missing_and_ends() -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("REMIT_")}
    refused = subprocess.run(
        [sys.executable, "-m", "deploy.processes.ringer"],
        env=environ | {"REMIT_WEB_PORT": "many"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == WRONG_CONFIGURATION
    named = {line.split()[0].rstrip(":") for line in refused.stderr.splitlines()}
    assert {"REMIT_DATABASE_URL", "REMIT_BROKER_URL", "REMIT_SECRET_KEY", "REMIT_WEB_PORT"} <= named


def test_a_database_that_is_away_is_not_called_unsafe() -> None:
    environ = {
        "REMIT_DATABASE_URL": "postgresql://remit_app@127.0.0.1:1/remit",
        "REMIT_BROKER_URL": "unix:///nowhere",
        "REMIT_PUBLIC_URL": "https://coaching.division.example",
    }
    assert faults_of(environ, ()) == []
