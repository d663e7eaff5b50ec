"""Replays at once: two who start leave one, who starts anew waits for no chunk, workers share chunks."""

import threading
from collections.abc import Sequence

import pytest
from sqlalchemy import text

from services.request_intake.adapters.replays import SqlReplays
from services.request_intake.adapters.unit_of_work import SqlWork
from services.request_intake.domain.coaching_model import CoachingModel
from services.request_intake.domain.need import Reader
from services.request_intake.domain.replay import Flip, PastAsk, Replay, replayed
from services.request_intake.handlers import replaying
from shared.clock import utc_now
from shared.database.transaction import transaction
from tests.support.pages import PagesDivision
from tests.support.postgres import Database
from tests.support.request_intake.division import OFFICE, SYSTEM
from tests.support.waiting import until

_WAITING = "SELECT 1 FROM pg_locks WHERE NOT granted"


@pytest.fixture
def division(database: Database) -> PagesDivision:
    return PagesDivision(database)


def a_draft(division: PagesDivision) -> int:
    """Its revision."""
    draft = division.application.drafting.begin(OFFICE, 1)
    assert draft
    return draft.revision


def test_two_who_start_at_once_leave_one_replay(division: PagesDivision) -> None:
    division.asks(topic="payroll")
    revision = a_draft(division)
    second = threading.Thread(
        target=division.application.replaying.start, args=(OFFICE,), kwargs={"seen": revision}
    )
    with transaction(division.engine, SYSTEM) as connection:
        work = SqlWork(connection, utc_now)
        replaying.start_replay(work, [], seen=revision, by=OFFICE, now=utc_now())
        work.flush()
        second.start()
        until(lambda: division.database.sql(_WAITING))
    second.join(10)

    found = division.application.replaying.standing()
    assert found
    assert found.asks == 1


def test_who_starts_anew_waits_for_no_chunk_and_what_was_at_hand_counts_for_nothing(
    division: PagesDivision, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replaying, "_CHUNK", 1)
    for _ in range(3):
        division.asks(topic="payroll")
    revision = a_draft(division)
    application, started = division.application, []

    def someone_starts_anew(
        model: CoachingModel, reader: Reader, asks: Sequence[PastAsk]
    ) -> list[Flip]:
        if not started:
            started.append(application.replaying.start(OFFICE, seen=revision))
        return replayed(model, reader, asks)

    monkeypatch.setattr(replaying, "replayed", someone_starts_anew)
    application.replaying.start(OFFICE, seen=revision)
    application.drain.run()

    assert isinstance(started[0], Replay)
    found = application.replaying.standing()
    assert found
    assert (found.finished, found.judged, found.flips) == (True, 3, ())
    states = division.database.sql("SELECT DISTINCT state FROM bus.delivery")
    assert ("dead",) not in states
    told = division.database.sql("SELECT count(*) FROM bus.event WHERE name = 'replay.chunk_ready'")
    assert told == [(2 + 3,)], "a chunk of a replay that is gone opens no other"


def test_two_workers_judge_side_by_side(
    division: PagesDivision, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replaying, "_CHUNK", 1)
    for _ in range(4):
        division.asks(topic="payroll")
    both = threading.Barrier(2)

    def beside_another(model: CoachingModel, reader: Reader, asks: Sequence[PastAsk]) -> list[Flip]:
        both.wait(10)
        return replayed(model, reader, asks)

    monkeypatch.setattr(replaying, "replayed", beside_another)
    division.application.replaying.start(OFFICE, seen=a_draft(division))
    workers = [threading.Thread(target=division.application.drain.run) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)

    found = division.application.replaying.standing()
    assert found
    assert found.finished
    assert not both.broken


def test_a_chunk_may_be_read_for_longer_than_transactions_idle(division: PagesDivision) -> None:
    with transaction(division.engine, SYSTEM) as connection:
        usual = connection.scalar(text("SHOW idle_in_transaction_session_timeout"))
        SqlReplays(connection).open_chunk(OFFICE)
        now = connection.scalar(text("SHOW idle_in_transaction_session_timeout"))
    assert (usual, now) == ("10s", "5min")
