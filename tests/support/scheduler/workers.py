"""Worker processes of the scheduler, each with its own drain as Celery's prefork has them, started at once.

Run as a module this is one of them: it counts what its handler was given and what was thrown at it.
"""

import json
import select
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from services.scheduler.bootstrap import build
from services.scheduler.config import Settings
from shared.events import Event, RequestSubmitted
from shared.events.outcome import Outcome
from shared.messaging.batch import Handling

_DEADLOCK = "40P01"


@dataclass
class Tally:
    """What one worker, or all of them, met: requests planned, however often each; deadlocks."""

    planned: int = 0
    deadlocks_met: int = 0
    thrown: list[str] = field(default_factory=list)

    def counting(self, handle: Handling) -> Handling:
        """The same handling, counted."""

        def counted(connection: Connection, events: Sequence[Event]) -> Sequence[Outcome] | None:
            self.planned += len(events)
            try:
                return handle(connection, events)
            except DBAPIError as error:
                self.deadlocks_met += getattr(error.orig, "sqlstate", None) == _DEADLOCK
                raise

        return counted


@dataclass
class Workers:
    """Ready to go; `finish` ends them when nothing is left to do, and adds up."""

    processes: list[subprocess.Popen[str]]

    def go(self) -> None:
        """Let all of them drain."""
        for process in self.processes:
            _tell(process, "go\n")

    def finish(self) -> Tally:
        """Let each end its drain, and tell."""
        whole = Tally()
        for process in self.processes:
            told, _ = process.communicate(timeout=60)
            met = Tally(**json.loads(told))
            whole.planned += met.planned
            whole.deadlocks_met += met.deadlocks_met
            whole.thrown += met.thrown
        return whole


@contextmanager
def workers(environ: Mapping[str, str], count: int) -> Iterator[Workers]:
    """So many worker processes, built and connected, waiting for the word."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", __name__],
            env=environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(count)
    ]
    try:
        for process in processes:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
        yield Workers(processes)
    finally:
        for process in processes:
            process.kill()
            process.wait(30)


def _tell(process: subprocess.Popen[str], word: str) -> None:
    assert process.stdin
    process.stdin.write(word)
    process.stdin.flush()


def _work() -> None:
    application, tally = build(Settings.from_env(), kind="worker"), Tally()
    handlings: dict[Any, Any] = dict(application.drain.handlings)
    handlings[RequestSubmitted] = tally.counting(handlings[RequestSubmitted])
    application.drain.handlings = handlings
    with application.engine.connect():
        print("ready", flush=True)
        sys.stdin.readline()
    while not select.select([sys.stdin], [], [], 0)[0]:
        try:
            application.drain.run()
        except Exception as error:  # noqa: BLE001  -- whatever a caller of the drain would have met
            tally.thrown.append(f"{type(error).__name__}: {error}"[:200])
    print(json.dumps(vars(tally)), flush=True)
    application.close()


if __name__ == "__main__":
    _work()
