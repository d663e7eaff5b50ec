"""A division under demo."""

import pytest

from tests.support.pages import Hand, PagesDivision
from tests.support.postgres import Database


@pytest.fixture
def division(database: Database) -> PagesDivision:
    return PagesDivision(database)


@pytest.fixture
def hand(division: PagesDivision) -> Hand:
    return Hand(division)
