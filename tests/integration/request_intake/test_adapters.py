"""The adapters keep what the ports promise, and the fakes of the tests promise the same."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from services.request_intake.adapters import front_desk
from services.request_intake.adapters.drafts import SqlDrafts
from services.request_intake.adapters.unit_of_work import SqlWork
from services.request_intake.domain.model_draft import ModelDraft
from services.request_intake.domain.request import STRANGER, Asker, Request
from services.request_intake.domain.standing import Standing, State
from services.request_intake.handlers.publishing import Publication, publish_model
from services.request_intake.handlers.submitting import announcement
from services.request_intake.ports import (
    Accepted,
    AlreadyAccepted,
    Answer,
    ByPerson,
    ByToken,
    Draft,
    Drafts,
    FrontDesk,
    ModelMovedOn,
    Nobody,
    NoSchool,
    Work,
)
from shared.clock import utc_now
from shared.database.transaction import transaction
from shared.events import Event
from shared.events.vocabulary import Person, Reason, School
from shared.messaging.envelope import unseal
from tests.support.events import an_id
from tests.support.postgres import Database
from tests.support.request_intake.builders import (
    a_request,
    a_window,
    starter,
    starter_document,
)
from tests.support.request_intake.division import (
    MAYA,
    NOOR,
    OFFICE,
    OTHER_SCHOOL_ID,
    SCHOOL_ID,
    SYSTEM,
    SmallDivision,
)
from tests.support.request_intake.fakes import (
    FakeDrafts,
    FakeFrontDesk,
    FakeModels,
    FakeRequests,
    FakeWork,
)

SCHOOL = School(id=SCHOOL_ID, name="Tamarack School")


def _asker(id_: UUID, name: str, role: str, school: School | None, room: str) -> Asker:
    email = f"{name.replace(' ', '.').lower()}@larches.example.org"
    person = Person(id=id_, name=name, email=email, language="en")
    return Asker(person=person, role=role, school=school, room=room)


BIRCH = School(id=OTHER_SCHOOL_ID, name="Birch School")
MAYA_ASKS = _asker(MAYA, "Maya Okafor", "teacher", SCHOOL, "12")
NOOR_ASKS = _asker(NOOR, "Noor Haddad", "teacher", BIRCH, "")
OFFICE_ASKS = _asker(OFFICE, "Ada Brandt", "admin", None, "")


@dataclass
class Ports:
    """One implementation of the ports: a desk, and units of work of any actor over what it stored."""

    desk: FrontDesk
    work: Callable[[str], AbstractContextManager[Work]]
    told: Callable[[], list[Event]]


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

    def told() -> list[Event]:
        rows = division.database.sql(
            "SELECT name, schema_version, body ->> 'data' FROM bus.event WHERE name LIKE 'request.%' ORDER BY id"
        )
        return [unseal(str(name), int(str(version)), str(data)) for name, version, data in rows]

    return Ports(division.application.desk, work, told)


def _fakes() -> Ports:
    desk = FakeFrontDesk({"tamarack": SCHOOL}, MAYA_ASKS, NOOR_ASKS, OFFICE_ASKS)
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

    return Ports(desk, work, lambda: desk.events)


def _draft(number: int = 4, key: str = "key-0001", **changes: Any) -> tuple[Draft, Request]:
    """A draft of an ask that leaves school and room to its asker, and Maya's request of it."""
    request = a_request(number, teacher_id=MAYA, school=SCHOOL, **changes)
    strangers = replace(
        request, teacher_id=STRANGER.person.id, school=STRANGER.school, room=STRANGER.room
    )
    event = announcement(strangers, STRANGER, starter())
    hers = frozenset({"school", "room"})
    return Draft(request=strangers, event=event, hers=hers, key=key, digest=b"d" * 32), request


def _accept(
    ports: Ports, number: int = 4, key: str = "key-0001", **changes: Any
) -> tuple[Answer, Request]:
    draft, request = _draft(number, key, **changes)
    return ports.desk.accept(draft, ByPerson(MAYA)), request


