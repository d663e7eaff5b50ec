"""A command's transaction under intake's role: the one service that may write who has access."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection

from deploy.cli.exits import stack_on
from shared.database.engine import make_engine
from shared.database.transaction import transaction


@contextmanager
def as_intake(data: Path) -> Iterator[Connection]:
    """The transaction, on the stack of this data folder; it commits when the block ends."""
    with stack_on(data) as address:
        engine = make_engine(address.database_url, role="remit_request_intake", pool_size=1)
        try:
            with transaction(engine, "system:request_intake") as connection:
                yield connection
        finally:
            engine.dispose()
