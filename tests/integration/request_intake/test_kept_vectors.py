"""Vectors of past asks: kept in quiet time, as private as words, and a replay by them says the same."""

import pytest

from services.request_intake.adapters import ask_vectors
from services.request_intake.adapters.reading import trained_likelihoods
from services.request_intake.domain.replay import Standing
from shared.clock import utc_now
from shared.database.transaction import transaction
from tests.support.pages import PagesDivision
from tests.support.postgres import Database
from tests.support.request_intake.division import MAYA, OFFICE, SYSTEM
from tests.support.waiting import until

_COUNT = "SELECT count(*) FROM request_intake.ask_vector"
WORDS = ("help", "my printer is jammed", "Could we plan my unit on fractions?")


@pytest.fixture
def division(database: Database) -> PagesDivision:
    return PagesDivision(database)


def keep(division: PagesDivision) -> None:
    with transaction(division.engine, SYSTEM) as connection:
        ask_vectors.keep(connection, utc_now())


def replayed(division: PagesDivision) -> Standing:
    replaying = division.application.replaying
    draft = division.application.drafting.draft() or division.application.drafting.begin(OFFICE, 1)
    assert draft
    replaying.start(OFFICE, seen=draft.revision)

    def finished() -> Standing | None:
        division.application.drain.run()
        standing = replaying.standing()
        return standing if standing and standing.finished else None

    return until(finished, 60)  # type: ignore[return-value]


def test_words_that_were_read_are_kept_as_vectors_once_and_chosen_topics_are_not(
    division: PagesDivision, database: Database
) -> None:
    asked = [division.asks(topic=None, support_mode=None, words=words) for words in WORDS]
    division.asks(topic="payroll", words="my pay")
    keep(division)
    keep(division)
    kept = database.sql("SELECT request_id FROM request_intake.ask_vector")
    assert {row[0] for row in kept} == {request.id for request in asked}


def test_they_are_worked_out_by_the_clock(division: PagesDivision, database: Database) -> None:
    division.asks(topic=None, support_mode=None, words="help")

    def is_kept() -> bool:
        division.application.drain.run()
        return database.sql(_COUNT) == [(1,)]

    database.sql("UPDATE bus.timer SET due_at = now() WHERE name = 'keep_vectors'")
    until(is_kept, 60)


def test_a_replay_by_them_says_the_same_and_reads_nothing_again(
    division: PagesDivision, monkeypatch: pytest.MonkeyPatch
) -> None:
    for words in WORDS:
        division.asks(topic=None, support_mode=None, words=words)
    before = replayed(division)
    keep(division)
    taken = []
    with_kept = trained_likelihoods.with_kept

    def counted(texts: list[str], kept: list[bytes | None]) -> object:
        taken.append([row is not None for row in kept])
        return with_kept(texts, kept)

    monkeypatch.setattr(trained_likelihoods, "with_kept", counted)
    assert replayed(division).flips == before.flips
    assert taken
    assert all(all(rows) for rows in taken)


def test_nobody_but_remit_itself_sees_them_and_they_go_when_no_replay_looks_at_them(
    division: PagesDivision, database: Database
) -> None:
    division.asks(topic=None, support_mode=None, words="help")
    keep(division)
    for actor in (MAYA, OFFICE):
        with transaction(division.engine, str(actor)) as connection:
            assert connection.exec_driver_sql(_COUNT).scalar_one() == 0
    database.sql(
        "UPDATE request_intake.request SET submitted_at = submitted_at - interval '1 year'"
    )
    keep(division)
    assert database.sql(_COUNT) == [(0,)]
