"""Single statements straight to the driver, each a transaction of its own: the hot path's.

SQLAlchemy keeps the pool; its own execution would cost as much again as these statements do.
"""

import re
from collections.abc import Sequence
from typing import Any, LiteralString, cast

import psycopg
from psycopg.rows import namedtuple_row, tuple_row
from sqlalchemy import Engine, PoolProxiedConnection

# Kept with its connection: making one costs a quarter of running a statement.
_CURSOR = "statements"


def numbered(sql: LiteralString, *names: LiteralString) -> LiteralString:
    """The same with PostgreSQL's own parameters, $1 and on, in place of these `:names`."""
    for number, name in enumerate(names, start=1):
        sql = re.sub(rf"(?<!:):{name}\b", f"${number}", sql)
    return sql


class Statements:
    """Runs statements on an engine of `make_statement_engine`. Safe to share between threads.

    Rows are tuples; `named` ones know their columns as well, which costs a little.
    """

    def __init__(self, engine: Engine, *, named: bool = False) -> None:
        self.engine = engine
        self._row = namedtuple_row if named else tuple_row

    def run(self, sql: LiteralString, values: Sequence[Any]) -> Any | None:
        """The first row of a statement that may be run twice; so it is when its connection was dead.

        The others are then as dead: all are let go, so that the second run finds a new one.
        """
        try:
            return self._once(sql, values)
        except psycopg.OperationalError as error:
            if error.sqlstate is not None and not error.sqlstate.startswith(("57P", "08")):
                raise  # it lives: the server refused the statement itself
        self.engine.dispose()
        return self._once(sql, values)

    def _once(self, sql: LiteralString, values: Sequence[Any]) -> Any | None:
        lease = self.engine.raw_connection()
        try:
            cursor = lease.info.get(_CURSOR) or lease.info.setdefault(_CURSOR, self._cursor(lease))
            row: tuple[Any, ...] | None = cursor.execute(sql, values).fetchone()
        except psycopg.OperationalError:
            lease.invalidate()
            raise
        else:
            return row
        finally:
            lease.close()

    def _cursor(self, lease: PoolProxiedConnection) -> psycopg.RawCursor[Any]:
        """One whose parameters are PostgreSQL's own, $1 and on: nothing is rewritten at each run."""
        connection = cast("psycopg.Connection[Any]", lease.driver_connection)
        return psycopg.RawCursor(connection, row_factory=self._row)
