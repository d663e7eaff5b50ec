"""Real processes for the fault suite: each in a session of its own, to be killed as a whole group.

A `Keeper` does what a service manager does: what dies is started again at once.
"""

import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from deploy.stack.ports import is_free

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    """A port of loopback below those that the kernel gives to clients.

    While its server is down no client may be given it: it would be connected to itself.
    """
    return next(
        port for port in iter(lambda: 20_000 + secrets.randbelow(10_000), 0) if is_free(port)
    )


def module(name: str, *arguments: str) -> list[str]:
    """The command that runs a module with this very interpreter."""
    return [sys.executable, "-m", name, *arguments]


@dataclass
class Process:
    """One program with its children. Its output is added to a log file, life after life."""

    name: str
    command: Sequence[str]
    environ: Mapping[str, str]
    log: Path
    starts: int = 0
    popen: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0

    def start(self) -> None:
        """Begin a life."""
        with self.log.open("ab") as log:
            self.popen = subprocess.Popen(
                self.command,
                env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **self.environ},
                cwd=self.log.parent,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.starts += 1
        self.started_at = time.monotonic()

    @property
    def alive(self) -> bool:
        """Whether its first process lives."""
        return self.popen is not None and self.popen.poll() is None

    def kill(self) -> None:
        """SIGKILL to the whole group; returns when its first process is gone."""
        self.send(signal.SIGKILL)
        if self.popen is not None:
            self.popen.wait(10)

    def send(self, number: signal.Signals) -> None:
        """A signal to the whole group; none is there, nothing happens."""
        if self.popen is None:
            return
        try:
            os.killpg(self.popen.pid, number)
        except ProcessLookupError:
            return

    def stop(self, patience: float = 15.0) -> None:
        """Ask it to end, insist after `patience`, and leave no child behind."""
        if self.popen is None:
            return
        self.send(signal.SIGCONT)
        self.popen.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self.popen.wait(patience)
        self.kill()

    def tail(self, lines: int = 30) -> str:
        """The end of its log, for a failing test."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join([f"--- {self.name} ---", *text.splitlines()[-lines:]])


@dataclass
class Keeper:
    """Starts processes and starts them again when they die, until it is closed."""

    processes: dict[str, Process] = field(default_factory=dict)
    _over: threading.Event = field(default_factory=threading.Event)
    _resting: set[str] = field(default_factory=set)
    _thread: threading.Thread | None = None

    def keep(self, process: Process) -> Process:
        """Start a process and look after it from now on."""
        process.start()
        self.processes[process.name] = process
        if self._thread is None:
            self._thread = threading.Thread(target=self._watch, name="keeper", daemon=True)
            self._thread.start()
        return process

    def kill(self, name: str) -> Process:
        """SIGKILL to one process and its children; it is started again."""
        process = self.processes[name]
        process.kill()
        return process

    def rest(self, *names: str) -> None:
        """Kill these and leave them dead until `wake`."""
        self._resting.update(names)
        for name in names:
            self.processes[name].kill()

    def wake(self, *names: str) -> None:
        """Look after these again."""
        self._resting.difference_update(names)

    def close(self) -> None:
        """Stop looking after them and stop them, all at once."""
        self._over.set()
        if self._thread is not None:
            self._thread.join(10)
        stops = [threading.Thread(target=process.stop) for process in self.processes.values()]
        for stop in stops:
            stop.start()
        for stop in stops:
            stop.join(30)

    def tails(self, lines: int = 30) -> str:
        """The ends of all logs."""
        return "\n".join(process.tail(lines) for process in self.processes.values())

    def _watch(self) -> None:
        while not self._over.wait(0.02):
            for name, process in list(self.processes.items()):
                if name not in self._resting and not process.alive and not self._over.is_set():
                    process.send(signal.SIGKILL)  # children of a master that died alone
                    process.start()
