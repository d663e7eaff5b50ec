"""A division under demo, and a browser for the run."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.support.browser import running_chromium
from tests.support.pages import Hand, PagesDivision
from tests.support.postgres import Database


@pytest.fixture
def division(database: Database) -> PagesDivision:
    return PagesDivision(database)


@pytest.fixture
def hand(division: PagesDivision) -> Hand:
    return Hand(division)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with running_chromium() as browser:
        yield browser
