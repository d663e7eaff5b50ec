"""A small division whose schools' time is kept on pages."""

import pytest

from tests.support.postgres import Database
from tests.support.scheduler.pages import Site


@pytest.fixture
def site(database: Database) -> Site:
    return Site(database)
