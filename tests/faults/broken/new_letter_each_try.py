"""Makes a letter's Message-ID at each try: no server and no calendar can tell a second copy."""

import re
from collections.abc import Callable
from email.utils import make_msgid

from services.notifier.adapters.smtp_mailer import SmtpMailer
from services.notifier.domain.notice import Answer

_MESSAGE_ID = re.compile(rb"^Message-ID:.*$", re.IGNORECASE | re.MULTILINE)


def commit() -> None:
    """Another identity whenever it goes out."""
    hand_over = SmtpMailer.send

    def send(
        mailer: SmtpMailer, address: str, mime: bytes, may_go: Callable[[], bool]
    ) -> Answer | None:
        fresh = f"Message-ID: {make_msgid(domain='larches.example.org')}\r".encode()
        return hand_over(mailer, address, _MESSAGE_ID.sub(fresh, mime, count=1), may_go)

    SmtpMailer.send = send  # type: ignore[method-assign]
