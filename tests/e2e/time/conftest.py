"""One running stack for all stories of school time; each story has teachers and a school of its own."""

from collections.abc import Iterator

import pytest

from tests.e2e.time.days import Days
from tests.support.running_stack import RunningStack
from tests.support.stack_people import People


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    running = RunningStack(tmp_path_factory.mktemp("time") / "data", "--demo")
    yield running
    running.stop()


@pytest.fixture(scope="session")
def people(stack: RunningStack) -> Iterator[People]:
    everybody = People(stack)
    yield everybody
    everybody.close()


@pytest.fixture(scope="session")
def days(stack: RunningStack, people: People) -> Iterator[Days]:
    found = Days(stack, people)
    yield found
    found.close()
