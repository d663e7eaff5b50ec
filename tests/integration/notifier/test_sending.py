"""What the mail server answers, and what becomes of the notices: on a real database and server."""

from collections.abc import Iterator
from contextlib import suppress
from threading import Thread

import pytest
from sqlalchemy.exc import OperationalError

from tests.support.notifier.builders import (
    a_person,
    a_review,
    a_session,
    a_wait,
    an_overdue_review,
    its_cancellation,
)
from tests.support.notifier.rig import Rig, a_mailer, a_rig
from tests.support.postgres import Database
from tests.support.smtp import DROP, MailServer, Script, mail_server
from tests.support.waiting import until


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def rig(database: Database, server: MailServer) -> Iterator[Rig]:
    mailer = a_mailer(server)
    with a_rig(database, mailer) as running:
        yield running


def test_a_scheduled_session_reaches_teacher_and_coach_once(rig: Rig, server: MailServer) -> None:
    session = a_session()
    rig.told(session)
    rig.told(session)
    rig.run()
    assert sorted(letter.readers for letter in server.received) == sorted(
        [(session.teacher.email,), (session.coach.email,)]
    )
    assert set(rig.states().values()) == {"sent"}
    assert server.connections == 1


def test_a_cancellation_heard_first_leaves_no_orphan(rig: Rig, server: MailServer) -> None:
    session = a_session()
    rig.told(its_cancellation(session))
    rig.run()
    rig.told(session)
    rig.run()
    assert server.received == []
    assert rig.states() == {}


def test_a_cancellation_of_a_queued_invitation_sends_neither(rig: Rig, server: MailServer) -> None:
    server.script.sender = lambda _: "451 later"
    session = a_session()
    rig.told(session)
    rig.run()
    server.script.sender = lambda _: "250 OK"
    rig.told(its_cancellation(session))
    rig.make_due()
    rig.run()
    assert server.received == []
    assert set(rig.states().values()) == {"superseded"}


def test_a_cancellation_of_a_sent_invitation_is_sent(rig: Rig, server: MailServer) -> None:
    session = a_session()
    rig.told(session)
    rig.run()
    rig.told(its_cancellation(session))
    rig.run()
    assert len(server.received) == 4
    assert set(rig.states().values()) == {"sent"}


def test_a_notice_that_one_waits_is_pointless_once_a_session_is_found(
    rig: Rig, server: MailServer
) -> None:
    server.script.reader = lambda _: "451 greylisted"
    wait = a_wait()
    rig.told(wait)
    rig.run()
    server.script.reader = lambda _: "250 OK"
    rig.told(a_session(wait.request_id, version=2, teacher=wait.teacher))
    rig.make_due()
    rig.run()
    assert rig.states()["waiting", "teacher"] == "superseded"
    assert len(server.received) == 2


def test_greylisted_three_times_it_is_delivered_on_the_fourth(rig: Rig, server: MailServer) -> None:
    tries = iter(["451 not yet", "451 not yet", "450 not yet"])
    server.script.reader = lambda _: next(tries, "250 OK")
    rig.told(a_wait())
    for _ in range(4):
        rig.run()
        rig.make_due()
    assert len(server.received) == 1
    assert rig.states() == {("waiting", "teacher"): "sent"}


def test_a_refused_reader_fails_at_once_and_is_told_to_intake(rig: Rig, server: MailServer) -> None:
    server.script.reader = lambda address: f"550 no such user <{address}>"
    rig.told(a_wait())
    rig.run()
    rig.make_due()
    rig.run()
    assert len(server.readers_named) == 1
    [row] = rig.database.sql("SELECT state, failure, smtp_code, smtp_reply FROM notifier.notice")
    assert tuple(row)[:3] == ("failed", "refused", 550)
    assert "@" not in str(row.smtp_reply)
    assert rig.database.sql("SELECT subscriber FROM bus.delivery WHERE name = 'notice.failed'") == [
        ("request_intake",)
    ]


def test_an_unusable_address_fails_without_any_server(rig: Rig, server: MailServer) -> None:
    rig.told(a_wait(teacher=a_person(email="teacher@div.example, evil@x.example")))
    rig.run()
    assert server.readers_named == []
    assert rig.states() == {("waiting", "teacher"): "failed"}


@pytest.mark.parametrize("taken", [True, False])
def test_a_line_dropped_after_the_letter_means_one_more_copy_and_no_third(
    rig: Rig, server: MailServer, taken: bool
) -> None:
    server.script.letter = lambda _: DROP
    server.script.take_before_drop = taken
    rig.told(a_wait())
    for _ in range(4):
        rig.run()
        rig.make_due()
    assert len(server.offered) == 2
    assert len({letter.content for letter in server.offered}) == 1
    [row] = rig.database.sql("SELECT state, failure, next_at FROM notifier.notice")
    assert tuple(row) == ("unknown", "delivery_unknown", None)


def test_a_line_dropped_before_the_letter_is_only_tried_again(rig: Rig, server: MailServer) -> None:
    server.script.reader = lambda _: DROP
    rig.told(a_wait())
    rig.run()
    server.script.reader = lambda _: "250 OK"
    rig.make_due()
    rig.run()
    assert len(server.received) == 1
    [row] = rig.database.sql("SELECT state, doubts FROM notifier.notice")
    assert tuple(row) == ("sent", 0)


