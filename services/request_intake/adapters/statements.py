"""Single statements straight to the driver, each a transaction of its own: the hot path's.

SQLAlchemy keeps the pool; its own execution would cost as much again as these statements do.
"""

from collections.abc import Mapping
from typing import Any, LiteralString

import psycopg
from sqlalchemy import Engine


class Statements:
    """Runs statements on an engine of `make_statement_engine`. Safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def read(self, sql: LiteralString, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """The first row of a query, asked once more when its connection turned out dead.

        The others are then as dead: all are let go, so that what follows the read finds new ones.
        """
        try:
            return self.run(sql, values)
        except psycopg.OperationalError as error:
            if error.sqlstate is not None and not error.sqlstate.startswith(("57P", "08")):
                raise  # it lives: the server refused the statement itself
        self.engine.dispose()
        return self.run(sql, values)

    def run(self, sql: LiteralString, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """The first row of any statement; run once, whatever happens."""
        lease = self.engine.raw_connection()
        try:
            connection: psycopg.Connection[Any] = lease.driver_connection  # type: ignore[assignment]
            row: tuple[Any, ...] | None = connection.execute(sql, values).fetchone()
        except psycopg.OperationalError:
            lease.invalidate()
            raise
        else:
            return row
        finally:
            lease.close()
