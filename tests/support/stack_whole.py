"""`remit up` itself, by the command that people type, to be killed as a whole and started again."""

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from sqlalchemy import Row, create_engine, text

from deploy.stack.address import StackAddress
from deploy.stack.layout import Layout
from deploy.stack.leftovers import _ours
from shared.database.engine import driver_url
from tests.support.processes import ROOT, free_port
from tests.support.smtp import Received
from tests.support.stack import Teacher, load_teachers
from tests.support.waiting import until

_MAIN = "from deploy.cli import main; main()"
_LONGEST_START = 120.0


@dataclass
class KeptMail:
    """The messages that the stack's own sink keeps, as the server got them."""

    folder: Path

    @property
    def received(self) -> Sequence[Received]:
        """Every one, whole: the sink's own lines on top are taken off again."""
        return [_read(path) for path in sorted(self.folder.glob("*.eml"))]


def _read(path: Path) -> Received:
    content = path.read_bytes()
    while content.startswith((b"Return-Path:", b"Delivered-To:")):
        content = content.partition(b"\r\n")[2]
    return Received("", (), content, guarded=False)


@dataclass
class Owner:
    """The stack's database, asked as its owner; each query on a connection of its own."""

    url: str

    def sql(self, query: str, **params: object) -> list[Row[tuple[object, ...]]]:
        """Rows of a plain query, run and committed."""
        engine = create_engine(driver_url(self.url))
        try:
            with engine.begin() as connection:
                result = connection.execute(text(query), params)
                return list(result.all()) if result.returns_rows else []
        finally:
            engine.dispose()


@dataclass
class WholeStack:
    """A data folder, and the `remit up` that runs on it."""

    data: Path
    sin: str = ""
    port: int = field(default_factory=free_port)
    teachers: Sequence[Teacher] = ()
    _up: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """`remit up`, until it says that it is ready."""
        sin = f"from tests.faults.broken.{self.sin} import commit; commit(); " if self.sin else ""
        began = len(self.said)
        with self._log.open("ab") as log:
            self._up = subprocess.Popen(
                [
                    sys.executable,
                    "-c",
                    sin + _MAIN,
                    "up",
                    "--data",
                    self.data,
                    "--port",
                    str(self.port),
                ],
                cwd=ROOT,
                env={k: v for k, v in os.environ.items() if not k.startswith("REMIT_")},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until(lambda: "Ready in" in self.said[began:], limit=_LONGEST_START)

    def load(self) -> None:
        """The small demo division, and a token for each teacher."""
        self.teachers = load_teachers(self.address.database_url)

    @property
    def address(self) -> StackAddress:
        """Where its parts are."""
        return StackAddress.load(self.data)

    @property
    def database(self) -> Owner:
        """Its database."""
        return Owner(self.address.owner_database_url)

    @property
    def mail(self) -> KeptMail:
        """Its mail."""
        return KeptMail(Path(self.address.mail_folder))

    @property
    def said(self) -> str:
        """All that `remit up` wrote."""
        return self._log.read_text() if self._log.exists() else ""

    @property
    def _log(self) -> Path:
        return self.data.with_suffix(".log")

    def kill(self) -> int:
        """SIGKILL to every process of it at once, stores and supervisor included; how many."""
        assert self._up is not None
        doomed = [psutil.Process(self._up.pid), *_ours(Layout.of(self.data))]
        for act in (psutil.Process.suspend, psutil.Process.kill):  # none reacts to another's death
            for process in doomed:
                with suppress(psutil.NoSuchProcess):
                    act(process)
        self._up.wait(30)
        psutil.wait_procs(doomed, timeout=30)
        return len(doomed)

    def stop(self) -> None:
        """SIGTERM, and wait for the clean end."""
        if self._up is not None and self._up.poll() is None:
            self._up.terminate()
            self._up.wait(90)

    def tails(self) -> str:
        """What was said, and the ends of all logs."""
        logs = sorted((self.data / "logs").glob("*.log"))
        ends = [f"--- {log.name} ---\n{log.read_text()[-2_000:]}" for log in logs]
        return "\n".join([self.said, *ends])
