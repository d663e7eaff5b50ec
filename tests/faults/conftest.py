"""What the fault suite starts once: a PostgreSQL with fsync on, and the seed that everything is drawn by.

REMIT_FAULT_SEED repeats a run's draws; REMIT_KILL_ROUNDS or --kill-rounds sets how often is killed;
REMIT_LONG_FAULTS=on or --long-faults keeps Redis away for a whole minute.
"""

import os
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.record import Record
from tests.support.postgres import Server, _prepared
from tests.support.stack import Division, a_division
from tests.support.stack_postgresql import CrashablePostgres, crashable_postgres

_KILL_ROUNDS = 50
_RECORD = Record()
_SEED = pytest.StashKey[int]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("faults")
    group.addoption("--kill-rounds", type=int, help="how often the kill loop kills")
    group.addoption("--long-faults", action="store_true", help="faults that last a whole minute")


@pytest.fixture(scope="session")
def kill_rounds(pytestconfig: pytest.Config) -> int:
    """How often the kill loop kills."""
    asked = pytestconfig.getoption("--kill-rounds", default=None)
    return asked or int(os.environ.get("REMIT_KILL_ROUNDS", _KILL_ROUNDS))


@pytest.fixture(scope="session")
def long_faults(pytestconfig: pytest.Config) -> bool:
    """Whether a fault lasts as long as reliability's promise says, or a quarter of it."""
    asked = pytestconfig.getoption("--long-faults", default=False)
    return bool(asked) or os.environ.get("REMIT_LONG_FAULTS") == "on"


@pytest.fixture(scope="session")
def seed(pytestconfig: pytest.Config) -> int:
    """What every draw begins with; shown with what a run measured, and with every failure."""
    return int(pytestconfig.stash[_SEED])


@pytest.fixture
def chance(seed: int, request: pytest.FixtureRequest) -> random.Random:
    """What draws a test's victims and moments."""
    return random.Random(f"{seed}:{request.node.name}")  # noqa: S311  -- draws, not secrets


def pytest_configure(config: pytest.Config) -> None:
    given = os.environ.get("REMIT_FAULT_SEED")
    config.stash[_SEED] = int(given or random.SystemRandom().randrange(10**9))


@pytest.fixture(scope="session")
def crashable() -> Iterator[CrashablePostgres]:
    """The suite's own PostgreSQL."""
    with (
        tempfile.TemporaryDirectory(prefix="remit-faults-pg-") as folder,
        crashable_postgres(Path(folder)) as server,
    ):
        yield server


@pytest.fixture(scope="session")
def server(crashable: CrashablePostgres) -> Iterator[Server]:
    """The same, with a migrated template database."""
    with _prepared(crashable.admin_url) as prepared:
        yield prepared


@pytest.fixture(scope="session")
def division(server: Server) -> Iterator[Division]:
    """A template database with the small demo division in it."""
    with a_division(server) as loaded:
        yield loaded


@pytest.fixture
def record() -> Record:
    """Where a test writes down what it measured."""
    return _RECORD


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if lines := _RECORD.lines():
        seed = terminalreporter.config.stash[_SEED]
        terminalreporter.section(f"what the faults measured (REMIT_FAULT_SEED={seed})")
        for line in lines:
            terminalreporter.line(line)
    _RECORD.keep()
