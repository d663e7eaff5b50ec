"""A small division, booked for real."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from tests.support.postgres import Database, Server
from tests.support.scheduler.builders import Division, a_coach


@pytest.fixture
def division(database: Database) -> Division:
    """A published model and one coach, Ana, who works all day and serves Larch School."""
    return Division(database).with_model().with_coaches(a_coach("ana"))


@pytest.fixture(scope="session")
def shared_division(postgres: Server) -> Iterator[Division]:
    """The same with the coaches Bo and Cy; for tests that never commit."""
    with postgres.clone() as database:
        coaches = (a_coach("ana"), a_coach("bo"), a_coach("cy"))
        yield Division(database).with_model().with_coaches(*coaches)


@pytest.fixture
def connection(shared_division: Division) -> Iterator[Connection]:
    """A connection of the scheduler's role, rolled back afterwards."""
    with shared_division.engine.connect() as open_connection:
        yield open_connection
        open_connection.rollback()
