"""The whole stack as people start, kill and stop it; a few long tests rather than many."""

import socket
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.support.running_stack import RunningStack, remit
from tests.support.waiting import until


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    running = RunningStack(tmp_path_factory.mktemp("stack") / "data")
    yield running
    running.stop()


def test_every_part_is_ready_and_the_addresses_open(stack: RunningStack) -> None:
    found = stack.status()
    assert found["ready"], found
    assert f"Remit {stack.address.web_url}" in stack.said
    for url in (f"{stack.address.web_url}/api/intake/v1/health", stack.address.sink_url):
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  -- our own
            assert answer.status == 200


def test_the_doctor_finds_nothing_wrong(stack: RunningStack) -> None:
    examined = remit("doctor", "--data", stack.data)
    assert examined.returncode == 0, examined.stdout


def test_a_second_start_on_the_same_data_is_refused_with_a_sentence(stack: RunningStack) -> None:
    second = remit("up", "--data", stack.data)
    assert second.returncode == 1
    assert f"process {stack.up.pid}" in second.stderr
    assert len(second.stderr.splitlines()) == 1


def test_whatever_is_killed_is_started_again(stack: RunningStack) -> None:
    names = ("web", "planning", "ringer", "postgresql", "valkey")
    killed = {name: stack.process(name) for name in names}
    for process in killed.values():
        process.kill()
    until(lambda: stack.status()["ready"] and not any(p.is_running() for p in killed.values()))


def test_secrets_are_readable_by_their_owner_alone(stack: RunningStack) -> None:
    for name in ("secrets.json", "stack.json"):
        assert (stack.data / name).stat().st_mode & 0o077 == 0


def test_a_killed_stack_resumes_on_its_data_and_a_stopped_one_leaves_nothing(
    tmp_path: Path,
) -> None:
    first = RunningStack(tmp_path / "data")
    with psycopg.connect(first.address.owner_database_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    first.kill()

    second = RunningStack(first.data)
    with psycopg.connect(second.address.owner_database_url) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)

    assert second.stop() == 0
    assert second.left() == []


def test_a_port_that_was_asked_for_and_is_taken_is_refused(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = remit("up", "--data", tmp_path / "data", "--port", port)
    assert refused.returncode == 1
    assert f"Port {port} is in use" in refused.stderr
    assert not (tmp_path / "data").exists()
