"""The conversation over HTTP: submit once, whatever the network does; look; read the notices.

A POST is sent again after a broken connection or a busy answer: its idempotency key makes that
harmless. Written on urllib3: a kept connection, timeouts, Retry-After, and nothing else behind it.
"""

import re
from collections.abc import Mapping
from typing import Any

from urllib3 import BaseHTTPResponse, PoolManager, Retry, Timeout
from urllib3.exceptions import HTTPError

from deploy.asking.choices import Choices
from deploy.asking.standing import Notice, Standing
from shared.identity import new_id

_INTAKE, _NOTIFIER = "/api/intake/v1", "/api/notifier/v1"
_WORDS = "Your words"
_FIELDS = {
    "words": _WORDS,
    "topic": "The topic",
    "support_mode": "The support mode",
    "school": "The school",
}
_BUSY = (429, 502, 503, 504)


class NobodyAnswers(Exception):  # noqa: N818  -- reads as what it says
    """The stack's web address does not answer."""


class NoDivision(Exception):  # noqa: N818  -- reads as what it says
    """The stack runs, and no division is in it yet."""


class Refused(Exception):  # noqa: N818  -- reads as what it says
    """The server will not take it. `problem` is its answer (RFC 9457), `status` the HTTP status."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(problem.get("detail") or f"The server answered {status}.")
        self.status = status
        self.problem = problem

    @property
    def passing(self) -> bool:
        """Whether another try may fare better."""
        return self.status in _BUSY or self.status >= 500

    @property
    def sentence(self) -> str:
        """What is wrong with each field and what would be right; else the server's own words."""
        faults = self.problem.get("errors") or ()
        return " ".join(map(_in_words, faults)) or str(self)


class Client:
    """Speaks for one teacher, by her token; without one it may read what is public."""

    def __init__(self, web_url: str, token: str = "") -> None:
        self._web_url = web_url.rstrip("/")
        self._pool = PoolManager(
            headers={
                "Accept": "application/json",
                **({"Authorization": f"Bearer {token}"} if token else {}),
            },
            timeout=Timeout(connect=3, read=10),
            retries=Retry(
                total=4,
                backoff_factor=0.1,
                status_forcelist=_BUSY,
                allowed_methods=None,
                raise_on_status=False,
                retry_after_max=5,
            ),
        )

    def choices(self) -> Choices:
        """What may be chosen under the model in force; raises NoDivision on an empty stack."""
        schools = self._object("GET", f"{_INTAKE}/schools")["schools"]
        if not schools:
            raise NoDivision
        return Choices.read(self._object("GET", f"{_INTAKE}/model"), schools)

    def submit(self, ask: Mapping[str, str]) -> Standing:
        """Hand in the ask; how it stands at once."""
        key = {"Idempotency-Key": str(new_id())}
        return Standing(answer=self._object("POST", f"{_INTAKE}/requests", json=ask, headers=key))

    def look(self, request_id: str) -> Standing:
        """How the request stands now."""
        return Standing(answer=self._object("GET", f"{_INTAKE}/requests/{request_id}"))

    def notices(self, request_id: str) -> list[Notice]:
        """What its people were told so far."""
        answer = self._object("GET", f"{_NOTIFIER}/notices?request_id={request_id}")
        return [
            Notice(
                part=notice["part"],
                kind=notice["kind"],
                state=notice["state"],
                message_id=notice["message_id"],
            )
            for notice in answer["notices"]
        ]

    def close(self) -> None:
        """Let the kept connection go."""
        self._pool.clear()

    def _object(
        self,
        method: str,
        path: str,
        *,
        json: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        merged = {**self._pool.headers, **(headers or {})}
        try:
            response = self._pool.request(method, self._web_url + path, json=json, headers=merged)
        except HTTPError as error:
            raise NobodyAnswers(self._web_url) from error
        if response.status >= 400:
            raise Refused(response.status, _problem(response))
        answer: dict[str, Any] = response.json()
        return answer


def _in_words(fault: Mapping[str, str]) -> str:
    name = _FIELDS.get(fault["field"], fault["field"])
    message = fault["message"]
    if name == _WORDS:
        message = re.sub("^is ", "are ", re.sub("^has ", "have ", message))
    right = f" Right would be: {fault['right']}." if fault.get("right") else ""
    return f"{name} {message}.{right}"


def _problem(response: BaseHTTPResponse) -> Mapping[str, Any]:
    try:
        problem = response.json()
    except ValueError:
        return {}
    return problem if isinstance(problem, dict) else {}
