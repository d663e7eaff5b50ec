"""Every refusal and failure of an API as problem details (RFC 9457), never with what was sent.

A problem says what is wrong, where, and what would be right. It has no stack, no value and no name.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

import orjson
from flask import Flask, Response, request
from marshmallow import Schema, fields
from werkzeug.exceptions import HTTPException, ServiceUnavailable

API = "/api/"
MEDIA_TYPE = "application/problem+json"
_MOST_ERRORS = 20
_FIELD_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}\Z")
_ADVICE = {
    400: "Send the request again in the form that the API's description gives.",
    401: "Send a valid API token as `Authorization: Bearer <token>`.",
    404: "Nothing is here for you. Look at the identifier.",
    405: "Use one of the methods that Allow names.",
    413: "Send a smaller body.",
    415: "Send JSON in UTF-8 as `Content-Type: application/json`.",
    422: "Correct the named fields and send it again.",
    429: "Wait as long as Retry-After says, then send it again.",
    500: "Something broke on our side. What was confirmed to you before is safe.",
    503: "Nothing was stored. Send it again in a moment.",
}


@dataclass(frozen=True, kw_only=True)
class FieldFault:
    """One thing wrong with one field, and what would be right."""

    field: str
    message: str
    right: str = ""


class ProblemError(HTTPException):
    """A refusal with its own words. `kind` tells programs what it is, for good."""

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str,
        *,
        errors: Iterable[FieldFault] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.code = status
        self.kind = kind
        self.errors = tuple(errors)[:_MOST_ERRORS]
        self.more_headers = dict(headers or {})


def not_valid(errors: Iterable[FieldFault]) -> ProblemError:
    """The problem of a request whose fields can not be taken."""
    return ProblemError(422, "not-valid", _ADVICE[422], errors=errors)


def faults_in(messages: Any, place: str = "") -> Iterator[FieldFault]:
    """Marshmallow's nested messages as one flat row, `windows.0.starts_at` and the like."""
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            yield from faults_in(inner, _at(place, name))
        return
    for message in messages if isinstance(messages, list) else [messages]:
        if isinstance(message, FieldFault):
            yield FieldFault(field=place, message=message.message, right=message.right)
        elif isinstance(message, Mapping):
            yield from faults_in(message, place)
        else:
            yield FieldFault(field=place, message=str(message))


def _at(place: str, name: object) -> str:
    """A field's path; a name that we did not give is not repeated."""
    plain = str(name)
    if plain == "_schema":
        return place or "body"
    if not isinstance(name, int) and not _FIELD_NAME.match(plain):
        plain = "(a name we do not know)"
    return f"{place}.{plain}" if place else plain


def answer(error: HTTPException) -> Response:
    """The problem document of any HTTP error."""
    status = error.code or 500
    known = error if isinstance(error, ProblemError) else None
    problem: dict[str, Any] = {
        "type": f"urn:remit:problem:{known.kind}" if known else "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": (known and known.description) or _ADVICE.get(status, HTTPStatus(status).phrase),
        "instance": request.path if _plain_path() else "",
    }
    if known and known.errors:
        problem["errors"] = [asdict(fault) for fault in known.errors]
    response = Response(orjson.dumps(problem), status=status, content_type=MEDIA_TYPE)
    for name in ("Allow", "Retry-After"):
        if value := error.get_response().headers.get(name):
            response.headers[name] = value
    response.headers.update(known.more_headers if known else {})
    return response


def _plain_path() -> bool:
    return bool(re.fullmatch(r"[A-Za-z0-9/_.-]{1,200}", request.path))


def install(app: Flask, unavailable: tuple[type[Exception], ...]) -> None:
    """Answer every error below /api/ as a problem; `unavailable` errors become a 503."""

    def refuse(error: HTTPException) -> Response | HTTPException:
        return answer(error) if is_api() else error

    def try_again(_error: Exception) -> Response | HTTPException:
        return refuse(ServiceUnavailable(retry_after=5))

    app.register_error_handler(HTTPException, refuse)
    for error in unavailable:
        app.register_error_handler(error, try_again)


def is_api() -> bool:
    """Whether the present request is a program's, not a person's."""
    return request.path.startswith(API)


class FieldFaultSchema(Schema):
    field = fields.String(required=True, metadata={"description": "Path of the field"})
    message = fields.String(required=True)
    right = fields.String(required=True, metadata={"description": "What would be right"})


class ProblemSchema(Schema):
    """Problem details, as the API's description shows them."""

    type = fields.String(required=True, metadata={"format": "uri-reference"})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    instance = fields.String()
    errors = fields.List(fields.Nested(FieldFaultSchema))
