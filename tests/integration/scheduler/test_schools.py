"""The scheduler knows the division's schools as intake last told of them, in whatever order it heard."""

from itertools import permutations
from pathlib import Path
from runpy import run_path

import pytest

from services.request_intake import migrations
from services.request_intake.adapters.bulk_load import SchoolRow, load_schools
from services.scheduler.domain.schools import KnownSchool
from shared.database.transaction import transaction
from shared.events import SchoolKept
from tests.support.postgres import Database
from tests.support.request_intake.division import SYSTEM
from tests.support.scheduler.builders import LARCH, MONDAY, Division, an_id

_OAK = an_id("oak")


def told(version: int, key: str, name: str = LARCH.name) -> SchoolKept:
    return SchoolKept(version=version, school_id=LARCH.id, key=key, school_name=name)


def known(division: Division) -> list[KnownSchool]:
    return list(division.application.schooling.years()[0])


@pytest.mark.parametrize("order", list(permutations((0, 1, 2))))
def test_the_newest_telling_stands_in_any_order(division: Division, order: tuple[int, ...]) -> None:
    tellings = (told(1, "larch"), told(2, "larch-hill"), told(3, "larch-hill", "Larch Hill"))
    for index in order:
        division.hear(tellings[index])
    division.hear(*tellings)
    assert known(division) == [KnownSchool(id=LARCH.id, key="larch-hill", name="Larch Hill")]


def load(database: Database, *rows: SchoolRow) -> None:
    with transaction(database.engine("request_intake"), SYSTEM) as connection:
        load_schools(connection, rows, MONDAY)


def test_what_intake_loads_is_known_and_only_what_changed_is_told_again(
    division: Division,
) -> None:
    larch = SchoolRow(id=LARCH.id, key="larch", name="Larch School")
    oak = SchoolRow(id=_OAK, key="oak", name="Oak School")
    load(division.database, larch, oak)
    load(division.database, larch, SchoolRow(id=_OAK, key="oak", name="Oak Hill School"))
    load(division.database, larch)
    division.drain()
    assert [school.name for school in known(division)] == ["Larch School", "Oak Hill School"]
    versions = [(event["key"], event["version"]) for event in division.announced("school.kept")]
    assert sorted(versions) == [("larch", 1), ("oak", 1), ("oak", 2)]


def test_schools_that_were_there_before_they_were_told_are_told_once(division: Division) -> None:
    load(division.database, SchoolRow(id=_OAK, key="oak", name="Oak School"))
    division.database.sql("DELETE FROM bus.event WHERE name = 'school.kept' RETURNING id")
    history = Path(str(migrations.__path__[0])) / "versions" / "0022_schools_are_told.py"
    division.database.sql(f"{run_path(str(history))['_TELL']} RETURNING event_id")
    division.drain()
    assert known(division) == [KnownSchool(id=_OAK, key="oak", name="Oak School")]
