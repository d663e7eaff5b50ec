"""A small demo town, loaded into the test's own database."""

from dataclasses import dataclass

import pytest

from deploy.demo.division import SIZES, Size
from tests.support.postgres import Database

TOWN = Size(name="town", schools=6, teachers=70, coaches=10, past_sessions=300)


@dataclass(frozen=True)
class Urls:
    """All that loading needs of a stack."""

    database_url: str


@pytest.fixture
def urls(database: Database, monkeypatch: pytest.MonkeyPatch) -> Urls:
    monkeypatch.setitem(SIZES, TOWN.name, TOWN)
    return Urls(database.url)
