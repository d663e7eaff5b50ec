"""Fixtures for things that must be closed: a real PostgreSQL, a real Valkey. Markers come by folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.postgres import Database, Server, running_server
from tests.support.valkey import running_valkey

_TESTS = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test with the name of its folder."""
    for item in items:
        item.add_marker(item.path.relative_to(_TESTS).parts[0])


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the suite run on another PostgreSQL than the wheel's."""
    parser.addoption("--postgres", type=Path, help="bin folder of an installed PostgreSQL")


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> Iterator[Server]:
    """The run's PostgreSQL server with a migrated template database."""
    with running_server(request.config.getoption("--postgres")) as server:
        yield server


@pytest.fixture
def database(postgres: Server) -> Iterator[Database]:
    """A database of the test's own, fully migrated, in which it may commit for real."""
    with postgres.clone() as clone:
        yield clone


@pytest.fixture(scope="session")
def valkey() -> Iterator[str]:
    """The URL of the run's Valkey."""
    with running_valkey() as url:
        yield url
