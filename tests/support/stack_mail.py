"""A mail server that may go down and come back on its port, keeping count of every copy it took."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from tests.support.processes import free_port
from tests.support.smtp import MailServer


class _Line(SMTP):
    """A connection that its server knows from its first moment."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.event_handler.lines.append(transport)
        super().connection_made(transport)


class _Controller(Controller):
    def factory(self) -> SMTP:
        return _Line(self.handler, **self.SMTP_kwargs)


@dataclass
class CrashableMail(MailServer):
    """A real SMTP server in this process: it outlives every kill of Remit's own processes."""

    controller: Controller | None = None
    lines: list[asyncio.BaseTransport] = field(default_factory=list)

    def up(self) -> None:
        """Take mail."""
        self.controller = _Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def down(self) -> None:
        """Refuse every connection; those that are open are cut."""
        if self.controller is None:
            return
        hanging_up = self._hang_up(self.controller.server)
        asyncio.run_coroutine_threadsafe(hanging_up, self.controller.loop).result(10)
        self.controller.stop()
        self.controller = None

    async def _hang_up(self, server: asyncio.AbstractServer) -> None:
        server.close()
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