def test_a_server_that_ends_the_conversation_is_called_again(rig: Rig, server: MailServer) -> None:
    rig.told(a_wait())
    rig.run()
    busy = iter(["421 too many letters on this line"])
    server.script.sender = lambda _: next(busy, "250 OK")
    rig.told(a_wait())
    rig.run()
    assert len(server.received) == 2
    assert server.connections == 2


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_a_refused_sign_in_holds_all_mail_and_fails_none(database: Database) -> None:
    with mail_server(Script(password="right")) as server:
        with a_rig(database, a_mailer(server, user="remit:wrong@")) as rig:
            rig.told(*[a_wait() for _ in range(30)])
            rig.run()
            rig.make_due()
            rig.run()
        assert database.sql("SELECT reason, smtp_code FROM notifier.hold") == [
            ("misconfigured", 535)
        ]
        assert database.sql(
            "SELECT count(*), max(attempts) FROM notifier.notice WHERE state IN ('queued', 'retry')"
        ) == [(30, 0)]
        with a_rig(database, a_mailer(server, user="remit:right@")) as rig:
            rig.make_due()
            rig.run()
        assert len(server.received) == 30
        assert database.sql("SELECT * FROM notifier.hold") == []


def test_a_server_that_is_away_holds_all_mail_until_it_is_back(database: Database) -> None:
    with mail_server() as server:
        port = server.port
        mailer = a_mailer(server)
    with a_rig(database, mailer) as rig:
        rig.told(*[a_wait() for _ in range(5)])
        rig.run()
        assert database.sql("SELECT reason FROM notifier.hold") == [("server_away",)]
        with mail_server(port=port) as server:
            rig.make_due()
            rig.run()
            assert len(server.received) == 5


def test_what_waited_two_days_for_a_server_is_given_up_and_said(database: Database) -> None:
    with mail_server() as server:
        mailer = a_mailer(server)
    with a_rig(database, mailer) as rig:
        rig.told(a_wait())
        rig.run()
        database.sql("UPDATE notifier.notice SET queued_at = now() - interval '49 hours'")
        rig.make_due()
        rig.run()
        assert database.sql("SELECT state, failure FROM notifier.notice") == [("failed", "gave_up")]
        assert len(database.sql("SELECT * FROM bus.event WHERE name = 'notice.failed'")) == 1


def test_a_server_that_hides_starttls_gets_no_letter(
    database: Database, server: MailServer
) -> None:
    with a_rig(database, a_mailer(server, guard="starttls")) as rig:
        rig.told(a_wait())
        rig.run()
        assert server.offered == []
        assert database.sql("SELECT reason FROM notifier.hold") == [("misconfigured",)]


def test_a_slow_server_is_waited_for_under_a_renewed_lease_and_gets_one_copy(
    database: Database,
) -> None:
    left: list[float] = []

    def note_the_lease(_number: int) -> str:
        [row] = database.sql(
            "UPDATE notifier.notice SET lease_until = now() + interval '12 s'"
            " RETURNING extract(epoch FROM lease_until - now())"
        )
        left.append(float(str(row[0])))
        return "250 OK"

    with mail_server(Script(letter=note_the_lease, wait_before_answer=6.0)) as server:
        with a_rig(database, a_mailer(server, command_seconds=1.0)) as rig:
            rig.told(a_wait())
            sending = Thread(target=rig.run)
            sending.start()
            until(lambda: left)
            renewed = "SELECT extract(epoch FROM lease_until - now()) FROM notifier.notice"
            until(lambda: float(str(database.sql(renewed)[0][0])) > left[0], limit=10)
            sending.join()
            assert rig.states() == {("waiting", "teacher"): "sent"}
        assert len(server.received) == 1


def test_a_database_that_drops_us_after_the_servers_yes_makes_no_second_copy(
    database: Database,
) -> None:
    def drop_every_session(_number: int) -> str:
        database.server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            f" WHERE datname = '{database.name}' AND application_name = 'remit_notifier'"
        )
        return "250 OK"

    with mail_server(Script(letter=drop_every_session)) as server:
        with a_rig(database, a_mailer(server)) as rig:
            rig.told(*[a_wait() for _ in range(3)])
            for _ in range(4):
                with suppress(
                    OperationalError
                ):  # a drain may end with its database; the next goes on
                    rig.run()
            assert rig.states() == {("waiting", "teacher"): "sent"}
        assert len(server.received) == 3


def test_a_sender_that_died_after_250_makes_exactly_one_identical_second_copy(
    rig: Rig, server: MailServer
) -> None:
    rig.told(a_session())
    rig.run()
    rig.database.sql(
        "UPDATE notifier.notice SET state = 'sending', sent_at = NULL, settled_at = NULL,"
        " may_be_out = false, lease_id = gen_random_uuid(), lease_until = now() - interval '1 s'"
    )
    for _ in range(3):
        rig.run()
        rig.make_due()
    assert len(server.received) == 4
    assert len({letter.content for letter in server.received}) == 2
    assert set(rig.states().values()) == {"sent"}


def test_an_overdue_review_reaches_every_admin_once_though_the_request_is_no_news(
    rig: Rig, server: MailServer
) -> None:
    review = a_review(version=3)
    overdue = an_overdue_review(review.request_id, version=3)
    for event in (review, overdue, overdue):
        rig.told(event)
        rig.run()
    told = [letter.readers for letter in server.received]
    expected = [review.teacher.email, *(admin.email for admin in overdue.admins)]
    assert sorted(told) == sorted((email,) for email in expected)
    assert set(rig.states().values()) == {"sent"}
