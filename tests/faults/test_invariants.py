"""Each invariant's own red arm: a violation is planted with plain SQL, and its check must name it.

The database holds what a sound product made of a few asks; every planted violation is rolled back.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

import pytest
from sqlalchemy import Connection, Row, create_engine, text

from shared.database.engine import driver_url
from shared.identity import new_id
from tests.support.faults_client import Asking
from tests.support.faults_invariants import ALWAYS, AT_REST, Known, violations
from tests.support.faults_mail import Copies, message_id
from tests.support.faults_scene import Scene
from tests.support.smtp import Received
from tests.support.stack import Division, a_stack

_ASKS = 30
_LIFT = """
ALTER TABLE scheduler.session DISABLE TRIGGER USER;
ALTER TABLE scheduler.session DROP CONSTRAINT session_coach_once;
ALTER TABLE scheduler.session DROP CONSTRAINT session_teacher_once;
ALTER TABLE scheduler.session DROP CONSTRAINT session_two_people_check;
ALTER TABLE scheduler.session DROP CONSTRAINT session_combination_fkey;
ALTER TABLE scheduler.session DROP CONSTRAINT session_request_id_fkey;
ALTER TABLE scheduler.session DROP CONSTRAINT session_offer_fkey;
DROP INDEX scheduler.session_request_once;
"""
_COLUMNS = (
    "request_id, meeting, coach_id, teacher_id, school_id, model_version, coach_type, topic,"
    " support_mode, place_kind, place_address, during, state"
)
_LIVE = "FROM scheduler.session WHERE state = 'scheduled' ORDER BY id LIMIT 1"


def _another_session(**other: str) -> str:
    """A second session like the first one, but for these columns, with no constraint in the way."""
    columns = [name.strip() for name in _COLUMNS.split(",")]
    values = ", ".join(other.get(name, name) for name in columns)
    return (
        f"{_LIFT} INSERT INTO scheduler.session (id, {_COLUMNS})"
        f" SELECT gen_random_uuid(), {values} {_LIVE}"
    )


_APART = {"request_id": "gen_random_uuid()", "meeting": "1"}
_OF_EVENT = "WHERE id = (SELECT id FROM bus.event WHERE name = '{}' ORDER BY id LIMIT 1)"
_COPY_EVENT = (
    "INSERT INTO bus.event SELECT gen_random_uuid(), name, schema_version, aggregate_id, recorded_at,"
    " body FROM bus.event "
)
# Of a session that still stands: the world also takes back some of its asks.
_OF_A_LIVE_SESSION = (
    "WHERE id = (SELECT e.id FROM bus.event e JOIN scheduler.session s"
    " ON s.id = (e.body #>> '{data,session_id}')::uuid AND s.state = 'scheduled'"
    " WHERE e.name = 'session.scheduled' ORDER BY e.id LIMIT 1)"
)
_A_LIVE_INVITATION = (
    "(SELECT n.id FROM notifier.notice n JOIN scheduler.session s"
    " ON s.id = n.session_id AND s.state = 'scheduled'"
    " WHERE n.kind = 'invitation' AND n.state = 'sent' ORDER BY n.id LIMIT 1)"
)
_A_DECLINE = "(SELECT id FROM notifier.notice WHERE kind = 'decline' ORDER BY id LIMIT 1)"

PLANTS = {
    "asked_twice": """
        INSERT INTO request_intake.request SELECT (jsonb_populate_record(r, jsonb_build_object(
            'id', gen_random_uuid(), 'idempotency_key', 'another-key'))).*
        FROM request_intake.request r LIMIT 1""",
    "told_twice": _COPY_EVENT + _OF_EVENT.format("request.submitted"),
    "submitted_but_not_told": "DELETE FROM bus.event " + _OF_EVENT.format("request.submitted"),
    "booked_twice": _another_session(),
    "coach_overlaps": _another_session(**_APART, teacher_id="gen_random_uuid()"),
    "teacher_overlaps": _another_session(**_APART),
    "both_parts_overlap": _another_session(
        **_APART,
        teacher_id="coach_id",
        coach_id="(SELECT max(id::text)::uuid FROM scheduler.coach)",
    ),
    "out_of_remit": _another_session(**_APART, topic="'device_repair'"),
    "overloaded": """
        ALTER TABLE scheduler.coach_day DROP CONSTRAINT coach_day_within_ceiling;
        UPDATE scheduler.coach_day SET ceiling = 0""",
    "announced_twice": _COPY_EVENT + _OF_EVENT.format("session.scheduled"),
    "booked_but_not_announced": "DELETE FROM bus.event " + _OF_A_LIVE_SESSION,
    "done_without_effect": "DELETE FROM notifier.heard",
    "held_too_long": """
        UPDATE bus.delivery SET state = 'due', lease_id = gen_random_uuid(),
            lease_until = now() + interval '1 day'""",
    "dead_letters": "UPDATE bus.delivery SET state = 'dead'",
    "sent_without_copy": """
        INSERT INTO notifier.notice SELECT (jsonb_populate_record(n, jsonb_build_object(
            'id', gen_random_uuid(), 'message_id', '<never@sent>', 'version', 99))).*
        FROM notifier.notice n WHERE state = 'sent' LIMIT 1""",
    "copy_of_no_notice": "DELETE FROM notifier.notice WHERE id = " + _A_LIVE_INVITATION,
    "without_answer": "UPDATE request_intake.request SET standing_version = 0",
    "scheduled_without_session": "UPDATE scheduler.session SET state = 'completed'",
    "still_due": "UPDATE bus.delivery SET state = 'due'",
    "not_told_of_session": "DELETE FROM notifier.notice WHERE id = " + _A_LIVE_INVITATION,
    "not_told_of_answer": "DELETE FROM notifier.notice WHERE id = " + _A_DECLINE,
    "not_told_of_cancellation": "UPDATE scheduler.session SET state = 'cancelled'",
    "not_sent": """
        UPDATE notifier.notice SET state = 'retry', next_at = now(), settled_at = NULL""",
    "failed_but_not_said": """
        UPDATE notifier.notice SET state = 'failed', failure = 'refused' WHERE state = 'sent'""",
}
_WITHOUT_SQL = {"acknowledged_but_missing", "taken_back_but_not_cancelled", "poison_not_set_aside"}


@dataclass(frozen=True)
class Settled:
    """A database at rest, and what the world outside knows of it."""

    url: str
    known: Known


@dataclass(frozen=True)
class _Open:
    """One open transaction, asked as a database is."""

    connection: Connection

    def sql(self, query: str, **params: object) -> list[Row[tuple[object, ...]]]:
        return list(self.connection.execute(text(query), params).all())


@pytest.fixture(scope="module")
def settled(
    division: Division, tmp_path_factory: pytest.TempPathFactory, seed: int
) -> Iterator[Settled]:
    with a_stack(division, tmp_path_factory.mktemp("settled") / "stack") as stack:
        with Asking(stack, seed, pause=0.0, most=_ASKS) as asking:
            scene = Scene(stack, asking)
            assert scene.until(lambda: len(asking.acknowledged) >= _ASKS)
        assert scene.settled(30) == {}
        stack.keeper.close()
        taken = {message_id(letter) for letter in stack.mail.received}
        yield Settled(stack.database.owner_url, Known(acknowledged=asking.ids, taken=taken))


@pytest.fixture
def planting(settled: Settled) -> Iterator[Connection]:
    """A transaction of the owner that is never committed."""
    engine = create_engine(driver_url(settled.url))
    with engine.connect() as connection:
        yield connection
        connection.rollback()
    engine.dispose()


def test_every_check_has_a_planted_violation() -> None:
    assert PLANTS.keys() | _WITHOUT_SQL == ALWAYS.keys() | AT_REST.keys()


def test_a_sound_product_violates_nothing(planting: Connection, settled: Settled) -> None:
    assert violations(_Open(planting), ALWAYS | AT_REST, settled.known) == {}


@pytest.mark.parametrize("name", PLANTS)
def test_a_planted_violation_is_found(planting: Connection, settled: Settled, name: str) -> None:
    planting.exec_driver_sql(PLANTS[name])
    check = {name: (ALWAYS | AT_REST)[name]}
    assert name in violations(_Open(planting), check, settled.known)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("acknowledged_but_missing", {"acknowledged": [new_id()]}),
        ("taken_back_but_not_cancelled", {"taken_back": [new_id()]}),
    ],
)
def test_what_only_the_world_outside_knows_is_found(
    planting: Connection, settled: Settled, name: str, told: dict[str, list[UUID]]
) -> None:
    known = replace(settled.known, **told)  # type: ignore[arg-type]
    assert name in violations(_Open(planting), ALWAYS | AT_REST, known)


def test_a_poison_that_was_handled_is_found(planting: Connection, settled: Settled) -> None:
    (handled,) = planting.execute(text("SELECT event_id FROM bus.delivery LIMIT 1")).one()
    known = replace(settled.known, poisons=[handled])
    assert "poison_not_set_aside" in violations(_Open(planting), AT_REST, known)


def test_a_third_copy_and_a_second_that_differs_are_found() -> None:
    letter = Received("", (), b"Message-ID: <a@b>\r\nDate: Mon\r\n\r\nHello", guarded=False)
    later = replace(letter, content=letter.content.replace(b"Mon", b"Tue"))
    assert Copies.of([letter, letter]).violations() == {}
    assert Copies.of([letter, letter, letter]).violations().keys() == {"copied_too_often"}
    assert Copies.of([letter, later]).violations().keys() == {"copies_differ"}
