"""The shape of the house, where import contracts can not say it."""

import ast
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.events import ALL_EVENTS
from shared.messaging.celery_app import make_celery
from shared.messaging.routing import SERVICES, SUBSCRIBERS

ROOT = Path(__file__).parents[2]
PRODUCT = ("services", "shared", "deploy")
TOP_FOLDERS = {"services", "shared", "deploy", "tests"}
LONGEST_MODULE = 300
LONGEST_FUNCTION = 50


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def modules() -> list[Path]:
    return [p for p in tracked() if p.suffix == ".py" and p.relative_to(ROOT).parts[0] in PRODUCT]


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_the_top_level_is_the_one_that_was_agreed() -> None:
    folders = {
        p.relative_to(ROOT).parts[0] for p in tracked() if len(p.relative_to(ROOT).parts) > 1
    }
    assert folders - {".ci"} == TOP_FOLDERS


def test_no_module_is_longer_than_its_budget() -> None:
    sizes = {p: len(p.read_text().splitlines()) for p in modules()}
    assert {str(p.relative_to(ROOT)): n for p, n in sizes.items() if n > LONGEST_MODULE} == {}
    assert statistics.median(n for n in sizes.values() if n) <= 90


def test_no_function_is_longer_than_its_budget() -> None:
    long = {
        f"{p.relative_to(ROOT)}:{name}": n
        for p in modules()
        for name, n in functions(p)
        if n > LONGEST_FUNCTION
    }
    assert long == {}
    assert statistics.median(n for p in modules() for _, n in functions(p)) <= 9


def test_every_module_opens_with_the_sentence_that_justifies_it() -> None:
    silent = [
        str(p.relative_to(ROOT))
        for p in modules()
        if p.read_text().strip() and not ast.get_docstring(ast.parse(p.read_text()))
    ]
    assert silent == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_says_what_it_owns_hears_and_tells(service: str) -> None:
    words = (
        ast.get_docstring(ast.parse((ROOT / f"services/{service}/__init__.py").read_text())) or ""
    )
    heard = {event.name for event in ALL_EVENTS if service in SUBSCRIBERS[event]}
    told = {event.name for event in ALL_EVENTS if event.source == service}
    assert {name for name in heard | told if name not in words} == set()


@pytest.mark.parametrize("service", SERVICES)
def test_every_queue_has_a_consumer(service: str) -> None:
    queues = {queue.name for queue in make_celery("redis://localhost:1").conf.task_queues}
    assert service in queues
    source = (ROOT / f"services/{service}/entrypoints/worker.py").read_text()
    assert f'name="{service}.drain"' in source


def test_nothing_is_read_or_opened_at_import() -> None:
    """Every module of the product can be imported with an empty environment and no server."""
    names = [
        ".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for p in modules()
        if "migrations" not in p.parts and p.name != "wsgi.py"
    ]
    script = "import importlib,sys\nfor n in sys.argv[1:]: importlib.import_module(n)"
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script, *names],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]


def test_time_is_read_in_one_place() -> None:
    reading = re.compile(r"datetime\.(now|utcnow|today)\(|date\.today\(")
    found = [str(p.relative_to(ROOT)) for p in modules() if reading.search(p.read_text())]
    assert found == ["shared/clock.py"]


def test_waiting_is_a_due_row_and_never_celerys() -> None:
    forbidden = re.compile(r"\b(countdown|eta)\s*=|self\.retry\(|\.delay\(|apply_async\(")
    found = [str(p.relative_to(ROOT)) for p in modules() if forbidden.search(p.read_text())]
    assert found == []


def test_shared_holds_nothing_that_a_single_service_uses() -> None:
    """A module of `shared` is imported by two services, by `shared` itself, or by deploy's mechanism."""
    lonely = []
    for path in (p for p in modules() if p.relative_to(ROOT).parts[0] == "shared"):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if path.name == "__init__.py" or "migrations" in path.parts:
            continue
        importing = re.compile(
            rf"\b{re.escape(name)}\b|from {re.escape(name.rpartition('.')[0])} import [^\n]*\b{path.stem}\b"
        )
        users = {
            p.relative_to(ROOT).parts[:2]
            if p.relative_to(ROOT).parts[0] == "services"
            else p.relative_to(ROOT).parts[:1]
            for p in modules()
            if p != path and importing.search(p.read_text())
        }
        services = {user for user in users if user[0] == "services"}
        if len(services) < 2 and not users & {("shared",), ("deploy",)}:
            lonely.append(name)
    assert lonely == []


def test_locks_carry_versions_and_hashes_and_no_addresses() -> None:
    for lock in (ROOT / "deploy/requirements").glob("*.txt"):
        text = lock.read_text()
        assert "--hash=sha256:" in text
        assert "://" not in text
        assert "--index-url" not in text
