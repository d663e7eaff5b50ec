"""Who may see which notices, and who may have one sent again."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from services.notifier.bootstrap import Application, build
from services.notifier.config import Settings
from services.notifier.entrypoints.web import create_app
from shared.access import tokens
from shared.clock import utc_now
from shared.database.transaction import transaction
from shared.events import SessionScheduled
from shared.identity import new_id
from tests.support.notifier.builders import a_session
from tests.support.notifier.rig import CODE_KEY, PUBLIC_URL, SENDER, a_mailer, a_rig
from tests.support.postgres import Database
from tests.support.smtp import MailServer, mail_server

PREFIX = "/api/notifier/v1"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def application(database: Database, server: MailServer) -> Iterator[Application]:
    settings = Settings.from_env(
        {
            "REMIT_DATABASE_URL": database.url,
            "REMIT_SMTP_URL": server.url,
            "REMIT_MAIL_FROM": SENDER,
            "REMIT_SECRET_KEY": CODE_KEY,
            "REMIT_PUBLIC_URL": PUBLIC_URL,
        }
    )
    application = build(settings)
    yield application
    application.close()


@pytest.fixture
def client(application: Application) -> FlaskClient:
    return create_app(application).test_client()


@pytest.fixture
def session(database: Database, server: MailServer) -> SessionScheduled:
    session = a_session()
    with a_rig(database, a_mailer(server)) as rig:
        rig.told(session)
        rig.run()
    return session


def signed_in(database: Database, role: str, actor: UUID | None = None) -> dict[str, str]:
    """A request's headers for an actor in this role."""
    actor = actor or new_id()
    database.sql(
        "INSERT INTO access.actor (id, name, email) VALUES (:id, 'A', :email)",
        id=actor,
        email=f"{actor}@division.example",
    )
    database.sql(
        "INSERT INTO access.role (actor_id, role) VALUES (:id, :role)", id=actor, role=role
    )
    engine = database.engine("request_intake", pool_size=1)
    with transaction(engine, "system:test") as connection:
        token = tokens.issue(
            connection, actor_id=actor, role=role, expires_at=utc_now() + timedelta(hours=1)
        )
    return {"Authorization": f"Bearer {token}"}


def seen(client: FlaskClient, session: SessionScheduled, headers: dict[str, str]) -> list[str]:
    answer = client.get(f"{PREFIX}/notices?request_id={session.request_id}", headers=headers)
    assert answer.status_code == 200
    assert "@division" not in answer.text.replace(SENDER.partition("@")[2], "")
    return sorted(notice["part"] for notice in answer.json["notices"])


def test_a_teacher_sees_every_notice_of_her_request(
    database: Database, client: FlaskClient, session: SessionScheduled
) -> None:
    headers = signed_in(database, "teacher", session.teacher.id)
    assert seen(client, session, headers) == ["coach", "teacher"]


def test_a_coach_sees_only_the_notice_to_her(
    database: Database, client: FlaskClient, session: SessionScheduled
) -> None:
    assert seen(client, session, signed_in(database, "coach", session.coach.id)) == ["coach"]


def test_an_admin_sees_where_all_stand_and_anybody_else_nothing(
    database: Database, client: FlaskClient, session: SessionScheduled
) -> None:
    assert seen(client, session, signed_in(database, "admin")) == ["coach", "teacher"]
    for role in ("teacher", "coach", "leader"):
        assert seen(client, session, signed_in(database, role)) == []


def test_without_a_token_and_with_a_bad_question_the_answer_is_a_problem(
    database: Database, client: FlaskClient
) -> None:
    assert client.get(f"{PREFIX}/notices?request_id={new_id()}").status_code == 401
    headers = signed_in(database, "teacher")
    for query in ("", "?request_id=7", "?request_id=%00", f"?request_id={new_id()}&more=1"):
        answer = client.get(f"{PREFIX}/notices{query}", headers=headers)
        assert answer.status_code == 422, query
        assert answer.content_type == "application/problem+json"


def test_an_admin_has_a_settled_notice_sent_again_as_the_same_bytes(
    database: Database, client: FlaskClient, session: SessionScheduled, server: MailServer
) -> None:
    headers = signed_in(database, "admin")
    listed = client.get(f"{PREFIX}/notices?request_id={session.request_id}", headers=headers)
    notice = listed.json["notices"][0]["id"]
    teacher = signed_in(database, "teacher", session.teacher.id)
    assert client.post(f"{PREFIX}/notices/{notice}/resend", headers=teacher).status_code == 404
    assert client.post(f"{PREFIX}/notices/{notice}/resend", headers=headers).status_code == 202
    with a_rig(database, a_mailer(server)) as rig:
        rig.run()
    assert len(server.received) == 3
    assert len({letter.content for letter in server.received}) == 2


def test_row_security_shows_nobody_a_strangers_notice(
    database: Database, session: SessionScheduled
) -> None:
    from sqlalchemy import text

    engine = database.engine("notifier", pool_size=1)
    count = text("SELECT count(*) FROM notifier.notice")
    for actor, expected in ((str(session.teacher.id), 2), (str(session.coach.id), 1), ("", 0)):
        with transaction(engine, actor) as connection:
            assert connection.scalar(count) == expected


def test_health_answers(client: FlaskClient) -> None:
    assert client.get(f"{PREFIX}/health").json == {"status": "ready"}
