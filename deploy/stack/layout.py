"""Where everything of a stack lies: one data folder, and a short folder for sockets."""

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

# A Unix socket's path may have 107 bytes; the longest name that is put under `run` has this many.
_LONGEST_PATH = 107
_LONGEST_NAME = len("/postgresql/.s.PGSQL.5432")


class FolderRefused(Exception):  # noqa: N818  -- reads as what it says
    """The data folder can not be used; the text says why."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The folders and files of one stack, all absolute."""

    data: Path
    run: Path

    @classmethod
    def of(cls, data: Path) -> "Layout":
        """The layout of a data folder, which need not exist yet."""
        folder = data.resolve()
        run = folder / "run"
        if len(os.fsencode(run)) + _LONGEST_NAME > _LONGEST_PATH:
            digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
            run = Path(tempfile.gettempdir()) / f"remit-{os.geteuid()}-{digest}"
        return cls(data=folder, run=run)

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def mail(self) -> Path:
        return self.data / "mail"

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.data / "postgresql"

    @property
    def sockets(self) -> Path:
        """Where PostgreSQL puts its socket: its system user must be able to write there."""
        return self.run / "postgresql"

    @property
    def valkey(self) -> Path:
        return self.data / "valkey"

    @property
    def supervisor_socket(self) -> Path:
        return self.run / "supervisor.sock"

    @property
    def valkey_socket(self) -> Path:
        return self.run / "valkey.sock"

    def create(self) -> None:
        """Make every folder, closed to others.

        As root, others may pass through: PostgreSQL then runs as a system user of its own.
        """
        try:
            self._make_folders(mode=0o711 if os.geteuid() == 0 else 0o700)
        except OSError as error:
            reason = f"{error.filename}: {error.strerror}"
            raise FolderRefused(
                f"{self.data} can not be the data folder ({reason}). Name another with --data."
            ) from error

    def _make_folders(self, mode: int) -> None:
        self.data.mkdir(parents=True, exist_ok=True)
        for folder in (self.data, self.run):
            folder.mkdir(exist_ok=True)
            if folder.stat().st_uid != os.geteuid():
                raise FolderRefused(f"{folder} belongs to somebody else.")
            folder.chmod(mode)
        for folder in (self.logs, self.mail, self.valkey):
            folder.mkdir(mode=0o700, exist_ok=True)


def let_through(folder: Path) -> None:
    """Let other system users pass through the parents of `folder` (never list them)."""
    for parent in folder.parents:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(mode | stat.S_IXOTH)
