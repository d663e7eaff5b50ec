# ruff: noqa: ARG002  -- aiosmtpd calls its handler with all that it knows
"""A mail server for tests: a real aiosmtpd on a port of its own, that answers as a test says.

`received` holds every letter it took responsibility for, `offered` every one whose bytes came in.
"""

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

DROP = "drop"


@dataclass(frozen=True)
class Received:
    """One letter as it came over the wire."""

    sender: str
    readers: tuple[str, ...]
    content: bytes
    guarded: bool

    @property
    def message(self) -> EmailMessage:
        """The letter, parsed by the standard library."""
        parsed = message_from_bytes(self.content, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed


@dataclass
class Script:
    """What to answer. Each is asked with the address (or letter's number) and may answer DROP."""

    sender: Callable[[str], str] = lambda _: "250 OK"
    reader: Callable[[str], str] = lambda _: "250 OK"
    letter: Callable[[int], str] = lambda _: "250 OK taken"
    take_before_drop: bool = True
    wait_before_answer: float = 0.0
    password: str | None = None


@dataclass
class MailServer:
    """The running server."""

    script: Script = field(default_factory=Script)
    received: list[Received] = field(default_factory=list)
    offered: list[Received] = field(default_factory=list)
    readers_named: list[str] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """As REMIT_SMTP_URL has it."""
        return f"smtp://127.0.0.1:{self.port}?tls=none"

    async def handle_EHLO(  # noqa: N802  -- aiosmtpd's names
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.script.sender(address)
        if answer.startswith("250"):
            envelope.mail_from = address
        return _said(server, answer)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.readers_named.append(address)
        answer = self.script.reader(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return _said(server, answer)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        guarded = session.ssl is not None
        letter = Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), content, guarded)
        self.offered.append(letter)
        answer = self.script.letter(len(self.offered))
        if self.script.wait_before_answer:
            await asyncio.to_thread(self.released.wait, self.script.wait_before_answer)
        if answer.startswith("250") or (answer == DROP and self.script.take_before_drop):
            self.received.append(letter)
        return _said(server, answer)

    def sign_in(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        """Whether the password is the script's."""
        right = isinstance(data, LoginPassword) and data.password.decode() == self.script.password
        return AuthResult(success=right, handled=False)


def _said(server: SMTP, answer: str) -> str:
    if answer == DROP:
        assert server.transport is not None
        server.transport.abort()
        return "421 gone"
    return answer


@contextmanager
def mail_server(
    script: Script | None = None, *, tls: ssl.SSLContext | None = None, port: int = 0
) -> Iterator[MailServer]:
    """A server on a free port. With `tls` it offers STARTTLS; with a password it wants a sign-in."""
    server = MailServer(script or Script())
    options: dict[str, object] = {}
    if server.script.password is not None:
        options |= {
            "authenticator": server.sign_in,
            "auth_required": True,
            "auth_require_tls": False,
        }
    controller = Controller(
        server, hostname="127.0.0.1", port=port or _free_port(), tls_context=tls, **options
    )
    controller.start()
    server.port = controller.port
    try:
        yield server
    finally:
        server.released.set()
        controller.stop()


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
