"""Statements straight to the driver: numbered, named, and run again where their connection had died."""

from collections.abc import Iterator

import psycopg
import pytest

from shared.database.engine import make_statement_engine
from shared.database.statements import Statements, numbered
from tests.support.postgres import Database

_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@pytest.fixture
def statements(database: Database) -> Iterator[Statements]:
    made = Statements(make_statement_engine(database.url, role="remit_scheduler"), named=True)
    yield made
    made.engine.dispose()


def test_names_become_numbers_and_casts_stay() -> None:
    sql = "SELECT :first::date, CAST(:first AS date), ':x'::text WHERE :firstly > :last"
    assert numbered(sql, "first", "last") == (
        "SELECT $1::date, CAST($1 AS date), ':x'::text WHERE :firstly > $2"
    )


def test_a_named_row_knows_its_columns_and_is_a_tuple(statements: Statements) -> None:
    row = statements.run("SELECT $1::int AS one, $2::text AS word", [1, "two"])
    assert row == (1, "two")
    assert (row.one, row.word) == (1, "two")
    assert statements.run("SELECT 1 WHERE false", []) is None


def test_what_was_read_over_a_dead_connection_is_read_again(
    statements: Statements, database: Database
) -> None:
    assert statements.run("SELECT 1", []) == (1,)
    database.server.execute(_OTHERS, database.name)
    assert statements.run("SELECT 2", []) == (2,)


def test_what_the_server_refuses_is_not_sent_twice(statements: Statements) -> None:
    with pytest.raises(psycopg.errors.DivisionByZero):
        statements.run("SELECT 1 / 0", [])
    assert statements.run("SELECT 3", []) == (3,)


def test_a_plan_is_made_once(statements: Statements) -> None:
    assert statements.run("SHOW plan_cache_mode", []) == ("force_generic_plan",)
