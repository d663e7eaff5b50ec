from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from shared.access import tokens
from shared.clock import utc_now
from shared.database.migrate import check_all
from shared.database.transaction import transaction
from tests.support.postgres import HISTORIES, Database


def test_every_schema_is_as_its_tables_declare(database: Database) -> None:
    check_all(database.owner_url, HISTORIES)


def test_a_service_role_owns_no_table(database: Database) -> None:
    owners = database.sql(
        "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname IN"
        " ('bus', 'access', 'request_intake', 'scheduler', 'notifier')"
    )
    assert [row[0] for row in owners] == ["remit_owner"]


def test_the_actor_is_gone_when_its_transaction_ends(database: Database) -> None:
    engine = database.engine("scheduler", pool_size=1)
    with transaction(engine, "somebody") as connection:
        assert connection.scalar(text("SELECT current_setting('app.actor')")) == "somebody"
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT current_setting('app.actor', true)")) in ("", None)


def test_a_service_can_not_read_anothers_tables(database: Database) -> None:
    schemas = {"request_intake", "scheduler", "notifier"}
    for service in schemas:
        seen = database.sql(
            "SELECT nspname FROM pg_namespace WHERE has_schema_privilege(:role, oid, 'USAGE')"
            " AND nspname = ANY(:schemas)",
            role=f"remit_{service}",
            schemas=list(schemas),
        )
        assert {row[0] for row in seen} <= {service}


def test_only_intake_writes_who_is_signed_in(database: Database) -> None:
    engine = database.engine("notifier")
    with pytest.raises(ProgrammingError, match="permission denied"), engine.begin() as connection:
        connection.execute(text("DELETE FROM access.token"))


def test_a_token_ends_when_its_actor_is_disabled_or_it_is_revoked(database: Database) -> None:
    engine = database.engine("request_intake")
    actor = uuid4()
    database.sql(
        "INSERT INTO access.actor (id, name, email) VALUES (:id, 'A', 'a@example.org')", id=actor
    )
    database.sql("INSERT INTO access.role (actor_id, role) VALUES (:id, 'teacher')", id=actor)
    with transaction(engine, "system:test") as connection:
        token = tokens.issue(
            connection, actor_id=actor, role="teacher", expires_at=utc_now() + timedelta(hours=1)
        )
        found = tokens.actor_of(connection, token)
        assert found is not None
        assert (found.id, found.role) == (actor, "teacher")
        assert tokens.actor_of(connection, token + "x") is None
    database.sql("UPDATE access.actor SET disabled_at = now() WHERE id = :id", id=actor)
    with transaction(engine, "system:test") as connection:
        assert tokens.actor_of(connection, token) is None
