"""The adapters keep what the ports promise, and the fakes of the tests promise the same."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from services.request_intake.adapters.unit_of_work import SqlWork
from services.request_intake.domain.request import Request, Standing, State
from services.request_intake.handlers.publishing import Publication, publish_model
from services.request_intake.handlers.submitting import announcement
from services.request_intake.ports import (
    Accepted,
    AlreadyAccepted,
    FrontDesk,
    ModelMovedOn,
    Work,
)
from shared.clock import utc_now
from shared.database.transaction import transaction
from shared.events.vocabulary import Reason, School
from tests.support.events import an_id
from tests.support.postgres import Database
from tests.support.request_intake.builders import (
    a_request,
    a_window,
    an_asker,
    starter,
    starter_document,
)
from tests.support.request_intake.division import MAYA, NOOR, SCHOOL_ID, SYSTEM, SmallDivision
from tests.support.request_intake.fakes import FakeFrontDesk, FakeModels, FakeRequests, FakeWork

SCHOOL = School(id=SCHOOL_ID, name="Tamarack School")


@dataclass
class Ports:
    """One implementation of the ports: a desk, and units of work of any actor over what it stored."""

    desk: FrontDesk
    work: Callable[[str], AbstractContextManager[Work]]


@pytest.fixture(params=["fake", "postgres"])
def ports(request: pytest.FixtureRequest) -> Ports:
    if request.param == "fake":
        return _fakes()
    division = SmallDivision(request.getfixturevalue("database"))

    @contextmanager
    def work(actor: str) -> Iterator[Work]:
        with transaction(division.engine, actor) as connection:
            unit = SqlWork(connection, utc_now)
            yield unit
            unit.flush()

    return Ports(division.application.desk, work)


def _fakes() -> Ports:
    desk = FakeFrontDesk({"tamarack": SCHOOL})
    models = FakeModels()
    publish_model(
        unit := FakeWork(),
        Publication(document=starter_document(), published_by="x", reason=""),
        utc_now(),
    )
    models.records, models.division = unit.models.records, unit.models.division
    kept = FakeRequests()

    @contextmanager
    def work(_actor: str) -> Iterator[Work]:
        for stored, _digest in desk.stored.values():
            kept.by_id.setdefault(stored.id, stored)
        unit = FakeWork()
        unit.requests, unit.models = kept, models
        yield unit

    return Ports(desk, work)


def _accept(
    ports: Ports, number: int = 4, key: str = "key-0001", **changes: Any
) -> tuple[Accepted | AlreadyAccepted | ModelMovedOn, Request]:
    request = a_request(number, teacher_id=MAYA, school=SCHOOL, **changes)
    event = announcement(request, an_asker(), starter())
    return ports.desk.accept(request, event, key=key, digest=b"d" * 32), request


def test_an_accepted_request_comes_back_whole(ports: Ports) -> None:
    accepted, request = _accept(ports, windows=(a_window(1), a_window(2)))
    _, declined = _accept(ports, 5, "key-0002", topic="payroll")

    assert accepted == Accepted()
    with ports.work(str(MAYA)) as work:
        assert work.requests.of_teacher(MAYA, request.id) == request
        assert work.requests.of_teacher(MAYA, declined.id) == declined
        assert work.requests.of_teacher(NOOR, request.id) is None
        assert set(work.requests.latest(MAYA, 5)) == {request, declined}
        assert len(work.requests.latest(MAYA, 1)) == 1


def test_a_key_is_used_once_for_each_teacher(ports: Ports) -> None:
    _, request = _accept(ports)
    again, _ = _accept(ports, 5)
    assert again == AlreadyAccepted(request=request, digest=b"d" * 32)


def test_a_request_judged_by_another_model_is_not_stored(ports: Ports) -> None:
    answer, request = _accept(ports, model_version=7)
    assert answer == ModelMovedOn()
    with ports.work(str(MAYA)) as work:
        assert work.requests.of_teacher(MAYA, request.id) is None


def test_the_desk_knows_the_model_and_the_schools(ports: Ports) -> None:
    assert ports.desk.model_in_force().version == 1
    ports.desk.refresh()
    assert ports.desk.model_in_force().model == starter()
    assert ports.desk.school("tamarack") == SCHOOL
    assert ports.desk.school("nowhere") is None


def test_a_cancellation_compares_and_swaps(ports: Ports) -> None:
    _, request = _accept(ports)
    cancelled = request.cancelled(utc_now())
    with ports.work(str(MAYA)) as work:
        assert not work.requests.cancel(cancelled, expected_version=9)
        assert work.requests.cancel(cancelled, expected_version=1)
        assert not work.requests.cancel(cancelled, expected_version=1)
        found = work.requests.of_teacher(MAYA, request.id)
    assert (found.state, found.version) == (State.CANCELLED, 2)


def test_a_standing_is_kept(ports: Ports) -> None:
    _, request = _accept(ports)
    reason = Reason(code="no_time", sentence="Two coaches have no time.", count=2)
    told = replace(
        request,
        state=State.WAITING,
        standing=Standing(session=None, reasons=(reason,)),
        standing_version=3,
        notice_failed=True,
    )
    with ports.work(SYSTEM) as work:
        assert work.requests.locked([request.id, an_id(99)]) == {request.id: request}
        work.requests.save_standing([told])
        work.requests.save_standing([])
        assert work.requests.locked([request.id])[request.id] == told


def test_models_are_numbered(ports: Ports) -> None:
    with ports.work(SYSTEM) as work:
        assert work.models.newest() == 1


@pytest.fixture
def division(database: Database) -> SmallDivision:
    return SmallDivision(database)


def test_no_pooled_connection_carries_an_actor_over(division: SmallDivision) -> None:
    """Every connection of the pool is used as Maya, then looked at: it must be nobody's."""
    desk, engine = division.application.desk, division.engine
    request = a_request(4, teacher_id=MAYA, school=SCHOOL)
    desk.accept(
        request, announcement(request, an_asker(), starter()), key="key-0001", digest=b"d" * 32
    )
    size = engine.pool.size()  # type: ignore[attr-defined]
    together = threading.Barrier(size)

    def as_maya() -> None:
        with transaction(engine, str(MAYA)) as connection:
            together.wait(10)
            assert connection.scalar(text("SELECT count(*) FROM request_intake.request")) == 1

    threads = [threading.Thread(target=as_maya) for _ in range(size)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    for statements in (engine, desk.statements.engine):
        held = [statements.connect() for _ in range(size)]
        for connection in held:
            assert not connection.scalar(text("SELECT current_setting('app.actor', true)"))
            assert connection.scalar(text("SELECT count(*) FROM request_intake.request")) == 0
            connection.close()


def test_a_failed_transaction_leaves_no_actor_either(division: SmallDivision) -> None:
    with pytest.raises(DBAPIError), transaction(division.engine, str(MAYA)) as connection:
        connection.execute(text("SELECT 1 / 0"))
    with division.engine.connect() as connection:
        assert not connection.scalar(text("SELECT current_setting('app.actor', true)"))


def test_row_security_shows_a_teacher_her_requests_alone(division: SmallDivision) -> None:
    desk = division.application.desk
    for number, teacher in ((4, MAYA), (5, NOOR)):
        request = a_request(number, teacher_id=teacher, school=SCHOOL)
        desk.accept(
            request, announcement(request, an_asker(), starter()), key="key-0001", digest=b"d" * 32
        )
    for actor, seen in ((str(MAYA), 1), (str(NOOR), 1), (SYSTEM, 2), ("", 0), ("system:x", 0)):
        with transaction(division.engine, actor) as connection:
            count = connection.scalar(text("SELECT count(*) FROM request_intake.request"))
        assert count == seen, actor


def test_nobody_stores_a_request_in_anothers_name(division: SmallDivision) -> None:
    desk = division.application.desk
    desk._values_of = desk._values  # type: ignore[attr-defined]
    desk._values = lambda *given: {**desk._values_of(*given), "actor": str(NOOR)}  # type: ignore[attr-defined, method-assign]
    request = a_request(4, teacher_id=MAYA, school=SCHOOL)
    with pytest.raises(psycopg.Error, match="row-level security"):
        desk.accept(
            request, announcement(request, an_asker(), starter()), key="key-0001", digest=b"d" * 32
        )
    assert division.counts() == (0, 0, 0)


def test_the_app_role_owns_no_table(database: Database) -> None:
    owners = database.sql(
        "SELECT DISTINCT tableowner FROM pg_tables"
        " WHERE schemaname IN ('request_intake', 'bus', 'access')"
    )
    assert owners == [("remit_owner",)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE request_intake.model_version SET reason = 'x'",
        "DELETE FROM request_intake.model_version",
        "TRUNCATE request_intake.model_version CASCADE",
    ],
)
def test_a_published_model_never_changes_even_for_the_owner(
    division: SmallDivision, statement: str
) -> None:
    with pytest.raises(DBAPIError, match="never changed"):
        division.database.sql(statement)


@pytest.mark.parametrize(
    "change",
    [
        "state = 'booked'",
        "decision = 'maybe'",
        "words = ''",
        "topic = NULL",
        "coach_types = '{}'",
        "state = 'declined'",
        "meeting = 'moon'",
        "version = 0",
    ],
)
def test_the_database_refuses_an_incoherent_request(division: SmallDivision, change: str) -> None:
    desk = division.application.desk
    request = a_request(4, teacher_id=MAYA, school=SCHOOL)
    desk.accept(
        request, announcement(request, an_asker(), starter()), key="key-0001", digest=b"d" * 32
    )
    with pytest.raises(IntegrityError):
        division.database.sql(f"UPDATE request_intake.request SET {change}")


def test_connections_that_died_are_renewed_by_the_next_request(division: SmallDivision) -> None:
    client = division.client()
    assert client.get("/api/intake/v1/requests").status_code == 200

    division.database.server.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        f" WHERE datname = '{division.database.name}'"
    )

    assert (
        client.post(
            "/api/intake/v1/requests", json={"words": "fractions", "topic": "unit_planning"}
        ).status_code
        == 202
    )
