"""Lines to the mail server: opened guarded and signed in, kept while they live, one per sender."""

import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from services.notifier.domain.notice import Misconfigured, ServerAway
from services.notifier.domain.smtp_server import SmtpServer

ASK_WHETHER_ALIVE_AFTER = 5.0
LET_GO_AFTER = 120.0


class NotServedError(Exception):
    """No line that would take mail from us can be had; the answer says whose fault it is."""

    def __init__(self, answer: ServerAway | Misconfigured) -> None:
        super().__init__()
        self.answer = answer


@dataclass
class Line:
    """A line that is open and signed in. `kept`: used before, so it may have died meanwhile."""

    smtp: smtplib.SMTP
    kept: bool = False
    broken: bool = False
    used_at: float = field(default_factory=time.monotonic)

    def hang_up(self) -> None:
        """Close it, politely if that still goes."""
        with suppress(smtplib.SMTPException, OSError):
            self.smtp.quit()
        self.smtp.close()


class SmtpLines:
    """Lends lines to any number of threads; a line lent out is nobody else's."""

    def __init__(
        self, server: SmtpServer, command_seconds: float, trust: Callable[[], ssl.SSLContext]
    ) -> None:
        self._server = server
        self._command_seconds = command_seconds
        self._trust = trust
        self._idle: list[Line] = []
        self._lock = threading.Lock()

    @contextmanager
    def lent(self, *, fresh: bool) -> Iterator[Line]:
        """A line for one letter: a kept one that answers, unless a fresh one is asked for."""
        line = (None if fresh else self._alive()) or self.open()
        try:
            yield line
        except BaseException:
            line.broken = True
            raise
        finally:
            self._take_back(line)

    def open(self) -> Line:
        """A new line; NotServedError when the server is away or will not have us."""
        try:
            smtp = self._connected()
        except ssl.SSLError as error:
            raise NotServedError(Misconfigured(code=None, reply="tls refused")) from error
        except smtplib.SMTPResponseException as error:
            raise NotServedError(ServerAway(code=error.smtp_code)) from error
        except (smtplib.SMTPException, OSError) as error:
            raise NotServedError(ServerAway()) from error
        try:
            self._guard_and_sign_in(smtp)
        except NotServedError:
            smtp.close()
            raise
        return Line(smtp)

    def close(self) -> None:
        """Hang up every idle line."""
        while (line := self._pop()) is not None:
            line.hang_up()

    def _connected(self) -> smtplib.SMTP:
        where = (self._server.host, self._server.port)
        ours = socket.gethostname() or "localhost"
        if self._server.guard == "tls":
            return smtplib.SMTP_SSL(
                *where, ours, timeout=self._command_seconds, context=self._trust()
            )
        return smtplib.SMTP(*where, ours, timeout=self._command_seconds)

    def _guard_and_sign_in(self, smtp: smtplib.SMTP) -> None:
        server = self._server
        try:
            smtp.ehlo_or_helo_if_needed()
            if server.guard == "starttls":
                smtp.starttls(context=self._trust())
                smtp.ehlo()
            if server.user is not None:
                smtp.login(server.user, server.password or "")
        except smtplib.SMTPNotSupportedError as error:
            # Without the guard that was asked for nothing is said at all: no letter, no password.
            raise NotServedError(Misconfigured(code=None, reply="not offered")) from error
        except ssl.SSLError as error:
            raise NotServedError(Misconfigured(code=None, reply="tls refused")) from error
        except smtplib.SMTPResponseException as error:
            raise NotServedError(_refused(error)) from error
        except (smtplib.SMTPException, OSError) as error:
            raise NotServedError(ServerAway()) from error

    def _alive(self) -> Line | None:
        """A kept line, asked first whether it lives when it has been quiet for a while."""
        while (line := self._pop()) is not None:
            quiet = time.monotonic() - line.used_at
            if quiet < ASK_WHETHER_ALIVE_AFTER:
                return line
            if quiet < LET_GO_AFTER and _answers(line):
                return line
            line.hang_up()
        return None

    def _pop(self) -> Line | None:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _take_back(self, line: Line) -> None:
        if line.broken:
            line.smtp.close()
            return
        line.kept, line.used_at = True, time.monotonic()
        with self._lock:
            self._idle.append(line)


def _answers(line: Line) -> bool:
    try:
        return bool(line.smtp.noop()[0] == 250)
    except (smtplib.SMTPException, OSError):
        return False


def _refused(error: smtplib.SMTPResponseException) -> ServerAway | Misconfigured:
    if 500 <= error.smtp_code < 600:
        return Misconfigured(code=error.smtp_code, reply="sign-in refused")
    return ServerAway(code=error.smtp_code)
