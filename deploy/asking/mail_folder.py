"""Find kept mail by Message-ID in the folder where the stack's mail sink puts it."""

import time
from collections.abc import Callable, Collection, Iterator
from email.parser import BytesHeaderParser
from email.policy import default
from pathlib import Path

_PATIENCE = 2.0
_PAUSE = 0.05
_NEWEST = 2_000


def find_mails(
    folder: Path, message_ids: Collection[str], pause: Callable[[float], None] = time.sleep
) -> dict[str, Path]:
    """Message-ID to file, newest files first; waits a little for what is not there yet."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        found = _look(folder, set(message_ids))
        if len(found) == len(set(message_ids)) or time.monotonic() > deadline:
            return found
        pause(_PAUSE)


def _look(folder: Path, wanted: set[str]) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for path in _newest(folder):
        if len(found) == len(wanted):
            break
        message_id = _message_id(path)
        if message_id in wanted:
            found.setdefault(message_id, path)
    return found


def _newest(folder: Path) -> Iterator[Path]:
    """The sink names files by the time of their arrival."""
    yield from sorted(folder.glob("*.eml"), reverse=True)[:_NEWEST]


def _message_id(path: Path) -> str:
    with path.open("rb") as file:
        headers = BytesHeaderParser(policy=default).parse(file)
    return str(headers.get("Message-ID", "")).strip()
