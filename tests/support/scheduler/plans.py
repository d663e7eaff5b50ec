"""PostgreSQL's own plans of the scheduler's statements, as they really run: triggers and functions too.

Found are all of them, by walking the adapters; explained is what a statement does, by running it with
auto_explain and rolling it back, so that what its triggers and functions ask is seen as well.
"""

import ast
import importlib
import json
import pkgutil
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, NullPool, TextClause, create_engine

from services.scheduler import adapters
from shared.database.engine import driver_url
from tests.support.postgres import Database

_SESSION = re.compile(r"\bscheduler\.session\b")
_READS = re.compile(r"\b(?:FROM|JOIN)\s+(?:scheduler\.)?session\b")
_WATCH = (
    "LOAD 'auto_explain'",
    "SET auto_explain.log_min_duration = 0",
    "SET auto_explain.log_nested_statements = on",
    "SET auto_explain.log_format = json",
    "SET client_min_messages = log",
    "SET enable_seqscan = off",
)


@dataclass(frozen=True)
class Scan:
    """One look into a table: by which index under which condition; neither when it reads all of it."""

    asked_by: str
    table: str
    index: str = ""
    condition: str = ""

    def binds(self, column: str) -> bool:
        """Whether the index is entered by a bound on this column."""
        return re.search(rf"\({column} [<>=&@]", self.condition) is not None


def modules() -> Iterator[Any]:
    """Every module of the scheduler's adapters."""
    for found in pkgutil.walk_packages(adapters.__path__, f"{adapters.__name__}."):
        yield importlib.import_module(found.name)


def statements() -> dict[str, TextClause]:
    """Every statement that an adapter keeps, by `module.NAME`."""
    return {
        f"{module.__name__.rpartition('.')[2]}.{name}": value
        for module in modules()
        for name, value in vars(module).items()
        if isinstance(value, TextClause) and name.isupper()
    }


def touches_sessions(statement: TextClause, leading: Collection[str]) -> bool:
    """Whether it names the table, or one of the functions that lead to it."""
    sql = str(statement)
    return bool(_SESSION.search(sql)) or any(f"scheduler.{name}(" in sql for name in leading)


def loose_mentions(known: Mapping[str, TextClause]) -> list[str]:
    """Modules with a text that names the table and is part of none of their statements in `known`."""
    found = set()
    for module in modules():
        path = Path(module.__file__)
        own = [str(sql) for name, sql in known.items() if name.startswith(f"{path.stem}.")]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            said = node.value if isinstance(node, ast.Constant) else None
            if isinstance(said, str) and _SESSION.search(said):
                found |= {path.name} if not any(said in sql for sql in own) else set()
    return sorted(found)


def functions_that_read_sessions(database: Database) -> dict[str, str]:
    """The body of every function in the schema that reads the table, by its name."""
    found = _bodies(database).items()
    return {name: body for name, body in found if _READS.search(body)}


def functions_that_lead_to_sessions(database: Database) -> set[str]:
    """Those that read the table, and those that call them, however far from it."""
    bodies, found = _bodies(database), set[str]()
    more = set(functions_that_read_sessions(database))
    while more:
        found |= more
        calls = re.compile(rf"\b(?:{'|'.join(sorted(more))})\(")
        more = {name for name, body in bodies.items() if calls.search(body)} - found
    return found


def _bodies(database: Database) -> dict[str, str]:
    rows = database.sql(
        "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'scheduler'::regnamespace"
    )
    return {str(row.proname): str(row.prosrc) for row in rows}


def exclusion_indexes(database: Database) -> dict[str, list[str]]:
    """The columns of each index that keeps sessions apart."""
    rows = database.sql(
        "SELECT c.conname, array_agg(a.attname::text) AS columns FROM pg_constraint c"
        " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)"
        " WHERE c.contype = 'x' AND c.conrelid = 'scheduler.session'::regclass GROUP BY 1"
    )
    return {str(row.conname): list(row.columns) for row in rows}


class Explained:
    """A connection whose every statement tells its plan."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._told: list[dict[str, Any]] = []
        driver: Any = connection.connection.driver_connection
        driver.add_notice_handler(lambda notice: self._hear(notice.message_primary))

    def scans(self, statement: TextClause, parameters: Mapping[str, Any]) -> list[Scan]:
        """Run a statement and take it back: every look into a table that came of it."""
        self._told.clear()
        with self.connection.begin_nested() as savepoint:
            self.connection.execute(statement, parameters)
            savepoint.rollback()
        return [scan for told in self._told for scan in _scans(told["Query Text"], told["Plan"])]

    def _hear(self, message: str | None) -> None:
        _, _, plan = (message or "").partition("plan:\n")
        if plan:
            self._told.append(json.loads(plan))


@contextmanager
def explained(database: Database, *, generic: bool) -> Iterator[Explained]:
    """Plans with or without knowledge of the parameters; nothing that is run here stays."""
    url = driver_url(database.server.url(database.name))
    engine = create_engine(url, poolclass=NullPool, connect_args={"prepare_threshold": 0})
    with engine.connect() as connection:
        mode = "force_generic_plan" if generic else "force_custom_plan"
        for setting in (*_WATCH, f"SET plan_cache_mode = {mode}"):
            connection.exec_driver_sql(setting)
        yield Explained(connection)
        connection.rollback()
    engine.dispose()


def _scans(asked_by: str, node: dict[str, Any], table: str = "") -> Iterator[Scan]:
    table = node.get("Relation Name", table)
    if "Index Name" in node:
        yield Scan(asked_by, table, node["Index Name"], node.get("Index Cond", ""))
    elif node["Node Type"] == "Seq Scan":
        yield Scan(asked_by, table)
    for inner in node.get("Plans", []):
        yield from _scans(asked_by, inner, table)
