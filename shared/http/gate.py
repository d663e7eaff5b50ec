"""What stands before every application: only our own names, and bodies that do not hold up others.

A body is read whole before an application sees the request, and by some of the threads only: people
who send slowly, or never to the end, find the gate busy, while pages are still drawn for the rest.
"""

import io
from collections.abc import Iterable, Sequence
from threading import BoundedSemaphore
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.sansio.utils import host_is_trusted

# Longer than the largest form; what is longer is refused by the application, which names the limit.
_MOST_READ = 1024 * 1024

_BUSY = "503 Service Unavailable"
_BAD = "400 Bad Request"


class Gate:
    """A WSGI application in front of another. `readers` is how many bodies may be read at once.

    A sender waits for her turn as many seconds as `patience` has, holding a thread, and is then
    told to come again.
    """

    def __init__(
        self,
        behind: WSGIApplication,
        hosts: Sequence[str],
        readers: int,
        *,
        patience: float = 0.5,
    ) -> None:
        self._behind = behind
        self._patience = patience
        self._hosts = list(hosts)
        self._readers = BoundedSemaphore(readers)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Let the request through, or answer in its place."""
        if not host_is_trusted(environ.get("HTTP_HOST", ""), self._hosts):
            return _answer(start_response, _BAD, "This name is not served here.")
        length = _length(environ)
        if 0 < length <= _MOST_READ:
            # Bodies that have arrived are read at once, so in a stampede each waits for its turn; only
            # behind slow senders nobody's comes.
            if not self._readers.acquire(timeout=self._patience):
                return _answer(start_response, _BUSY, "Many are sending now. Please try again.")
            try:
                body = environ["wsgi.input"].read(length)
            finally:
                self._readers.release()
            if len(body) != length:
                return _answer(start_response, _BAD, "The request ended before its body did.")
            environ["wsgi.input"] = io.BytesIO(body)
        return self._behind(environ, start_response)


def _length(environ: WSGIEnvironment) -> int:
    given = environ.get("CONTENT_LENGTH") or "0"
    return int(given) if given.isascii() and given.isdigit() else 0


def _answer(start_response: StartResponse, status: str, detail: str) -> Iterable[bytes]:
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Retry-After", "5")]
    start_response(status, headers)
    return [f"{detail}\n".encode()]
