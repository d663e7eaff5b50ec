"""Run the sink: `python -m deploy.stack.mail_sink FOLDER SMTP_PORT PAGE_PORT`, on loopback alone."""

import signal
import sys
from pathlib import Path
from threading import Thread

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from werkzeug.serving import WSGIRequestHandler, make_server

from deploy.stack.mail_sink.mailbox import Mailbox
from deploy.stack.mail_sink.page import create_app
from deploy.stack.ports import HOST

_LARGEST_MESSAGE = 5 * 1024**2


class Keeper:
    """Says 250 only when the message is kept."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep what came; aiosmtpd names this method."""
        content = envelope.original_content or b""
        name = self._mailbox.keep(envelope.mail_from or "", list(envelope.rcpt_tos), content)
        return f"250 2.0.0 Kept as {name}"


class _QuietHandler(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        """Paths of mail say who was written to when, so they are not logged."""


def main(folder: Path, smtp_port: int, page_port: int) -> None:
    """Keep and show mail until told to stop."""
    mailbox = Mailbox(folder)
    smtp = Controller(
        Keeper(mailbox), hostname=HOST, port=smtp_port, data_size_limit=_LARGEST_MESSAGE
    )
    smtp.start()
    page = make_server(
        HOST, page_port, create_app(mailbox), threaded=True, request_handler=_QuietHandler
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        # From a thread of its own: shutdown waits for the loop that this handler interrupts.
        signal.signal(number, lambda *_: Thread(target=page.shutdown).start())
    page.serve_forever()
    smtp.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