def test_an_accepted_request_comes_back_whole(ports: Ports) -> None:
    accepted, request = _accept(ports, windows=(a_window(1), a_window(2)))
    _, declined = _accept(ports, 5, "key-0002", topic="payroll")

    assert accepted == Accepted(asker=MAYA_ASKS)
    with ports.work(str(MAYA)) as work:
        assert work.requests.of_teacher(MAYA, request.id) == request
        assert work.requests.of_teacher(MAYA, declined.id) == declined
        assert work.requests.of_teacher(NOOR, request.id) is None
        assert set(work.requests.latest(MAYA, 5)) == {request, declined}
        assert len(work.requests.latest(MAYA, 1)) == 1


@pytest.mark.parametrize("ask", [{}, {"topic": "payroll"}, {"topic": None}])
def test_what_is_told_is_hers_as_if_it_had_been_known_who_asks(
    ports: Ports, ask: dict[str, Any]
) -> None:
    _, request = _accept(ports, **ask)
    assert ports.told() == [announcement(request, MAYA_ASKS, starter())]


def test_a_school_and_a_room_of_the_ask_win(ports: Ports) -> None:
    draft, request = _draft()
    elsewhere = replace(draft.request, school=SCHOOL, room="gym")
    told = replace(draft.event, school=SCHOOL, room="gym")  # type: ignore[call-arg]
    draft = replace(draft, request=elsewhere, event=told, hers=frozenset())
    assert ports.desk.accept(draft, ByPerson(NOOR)) == Accepted(asker=NOOR_ASKS)
    with ports.work(str(NOOR)) as work:
        found = work.requests.of_teacher(NOOR, request.id)
    assert found
    assert (found.school, found.room) == (SCHOOL, "gym")
    assert ports.told() == [announcement(found, NOOR_ASKS, starter())]


def test_nobody_and_the_schoolless_store_nothing(ports: Ports) -> None:
    draft, _ = _draft()
    assert ports.desk.accept(draft, ByPerson(an_id(98))) == Nobody()
    assert ports.desk.accept(draft, ByToken(b"?" * 32)) == Nobody()
    assert ports.desk.accept(draft, ByPerson(OFFICE)) == NoSchool()
    assert ports.told() == []


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
    desk.accept(_draft()[0], ByPerson(MAYA))
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
        desk.accept(_draft(number)[0], ByPerson(teacher))
    for actor, seen in ((str(MAYA), 1), (str(NOOR), 1), (SYSTEM, 2), ("", 0), ("system:x", 0)):
        with transaction(division.engine, actor) as connection:
            count = connection.scalar(text("SELECT count(*) FROM request_intake.request"))
        assert count == seen, actor


def test_nobody_stores_a_request_in_anothers_name(
    division: SmallDivision, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The statement with its actor bent: the second wall holds by itself."""
    bent = front_desk._ACCEPT_BY_PERSON.replace("asker.asker_id::text, true", f"'{NOOR}', true")
    assert str(NOOR) in bent
    monkeypatch.setattr(front_desk, "_ACCEPT_BY_PERSON", bent)
    with pytest.raises(psycopg.Error, match="row-level security"):
        division.application.desk.accept(_draft()[0], ByPerson(MAYA))
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
    desk.accept(_draft()[0], ByPerson(MAYA))
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


@pytest.fixture(params=["fake", "sql"])
def drafts(request: pytest.FixtureRequest, database: Database) -> Iterator[Drafts]:
    if request.param == "fake":
        yield FakeDrafts()
        return
    division = SmallDivision(database)
    with transaction(division.engine, SYSTEM) as connection:
        yield SqlDrafts(connection)


def test_a_draft_is_begun_once_and_changed_only_as_it_was_seen(drafts: Drafts) -> None:
    first = ModelDraft(
        document=starter_document(), revision=1, based_on=1, changed_by="a", changed_at=utc_now()
    )
    assert drafts.current() is None
    assert drafts.begin(first)
    assert not drafts.begin(first)
    second = first.changed({**first.document, "promise": "Another."}, "b", utc_now())
    assert drafts.save(second, 1)
    assert not drafts.save(second, 1)
    found = drafts.current()
    assert found is not None
    assert (found.revision, found.document["promise"], found.changed_by) == (2, "Another.", "b")
    assert not drafts.discard(1)
    assert drafts.discard(2)
    assert drafts.current() is None
