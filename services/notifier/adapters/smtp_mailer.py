"""Hands letters to the mail server, and says plainly what came of each.

One reader a letter, so nothing is ever accepted in part. Up to the server's 354 a broken line means
that nothing was taken; after it, until the answer to the final dot, nobody can say.
"""

import re
import smtplib
import ssl
from collections.abc import Callable

from services.notifier.adapters.smtp_lines import Line, NotServedError, SmtpLines
from services.notifier.domain.notice import (
    Accepted,
    Answer,
    Deferred,
    InDoubt,
    Misconfigured,
    Refused,
    ServerAway,
)
from services.notifier.domain.smtp_server import SmtpServer
from services.notifier.ports import Begun

COMMAND_SECONDS = 30.0
# RFC 5321, 4.5.3.2.6: a shorter wait for the answer to the final dot makes second copies.
FINAL_DOT_SECONDS = 600.0
_GOING_AWAY = 421
_ABOUT_OUR_SIGN_IN = frozenset({530, 534, 535, 538})
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)
_ADDRESS = re.compile(r"\S*@\S*")
_NOT_PRINTABLE = re.compile(r"[^ -~]+")
_LONGEST_REPLY = 120


class _NotTakenError(Exception):
    """The conversation ended before the letter was handed over; nothing was taken."""

    def __init__(self, answer: Answer, *, line_lost: bool = False) -> None:
        super().__init__()
        self.answer = answer
        self.line_lost = line_lost


class _KeptLineLostError(Exception):
    """A line that had been quiet was dead: nothing was taken, and a fresh one may do."""


class SmtpMailer:
    """A mailer for any number of sender threads; each has a line of its own while it sends."""

    def __init__(
        self,
        server: SmtpServer,
        sender: str,
        *,
        command_seconds: float = COMMAND_SECONDS,
        final_dot_seconds: float = FINAL_DOT_SECONDS,
        trust: Callable[[], ssl.SSLContext] = ssl.create_default_context,
    ) -> None:
        self._sender = sender
        self._command_seconds = command_seconds
        self._final_dot_seconds = final_dot_seconds
        self._lines = SmtpLines(server, command_seconds, trust)

    def send(self, address: str, mime: bytes, may_go: Begun) -> Answer | None:
        """Hand one letter over. A kept line that died has taken nothing, and is replaced once."""
        try:
            return self._tried(address, mime, may_go, fresh=False)
        except _KeptLineLostError:
            return self._on_fresh_line(address, mime, may_go)
        except NotServedError as refusal:
            return refusal.answer

    def probe(self) -> ServerAway | Misconfigured | None:
        """Sign in on a fresh line and say who we are, but send nothing."""
        try:
            with self._lines.lent(fresh=True) as line:
                self._introduce(line)
                line.smtp.rset()
        except NotServedError as refusal:
            return refusal.answer
        except _NotTakenError as end:
            return end.answer if isinstance(end.answer, Misconfigured) else ServerAway()
        except (smtplib.SMTPException, OSError):
            return ServerAway()
        return None

    def close(self) -> None:
        """Hang up."""
        self._lines.close()

    def _on_fresh_line(self, address: str, mime: bytes, may_go: Begun) -> Answer | None:
        try:
            return self._tried(address, mime, may_go, fresh=True)
        except NotServedError as refusal:
            return refusal.answer

    def _tried(self, address: str, mime: bytes, may_go: Begun, *, fresh: bool) -> Answer | None:
        with self._lines.lent(fresh=fresh) as line:
            try:
                self._introduce(line)
                self._address(line, address)
                if not may_go():
                    line.broken = not _starts_over(line)
                    return None
                self._announce_data(line)
            except _NotTakenError as end:
                line.broken = end.line_lost or not _starts_over(line)
                if end.line_lost and line.kept:
                    raise _KeptLineLostError from end
                return end.answer
            return self._hand_over(line, mime)

    def _introduce(self, line: Line) -> None:
        code, reply = _asked(lambda: line.smtp.mail(self._sender))
        if code >= 500:
            raise _NotTakenError(Misconfigured(code=code, reply=_short(reply)))
        if code != 250:
            raise _NotTakenError(Deferred(code=code, reply=_short(reply)))

    def _address(self, line: Line, address: str) -> None:
        code, reply = _asked(lambda: line.smtp.rcpt(address))
        if code not in (250, 251):
            raise _NotTakenError(_not_taken(code, reply))

    def _announce_data(self, line: Line) -> None:
        code, reply = _asked(lambda: line.smtp.docmd("data"))
        if code != 354:
            raise _NotTakenError(_not_taken(code, reply))

    def _hand_over(self, line: Line, mime: bytes) -> Answer:
        """From here on a broken line is a doubt."""
        smtp = line.smtp
        try:
            smtp.send(_LEADING_DOT.sub(b"..", mime) + b".\r\n")
            if smtp.sock is not None:
                smtp.sock.settimeout(self._final_dot_seconds)
            code, reply = smtp.getreply()
            if smtp.sock is not None:
                smtp.sock.settimeout(self._command_seconds)
        except (smtplib.SMTPException, OSError):
            line.broken = True
            return InDoubt()
        if code == 250:
            return Accepted(code=code, reply=_short(reply))
        line.broken = True
        return _not_taken(code, reply)


def _asked(command: Callable[[], tuple[int, bytes]]) -> tuple[int, bytes]:
    """A command's answer; _NotTakenError with the line lost when it closes or says it is going."""
    try:
        code, reply = command()
    except (smtplib.SMTPException, OSError) as error:
        lost = Deferred(code=None, reply="line lost")
        raise _NotTakenError(lost, line_lost=True) from error
    if code == _GOING_AWAY:
        raise _NotTakenError(Deferred(code=code, reply=_short(reply)), line_lost=True)
    return code, reply


def _starts_over(line: Line) -> bool:
    try:
        return bool(line.smtp.rset()[0] == 250)
    except (smtplib.SMTPException, OSError):
        return False


def _not_taken(code: int, reply: bytes) -> Refused | Deferred | Misconfigured:
    if code in _ABOUT_OUR_SIGN_IN:
        return Misconfigured(code=code, reply=_short(reply))
    if 500 <= code < 600:
        return Refused(code=code, reply=_short(reply))
    return Deferred(code=code, reply=_short(reply))


def _short(reply: bytes) -> str:
    """What the server said, without addresses, in one line that may be shown to a person."""
    text = _NOT_PRINTABLE.sub(" ", reply.decode("ascii", "replace"))
    return _ADDRESS.sub("(address)", text)[:_LONGEST_REPLY].strip()
