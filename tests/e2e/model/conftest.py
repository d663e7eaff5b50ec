"""One running stack for all stories of the model; each story has topics and teachers of its own."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.model.office import Office
from tests.support.running_stack import RunningStack
from tests.support.stack_people import People


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    running = RunningStack(tmp_path_factory.mktemp("model") / "data", "--demo")
    yield running
    running.stop()


@pytest.fixture(scope="session")
def people(stack: RunningStack) -> Iterator[People]:
    everybody = People(stack)
    yield everybody
    everybody.close()


@pytest.fixture
def office(people: People) -> Iterator[Office]:
    """The admin's programs; no draft is left of any story."""
    admin = Office(people.admin())
    admin.clear()
    yield admin
    admin.clear()


@pytest.fixture
def draft(office: Office) -> Any:
    """A draft of the newest version."""
    return office.begins()
