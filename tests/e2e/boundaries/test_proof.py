"""Every session is proven against the version it was made under, whatever constraints say."""

from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from deploy.boundaries import prove
from deploy.cli import main
from shared.identity import new_id
from tests.support.postgres import Server
from tests.support.rights import World
from tests.support.smtp import mail_server


@pytest.fixture
def world(postgres: Server) -> Iterator[World]:
    with postgres.clone() as database, mail_server() as server:
        world = World(database, server.url)
        yield world
        world.close()


def unguarded(world: World, *statements: str) -> None:
    """As an owner of the database could, behind every constraint and trigger of sessions."""
    for table in ("session", "combination", "coach_offer", "model_version"):
        world.database.sql(f"ALTER TABLE scheduler.{table} DISABLE TRIGGER USER")
    for name in (
        "session_model_version_coach_type_topic_support_mode_fkey",
        "session_coach_id_live_coach_type_live_support_mode_fkey",
    ):
        world.database.sql(f"ALTER TABLE scheduler.session DROP CONSTRAINT IF EXISTS {name}")
    for (name,) in world.database.sql(
        "SELECT conname FROM pg_constraint WHERE conrelid = 'scheduler.session'::regclass"
        " AND contype = 'f'"
    ):
        world.database.sql(f'ALTER TABLE scheduler.session DROP CONSTRAINT "{name}"')
    for statement in statements:
        world.database.sql(statement)


def session_ids(world: World) -> list[str]:
    return [str(row.id) for row in world.database.sql("SELECT id FROM scheduler.session")]


def test_what_was_booked_the_usual_way_is_inside(world: World) -> None:
    proof = prove(world.database.url)
    assert proof.sessions == len(session_ids(world)) > 0
    assert (proof.versions, proof.outside, proof.named) == (1, 0, [])


@pytest.mark.parametrize(
    ("harm", "fault"),
    [
        ("UPDATE scheduler.session SET topic = 'payroll'", "is outside of version 1"),
        (
            "UPDATE scheduler.session SET support_mode = 'coordination'",
            "is not what its request asked",
        ),
        ("UPDATE scheduler.session SET model_version = 7", "version 7 was never published"),
        ("DELETE FROM scheduler.coach_offer", "is to come, and its coach does not offer it"),
        (
            "INSERT INTO scheduler.combination VALUES (1, 'instructional', 'payroll', 'consultation')",
            "version 1: the scheduler allows 1 that its document does not",
        ),
        (
            "DELETE FROM scheduler.combination WHERE topic = 'slides_templates' OR topic = 'peer_visits'",
            "version 1: the scheduler lacks",
        ),
        ("UPDATE scheduler.model_version SET sealed_at = NULL", "version 1: is not sealed"),
    ],
)
def test_what_is_outside_is_found_and_named(world: World, harm: str, fault: str) -> None:
    unguarded(world, harm)
    proof = prove(world.database.url)
    assert proof.outside >= 1
    assert any(fault in line for line in proof.named)
    if "session SET" in harm:
        ids = session_ids(world)
        assert all(any(id_ in line for id_ in ids) for line in proof.named)


def test_of_many_the_first_ten_are_named_and_all_are_counted(world: World) -> None:
    unguarded(world)
    known = len(session_ids(world))
    one = world.database.sql("SELECT min(id::text) FROM scheduler.session")[0][0]
    for day in range(12):
        world.database.sql(
            "INSERT INTO scheduler.session (id, request_id, coach_id, teacher_id, school_id,"
            " model_version, coach_type, topic, support_mode, place_kind, place_address, during,"
            " state) SELECT :id, request_id, coach_id, teacher_id, school_id, model_version,"
            " coach_type, 'payroll', support_mode, place_kind, place_address,"
            " tstzrange(lower(during) - make_interval(days => :back),"
            " upper(during) - make_interval(days => :back)), 'cancelled'"
            " FROM scheduler.session WHERE id = CAST(:one AS uuid)",
            id=new_id(),
            back=day + 1,
            one=one,
        )
    proof = prove(world.database.url)
    assert proof.sessions == known + 12
    assert (proof.outside, len(proof.named)) == (24, 10)


def test_the_command_says_so_by_its_exit_code(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "REMIT_DATABASE_URL": world.database.url,
        "REMIT_BROKER_URL": "redis://127.0.0.1:1/0",
        "REMIT_SMTP_URL": world.smtp_url,
        "REMIT_PUBLIC_URL": "http://localhost",
    }.items():
        monkeypatch.setenv(name, value)
    done = CliRunner().invoke(main, ["check", "boundaries"])
    known = len(session_ids(world))
    said = f"{known} sessions under 1 versions: all inside.\n"
    assert (done.exit_code, done.output) == (0, said)
    unguarded(world, "UPDATE scheduler.session SET topic = 'payroll'")
    found = CliRunner().invoke(main, ["check", "boundaries"])
    assert found.exit_code == 1
    assert f"{2 * known} faults" in found.output
