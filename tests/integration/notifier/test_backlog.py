"""What lay while the notifier rested is told as it stands now, kind by kind, and nothing stale is asked."""

from collections.abc import Iterator

import pytest

from services.notifier.adapters.ledger import PostgresLedger
from shared.database.transaction import transaction
from shared.events import Event, SessionReleased, SessionScheduled
from tests.support.notifier.builders import (
    a_person,
    a_session,
    a_wait,
    its_handing_over,
    its_release,
)
from tests.support.notifier.rig import Rig, a_mailer, a_rig
from tests.support.postgres import Database
from tests.support.smtp import mail_server


@pytest.fixture
def rig(database: Database) -> Iterator[Rig]:
    with mail_server() as server, a_rig(database, a_mailer(server)) as running:
        yield running


def a_loss(rig: Rig) -> tuple[SessionScheduled, SessionReleased]:
    """A session that both were told of, and its falling away, of which nobody was told yet."""
    session = a_session()
    rig.told(session)
    rig.run()
    return session, its_release(session)


def again(session: SessionScheduled, released: SessionReleased) -> SessionScheduled:
    """The time that its teacher said yes to since."""
    people = {"teacher": session.teacher, "coach": session.coach}
    return a_session(session.request_id, version=released.version + 1, **people)


def kinds(rig: Rig, version: int) -> list[tuple[str, str]]:
    """Kind and part of what was told of a version."""
    rows = rig.database.sql(
        f"SELECT kind, part FROM notifier.notice WHERE version = {version} ORDER BY part, kind"
    )
    return [(str(row.kind), str(row.part)) for row in rows]


def test_who_has_answered_since_is_told_that_the_time_is_off_and_not_asked(rig: Rig) -> None:
    session, released = a_loss(rig)
    newer = again(session, released)
    rig.told(released)
    rig.told(newer)
    rig.run()
    assert kinds(rig, released.version) == [("cancellation", "coach"), ("cancellation", "teacher")]
    assert kinds(rig, newer.version) == [("invitation", "coach"), ("invitation", "teacher")]
    assert set(rig.states_of_all()) == {"sent"}


def test_who_has_not_is_asked(rig: Rig) -> None:
    _session, released = a_loss(rig)
    rig.told(released)
    rig.run()
    assert kinds(rig, released.version) == [("cancellation", "coach"), ("release", "teacher")]


def test_only_a_newer_word_about_the_request_itself_overtakes(rig: Rig) -> None:
    session, released = a_loss(rig)
    older = a_wait(session.request_id, version=session.version, teacher=session.teacher)
    of_a_coach = its_handing_over(session, a_person("Bo Ek"), version=released.version + 1)
    other = a_session(version=released.version + 1)

    def overtaken(*events: Event) -> bool:
        rig.told(*events)
        with transaction(rig.drain.engine, "system:notifier") as connection:
            return bool(PostgresLedger(connection).overtaken([released]))

    assert not overtaken(older, of_a_coach, other)
    assert overtaken(again(session, released))
    rig.run()
    with transaction(rig.drain.engine, "system:notifier") as connection:
        assert PostgresLedger(connection).overtaken([]) == frozenset()
