"""What the database itself keeps, and what it tells the ringer."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.support.notifier.builders import a_wait
from tests.support.notifier.rig import Rig, a_mailer, a_rig
from tests.support.postgres import Database
from tests.support.smtp import MailServer, mail_server

DUE = "SELECT count(*) FROM notifier.due_work WHERE due_at <= now()"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def rig(database: Database, server: MailServer) -> Iterator[Rig]:
    server.script.sender = lambda _: "451 later"
    with a_rig(database, a_mailer(server)) as running:
        running.told(a_wait())
        running.run()
        yield running


@pytest.mark.parametrize(
    "change",
    [
        "mime = 'other'",
        "message_id = '<other@division.example>'",
        "dated_at = now()",
        "state = 'sent'",
        "state = 'sending'",
        "state = 'lost'",
        "state = 'unknown'",
        "state = 'superseded', next_at = NULL, settled_at = now()",
        "doubts = 3",
        "smtp_reply = 'no such user ana@division.example'",
        "kind = 'rumour'",
    ],
)
def test_a_row_that_breaks_the_rules_is_refused(rig: Rig, change: str) -> None:
    with pytest.raises(DBAPIError):
        rig.database.sql(f"UPDATE notifier.notice SET {change}")


def test_the_same_notice_is_not_stored_twice(rig: Rig) -> None:
    with pytest.raises(DBAPIError, match="notice_request_id_version_recipient_id_kind_key"):
        rig.database.sql(
            "INSERT INTO notifier.notice (id, request_id, teacher_id, recipient_id, part, address,"
            " kind, version, message_id, dated_at, mime) SELECT gen_random_uuid(), request_id,"
            " teacher_id, recipient_id, part, address, kind, version, '<2@x.example>', now(), mime"
            " FROM notifier.notice"
        )


def due(rig: Rig) -> int:
    return int(str(rig.database.sql(DUE)[0][0]))


def test_what_is_due_is_seen_and_what_waits_or_is_in_hand_is_not(rig: Rig) -> None:
    assert due(rig) == 0
    rig.make_due()
    assert due(rig) == 1
    rig.database.sql("UPDATE notifier.notice SET lease_until = now() + interval '20 s'")
    assert due(rig) == 0
    rig.database.sql("UPDATE notifier.notice SET lease_until = now() - interval '1 s'")
    assert due(rig) == 1


def test_a_letter_whose_sender_died_is_due_when_its_lease_is_over(rig: Rig) -> None:
    rig.database.sql(
        "UPDATE notifier.notice SET state = 'sending', lease_id = gen_random_uuid(),"
        " lease_until = now() - interval '1 s', next_at = NULL"
    )
    assert due(rig) == 1


def test_while_mail_is_held_only_the_next_probe_is_due(rig: Rig) -> None:
    rig.make_due()
    rig.database.sql(
        "INSERT INTO notifier.hold (reason, failures, ask_again_at)"
        " VALUES ('server_away', 1, now() + interval '1 hour')"
    )
    assert due(rig) == 0
    rig.database.sql("UPDATE notifier.hold SET ask_again_at = now()")
    assert due(rig) == 1


def test_a_long_queue_that_somebody_works_on_is_not_overdue(rig: Rig) -> None:
    rig.told(a_wait())
    rig.run()
    rig.database.sql("UPDATE notifier.notice SET next_at = now() - interval '1 hour'")
    age = "SELECT extract(epoch FROM now() - min(due_at)) FROM notifier.due_work"
    assert float(str(rig.database.sql(age)[0][0])) >= 3_600
    rig.database.sql(
        "UPDATE notifier.notice SET lease_until = now() + interval '20 s'"
        " WHERE id = (SELECT max(id::text)::uuid FROM notifier.notice)"
    )
    assert float(str(rig.database.sql(age)[0][0])) == 0


def test_the_ringer_may_see_that_mail_is_due_and_no_more(rig: Rig) -> None:
    for table, allowed in (("due_work", True), ("notice", False), ("heard", False)):
        [row] = rig.database.sql(
            f"SELECT has_table_privilege('remit_ringer', 'notifier.{table}', 'SELECT')"
        )
        assert row[0] is allowed


def test_letters_are_forgotten_a_month_after_they_were_settled(
    rig: Rig, server: MailServer
) -> None:
    server.script.sender = lambda _: "250 OK"
    rig.make_due()
    rig.run()
    rig.database.sql("UPDATE bus.timer SET due_at = now() WHERE name = 'forget_letters'")
    rig.run()
    assert rig.database.sql("SELECT mime IS NULL FROM notifier.notice") == [(False,)]
    rig.database.sql("UPDATE notifier.notice SET settled_at = now() - interval '31 days'")
    rig.database.sql("UPDATE bus.timer SET due_at = now() WHERE name = 'forget_letters'")
    rig.run()
    assert rig.database.sql("SELECT mime IS NULL FROM notifier.notice") == [(True,)]


def test_a_claim_reads_the_queue_by_its_index_however_long_it_is(rig: Rig) -> None:
    from services.notifier.adapters import sending_sql
    from services.notifier.adapters.post_office import for_senders
    from shared.identity import new_id

    engine = for_senders(rig.database.engine("notifier", pool_size=1))
    with engine.connect() as connection:
        statement = text(f"EXPLAIN {sending_sql.CLAIM.text}")
        rows = connection.execute(statement, {"lease": new_id(), "most": 100})
        plan = "\n".join(str(row[0]) for row in rows)
    assert "Index Scan using notice_due_idx" in plan
    assert "Sort" not in plan
