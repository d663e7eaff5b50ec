"""Web sessions: in one role, over at once when ended, idle, old, disabled, or without the role."""

from uuid import UUID, uuid4

import pytest

from shared.access import web_sessions as sessions
from shared.access.actors import Actor
from shared.database.transaction import transaction
from tests.support.postgres import Database


@pytest.fixture
def person(database: Database) -> UUID:
    id_ = uuid4()
    database.sql(
        "INSERT INTO access.actor (id, name, email) VALUES (:id, 'A', :email)",
        id=id_,
        email=f"{id_}@example.org",
    )
    database.sql(
        "INSERT INTO access.role (actor_id, role) VALUES (:id, 'teacher'), (:id, 'admin')", id=id_
    )
    return id_


def begun(database: Database, person: UUID, role: str = "admin") -> str | None:
    with transaction(database.engine("request_intake"), "system:test") as connection:
        return sessions.begin(connection, actor_id=person, role=role)


def who(database: Database, secret: str | None, service: str = "request_intake") -> Actor | None:
    assert secret
    with transaction(database.engine(service), "system:test") as connection:
        return sessions.sitting(connection, secret)


def test_every_service_knows_who_sits_there_and_in_which_role(
    database: Database, person: UUID
) -> None:
    secret = begun(database, person)
    for service in ("request_intake", "scheduler", "notifier"):
        assert who(database, secret, service) == Actor(id=person, role="admin")


def test_two_roles_are_two_sessions(database: Database, person: UUID) -> None:
    assert who(database, begun(database, person, "teacher")) == Actor(id=person, role="teacher")


def test_a_role_that_she_does_not_have_opens_nothing(database: Database, person: UUID) -> None:
    assert begun(database, person, "coach") is None


@pytest.mark.parametrize(
    "over",
    [
        "UPDATE access.actor SET disabled_at = now() WHERE id = :id",
        "DELETE FROM access.role WHERE actor_id = :id AND role = 'admin'",
        "UPDATE access.session SET seen_at = now() - interval '13 h' WHERE actor_id = :id",
        "UPDATE access.session SET created_at = now() - interval '15 d' WHERE actor_id = :id",
    ],
)
def test_a_session_is_over_at_its_next_request(database: Database, person: UUID, over: str) -> None:
    secret = begun(database, person)
    database.sql(over, id=person)
    for service in ("request_intake", "scheduler", "notifier"):
        assert who(database, secret, service) is None


def test_a_disabled_person_can_not_begin_one(database: Database, person: UUID) -> None:
    database.sql("UPDATE access.actor SET disabled_at = now() WHERE id = :id", id=person)
    assert begun(database, person) is None


def test_an_ended_session_is_over_and_forgotten(database: Database, person: UUID) -> None:
    secret = begun(database, person)
    assert secret
    with transaction(database.engine("request_intake"), "system:test") as connection:
        sessions.end(connection, secret)
        assert sessions.sitting(connection, secret) is None
        assert sessions.forget_ended(connection) >= 1


def test_being_seen_keeps_it_from_growing_idle(database: Database, person: UUID) -> None:
    secret = begun(database, person)
    database.sql(
        "UPDATE access.session SET seen_at = now() - interval '11 h' WHERE actor_id = :id",
        id=person,
    )
    assert who(database, secret, "scheduler")
    idle = database.sql(
        "SELECT now() - seen_at < interval '1 minute' FROM access.session WHERE actor_id = :id",
        id=person,
    )
    assert idle[0][0]
