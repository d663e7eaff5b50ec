"""Web servers in front of an application: two processes with four threads each, on a free port."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from deploy.stack import ports
from tests.support.waiting import until

_PREFERRED = 8_400
_GUNICORN = ("--workers=2", "--worker-class=gthread", "--threads=4", "--no-control-socket")
_GRANIAN = ("--interface=wsgi", "--workers=2", "--blocking-threads=4", "--no-ws", "--http=1")


@contextmanager
def gunicorn(
    factory: str, environ: Mapping[str, str], log: Path, python: str | Path = sys.executable
) -> Iterator[int]:
    """gunicorn's threaded workers around `module:factory`, under our Python or another; its port."""
    port = ports.free_port(_PREFERRED)
    command = [str(python), "-m", "gunicorn", *_GUNICORN, f"--bind={ports.HOST}:{port}"]
    with _running([*command, f"{factory}()"], environ, log, port):
        yield port


@contextmanager
def granian(factory: str, environ: Mapping[str, str], log: Path) -> Iterator[int]:
    """granian around `module:factory`, as the product runs it; its port."""
    port = ports.free_port(_PREFERRED)
    command = [sys.executable, "-m", "granian", *_GRANIAN, f"--host={ports.HOST}", f"--port={port}"]
    with _running([*command, "--factory", "--log-level=error", factory], environ, log, port):
        yield port


@contextmanager
def _running(
    command: list[str], environ: Mapping[str, str], log: Path, port: int
) -> Iterator[None]:
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environ, stdout=output, stderr=output)
    try:
        until(lambda: not ports.is_free(port) or process.poll() is not None, 60)
        if process.poll() is not None:
            raise RuntimeError(f"{command[2]} ended by itself: {log.read_text()[-2000:]}")
        yield
    finally:
        process.terminate()
        process.wait(30)
