"""A mail server that may go down and come back on its port, keeping count of every copy it took."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.support.processes import free_port
from tests.support.smtp import MailServer


@dataclass
class CrashableMail(MailServer):
    """A real SMTP server in this process: it outlives every kill of Remit's own processes."""

    controller: Controller | None = None
    lines: list[asyncio.BaseTransport] = field(default_factory=list)

    async def handle_EHLO(  # noqa: N802  -- aiosmtpd's name
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        assert server.transport is not None
        self.lines.append(server.transport)
        return await super().handle_EHLO(server, session, envelope, hostname, responses)

    def up(self) -> None:
        """Take mail."""
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def down(self) -> None:
        """Refuse every connection; those that are open are cut."""
        if self.controller is None:
            return
        asyncio.run_coroutine_threadsafe(self._hang_up(), self.controller.loop).result(10)
        self.controller.stop()
        self.controller = None

    async def _hang_up(self) -> None:
        for line in self.lines:
            line.close()
        self.lines.clear()
        await asyncio.sleep(0)  # a line is closed in the loop's next turn


@contextmanager
def crashable_mail() -> Iterator[CrashableMail]:
    """A server that lives as long as the block, pauses apart."""
    server = CrashableMail(port=free_port())
    server.up()
    try:
        yield server
    finally:
        server.released.set()
        server.down()
