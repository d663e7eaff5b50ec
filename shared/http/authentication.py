"""Who calls: the bearer of an API token (RFC 6750), looked up anew at every request."""

import re
from collections.abc import Callable
from typing import TypeVar

from flask import Request

from shared.http.problems import ProblemError

A = TypeVar("A")

# The form of our tokens; what does not have it never reaches the database.
_BEARER = re.compile(r"Bearer ([A-Za-z0-9_\-]{20,200})\Z", re.IGNORECASE)
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="remit"'}
_BAD = {"WWW-Authenticate": 'Bearer realm="remit", error="invalid_token"'}


def bearer(request: Request, find: Callable[[str], A | None]) -> A:
    """Who `find` says bears the request's token; raises ProblemError 401 alike for all that fail."""
    found = find(sent_token(request))
    if found is None:
        raise bad_token()
    return found


def sent_token(request: Request) -> str:
    """The request's token, if it may be one of ours; raises ProblemError 401."""
    given = request.headers.get("Authorization")
    if given is None:
        raise ProblemError(401, "no-token", "Send your API token.", headers=_CHALLENGE)
    match = _BEARER.match(given)  # sent twice, it arrives joined by a comma, and does not match
    if match is None:
        raise bad_token()
    return match[1]


def bad_token() -> ProblemError:
    """The problem of a token that nobody bears, whatever the reason."""
    return ProblemError(401, "bad-token", "The token is not, or no longer, good.", headers=_BAD)
