"""The ledger in memory and the one in PostgreSQL keep the same promises, story by story."""

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from services.notifier.adapters.ledger import PostgresLedger
from services.notifier.domain.announcements import Told
from services.notifier.domain.notice import State
from services.notifier.handlers.telling import tell
from shared.database.transaction import transaction
from shared.events.vocabulary import Person
from shared.identity import new_id
from tests.support.notifier.builders import (
    a_decline,
    a_person,
    a_review,
    a_session,
    a_wait,
    its_cancellation,
    its_release,
)
from tests.support.notifier.fakes import FakeLedger, FakeWriter
from tests.support.postgres import Database

WRITER = FakeWriter()
_SETTLED = text(
    "UPDATE notifier.notice SET state = 'sent', sent_at = now(), settled_at = now(),"
    " may_be_out = true, next_at = NULL WHERE state = 'queued' AND request_id = :request"
)
_SENDING = text(
    "UPDATE notifier.notice SET state = 'sending', lease_id = gen_random_uuid(),"
    " lease_until = now() WHERE state = 'queued' AND request_id = :request"
)
_TOLD = text(
    "SELECT kind, part, session_id, version, state, overtaken FROM notifier.notice"
    " WHERE request_id = :request"
)


def a_story(teacher: Person, coach: Person) -> list[Told]:
    """All that may ever be said of one request, in the order in which it happens."""
    request = new_id()
    people = {"teacher": teacher, "coach": coach}
    first = a_session(request, version=2, **people)
    moved = a_session(request, version=3, sequence=1, session_id=first.session_id, **people)
    return [
        a_review(request, version=1, teacher=teacher),
        a_wait(request, version=1, teacher=teacher),
        first,
        moved,
        its_cancellation(moved, version=4),
        a_session(request, version=5, **people),
        a_decline(request_id=request, version=2, teacher=teacher),
        its_release(moved, version=4),
    ]


STEPS = st.lists(
    st.tuples(st.integers(0, 7), st.sampled_from(["nothing", "sent", "sending"])), max_size=9
)


@pytest.fixture
def engine(database: Database):  # noqa: ANN201
    return database.engine("notifier", pool_size=1)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_both_ledgers_end_every_story_alike(engine, steps: Sequence[tuple[int, str]]) -> None:  # noqa: ANN001
    story = a_story(a_person(), a_person("Dana Cole"))
    request = story[0].request_id
    fake = FakeLedger()
    for number, then in steps:
        event = story[number]
        tell(fake, WRITER, [event, event])
        with transaction(engine, "system:notifier") as connection:
            tell(PostgresLedger(connection), WRITER, [event, event])
            if then != "nothing":
                statement = _SETTLED if then == "sent" else _SENDING
                connection.execute(statement, {"request": request})
        for entry in fake.entries:
            if then != "nothing" and entry.state is State.QUEUED:
                entry.state = State(then)
    with transaction(engine, "system:notifier") as connection:
        rows = connection.execute(_TOLD, {"request": request}).all()
    assert sorted(map(str, (tuple(row) for row in rows))) == sorted(
        str(
            (
                told.kind.value,
                told.part,
                told.session_id,
                told.event.version,
                entry.state.value,
                entry.overtaken,
            )
        )
        for entry in fake.entries
        for told in [entry.letter.announcement]
    )
