"""Start and end real stacks from a test, by the same command that people type."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil

from deploy.stack.address import StackAddress
from deploy.stack.layout import Layout
from deploy.stack.leftovers import _ours
from tests.support.waiting import until

REMIT = [sys.executable, "-c", "from deploy.cli import main; main()"]
ROOT = Path(__file__).parents[2]


def remit(*arguments: object, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run(
        [*REMIT, *map(str, arguments)],
        cwd=ROOT,
        env=_environment() | environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("REMIT_")}


class RunningStack:
    """A `remit up` of its own, and what a test does to it."""

    def __init__(self, data: Path, *options: str) -> None:
        self.data = data
        self._log = data.with_suffix(".log")
        with self._log.open("wb") as log:
            self.up = subprocess.Popen(
                [*REMIT, "up", "--data", str(data), *options],
                cwd=ROOT,
                env=_environment(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until(self._is_up, limit=90)

    def _is_up(self) -> bool:
        assert self.up.poll() is None, self.said
        return "Ready in" in self.said

    @property
    def said(self) -> str:
        return self._log.read_text()

    @property
    def address(self) -> StackAddress:
        return StackAddress.load(self.data)

    def status(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(remit("status", "--json", "--data", self.data).stdout)
        return found

    def process(self, name: str) -> psutil.Process:
        (note,) = (part["note"] for part in self.status()["parts"] if part["name"] == name)
        return psutil.Process(int(note.removeprefix("process ")))

    def left(self) -> list[psutil.Process]:
        return _ours(Layout.of(self.data))

    def kill(self) -> None:
        """Kill `remit up` and its process group, as a power button would."""
        os.killpg(self.up.pid, signal.SIGKILL)
        self.up.wait()

    def stop(self) -> int:
        self.up.terminate()
        return self.up.wait(60)
