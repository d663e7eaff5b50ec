"""One `remit up` for each data folder: a lock that the kernel lets go when its holder dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AlreadyRunning(Exception):  # noqa: N818  -- reads as what it says
    """Another `remit up` holds this data folder."""


@contextmanager
def held(data: Path) -> Iterator[None]:
    """Hold the folder's lock while the block runs; AlreadyRunning when somebody else does."""
    descriptor = os.open(data / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 20).decode() or "unknown"
            raise AlreadyRunning(
                f"A stack already runs on {data} (process {holder}). "
                "Stop it there with Ctrl-C, or name another folder with --data."
            ) from None
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)
