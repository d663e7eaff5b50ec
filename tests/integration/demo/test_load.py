"""The demo division in a real database: whole, once, and never over somebody else's."""

from collections.abc import Callable

import pytest

from deploy.demo import load as loading
from deploy.demo.load import NotEmpty, load_demo
from tests.integration.demo.conftest import Urls
from tests.support.postgres import Database


def _counts(database: Database) -> dict[str, object]:
    tables = (
        "request_intake.school",
        "request_intake.person",
        "request_intake.model_version",
        "access.actor",
        "access.role",
        "scheduler.model_version",
        "scheduler.coach",
        "scheduler.session",
        "scheduler.request",
    )
    return {table: database.sql(f"SELECT count(*) FROM {table}")[0][0] for table in tables}


def test_an_empty_database_is_filled_in_every_service(database: Database, urls: Urls) -> None:
    loaded = load_demo(urls, "town")

    everybody = 1 + 6 + 70 + 10
    assert loaded.new
    assert _counts(database) == {
        "request_intake.school": 6,
        "request_intake.person": everybody,
        "request_intake.model_version": 1,
        "access.actor": everybody,
        "access.role": everybody,
        "scheduler.model_version": 1,
        "scheduler.coach": 10,
        "scheduler.session": 300,
        "scheduler.request": 300,
    }


def test_the_same_demo_again_changes_nothing(database: Database, urls: Urls) -> None:
    load_demo(urls, "town")
    before = _counts(database)

    again = load_demo(urls, "town")

    assert not again.new
    assert _counts(database) == before


def test_another_seed_is_refused_and_changes_nothing(database: Database, urls: Urls) -> None:
    load_demo(urls, "town", seed=1)
    before = _counts(database)

    with pytest.raises(NotEmpty, match="holds another division"):
        load_demo(urls, "town", seed=2)

    assert _counts(database) == before


def test_a_model_that_somebody_published_is_not_overruled(database: Database, urls: Urls) -> None:
    load_demo(urls, "town")
    database.sql("TRUNCATE request_intake.person, scheduler.coach CASCADE")

    with pytest.raises(NotEmpty, match="published here already"):
        load_demo(urls, "town")


def test_a_load_that_was_interrupted_is_completed_by_the_next(
    database: Database, urls: Urls, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(loading, "load_past_sessions", interrupted)
        with pytest.raises(KeyboardInterrupt):
            load_demo(urls, "town")
    assert _counts(database)["scheduler.coach"] == 0

    load_demo(urls, "town")

    assert _counts(database)["scheduler.session"] == 300


def test_each_part_is_told_with_its_size(urls: Urls) -> None:
    heard: dict[str, int] = {}

    class Ear:
        def part(self, what: str, total: int) -> Callable[[int], None]:
            def done(rows: int) -> None:
                heard[what] = heard.get(what, 0) + rows

            assert total >= 0
            return done

    load_demo(urls, "town", progress=Ear())

    timetables = heard.pop("Timetables")
    assert 0 < timetables < 87
    assert heard == {
        "Schools": 6,
        "People": 87,
        "Coaches": 10,
        "Past sessions": 300,
        "School years": 6,
    }
