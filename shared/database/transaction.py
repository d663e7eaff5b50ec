"""One transaction of one actor: begins by saying who acts, commits once or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text

_SET_ACTOR = text("SELECT set_config('app.actor', :actor, true)")


@contextmanager
def transaction(engine: Engine, actor: str) -> Iterator[Connection]:
    """A connection inside one transaction whose actor is set, transaction-local.

    Commits when the block ends, rolls back when it raises. Nobody else commits.
    """
    with engine.begin() as connection:
        connection.execute(_SET_ACTOR, {"actor": actor})
        yield connection
