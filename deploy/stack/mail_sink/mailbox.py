"""The folder of kept messages: one .eml each, whole or not there, names in order of arrival."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import count
from pathlib import Path
from uuid import uuid4

from shared.clock import Clock, utc_now

_NAME = re.compile(r"\d{8}T\d{12}Z-\d{6}-[0-9a-f]{8}")


@dataclass(frozen=True, kw_only=True)
class Summary:
    """A kept message as the list shows it."""

    name: str
    kept_at: datetime
    sender: str
    recipient: str
    subject: str
    method: str


class Mailbox:
    """Keeps messages in `folder`; a process may die at any point between two of its lines."""

    def __init__(self, folder: Path, clock: Clock = utc_now) -> None:
        self._folder = folder
        self._clock = clock
        self._count = count(1)

    def keep(self, sender: str, recipients: list[str], content: bytes) -> str:
        """Keep a message as it came, under the envelope's lines as any server writes them.

        The file is there whole when this returns. It outlives a killed process, not a power cut.
        """
        now = self._clock().astimezone(UTC)
        name = f"{now:%Y%m%dT%H%M%S%f}Z-{next(self._count) % 1_000_000:06}-{uuid4().hex[:8]}"
        lines = [f"Return-Path: <{sender}>", *(f"Delivered-To: {to}" for to in recipients)]
        envelope = "".join(f"{line}\r\n" for line in lines).encode(errors="replace")
        draft = self._folder / f".{name}.draft"
        draft.write_bytes(envelope + content)
        draft.replace(self._folder / f"{name}.eml")
        return name

    def count(self) -> int:
        """How many messages are kept."""
        return sum(1 for _ in self._folder.glob("*.eml"))

    def newest(self, skip: int, most: int) -> Iterator[Summary]:
        """Summaries, the last kept first."""
        for path in sorted(self._folder.glob("*.eml"), reverse=True)[skip : skip + most]:
            yield _summary(path.stem, self.read(path.stem) or EmailMessage())

    def raw(self, name: str) -> bytes | None:
        """The file's bytes, or None: no name from outside reaches the file system unchecked."""
        if not _NAME.fullmatch(name):
            return None
        path = self._folder / f"{name}.eml"
        return path.read_bytes() if path.exists() else None

    def read(self, name: str) -> EmailMessage | None:
        """The message, parsed."""
        raw = self.raw(name)
        return None if raw is None else message_from_bytes(raw, policy=policy.default)


def _summary(name: str, message: EmailMessage) -> Summary:
    calendar = calendar_part(message)
    return Summary(
        name=name,
        kept_at=datetime.strptime(name[:22], "%Y%m%dT%H%M%S%fZ").replace(tzinfo=UTC),
        sender=header_of(message, "From"),
        recipient=header_of(message, "To"),
        subject=header_of(message, "Subject"),
        method=str(calendar.get_param("method", "")) if calendar else "",
    )


def header_of(message: EmailMessage, name: str) -> str:
    """A header's text. One that the standard library trips over is shown as it came."""
    try:
        return str(message.get(name, ""))
    except Exception:  # noqa: BLE001  -- its parser answers broken headers with errors of many kinds
        raw = {key.lower(): value for key, value in message.raw_items()}[name.lower()]
        return str(raw).encode(errors="replace").decode()


def content_of(part: EmailMessage | None) -> str:
    """A part's text; with a charset that nobody knows, as far as ASCII goes."""
    if part is None:
        return ""
    try:
        return str(part.get_content())
    except (LookupError, ValueError):
        content = part.get_payload(decode=True)
        return content.decode("ascii", "replace") if isinstance(content, bytes) else ""


def calendar_part(message: EmailMessage) -> EmailMessage | None:
    """The part that calendars understand, if the message has one."""
    return part_of(message, "text/calendar")


def part_of(message: EmailMessage, content_type: str) -> EmailMessage | None:
    """The first part of a type."""
    for part in message.walk():
        if part.get_content_type() == content_type and isinstance(part, EmailMessage):
            return part
    return None
