"""An OpenAPI 3.1 API of one service: strict JSON in, orjson out, problems for every refusal."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast
from wsgiref.types import WSGIEnvironment

import flask_smorest  # type: ignore[import-untyped]
import orjson
from flask import Flask, Response, request
from flask.json.provider import JSONProvider
from flask_smorest import Blueprint as SmorestBlueprint
from marshmallow import Schema, ValidationError
from werkzeug.datastructures import Headers

from shared.http import problems
from shared.http.fields import fault
from shared.http.json_body import LARGEST, read_json

V = TypeVar("V", bound=Callable[..., Any])

SECURITY: list[dict[str, list[str]]] = [{"token": []}]


class App(Flask):
    """A service's Flask application, without Flask's own folder of static files."""

    def __init__(self, import_name: str) -> None:
        super().__init__(import_name, static_folder=None)

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Every view and hook of ours is plain; Flask looks whether it is at each of them."""
        return func


class OrjsonProvider(JSONProvider):
    """Flask's JSON by orjson: dataclasses, instants and UUIDs as they are; UTC is written Z."""

    def dumps(self, obj: Any, **_kwargs: Any) -> str:
        """Compact JSON."""
        return orjson.dumps(obj, option=orjson.OPT_UTC_Z).decode()

    def loads(self, s: str | bytes, **_kwargs: Any) -> Any:
        """The value of trusted JSON; requests are read by `read_json`."""
        return orjson.loads(s)

    def response(self, *args: Any, **kwargs: Any) -> Any:
        """An application/json answer, without a second pass through text."""
        shown = self._prepare_response_obj(args, kwargs)
        body = orjson.dumps(shown, option=orjson.OPT_UTC_Z)
        return _Answer(body, mimetype="application/json")


class _Answer(Response):
    """A JSON answer with a body: its headers are whole and plain ASCII as they were set.

    Werkzeug would copy them all, and read and write a Location anew, at every answer.
    """

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:  # noqa: ARG002  -- Werkzeug's
        return self.headers


class _Parser:
    """What flask-smorest reads arguments with: a body as `read_json` does, by its schema.

    It would load them through webargs, whose layers cost as much as the schema itself.
    """

    DEFAULT_VALIDATION_STATUS = 422

    def use_args(self, schema: Schema, *, location: str) -> Callable[[V], V]:
        """A view's decorator: its first argument is what was sent there; refuses with problems."""
        sent = _SENT[location]

        def decorator(view: V) -> V:
            @wraps(view)
            def reading(*args: Any, **kwargs: Any) -> Any:
                try:
                    loaded = schema.load(sent())
                except ValidationError as error:
                    raise problems.not_valid(problems.faults_in(error.messages)) from error
                return view(loaded, *args, **kwargs)

            return cast("V", reading)

        return decorator


def _body() -> Any:
    said_nothing = not (
        request.mimetype
        or request.content_length
        or "chunked" in request.headers.get("Transfer-Encoding", "")
    )
    return {} if said_nothing else read_json(request)


def _query() -> dict[str, str]:
    given = dict(request.args.lists())
    if twice := [name for name, values in given.items() if len(values) > 1]:
        raise ValidationError({name: fault("stands twice", "one value") for name in twice})
    return request.args.to_dict()


_SENT: dict[str, Callable[[], Any]] = {"json": _body, "query": _query}


class Blueprint(SmorestBlueprint):  # type: ignore[misc]
    """A blueprint whose arguments are read strictly."""

    ARGUMENTS_PARSER = _Parser()

    if TYPE_CHECKING:  # flask-smorest is untyped; its decorators keep a view callable

        def get(self, rule: str, **options: Any) -> Callable[[V], V]: ...
        def post(self, rule: str, **options: Any) -> Callable[[V], V]: ...
        def put(self, rule: str, **options: Any) -> Callable[[V], V]: ...
        def delete(self, rule: str, **options: Any) -> Callable[[V], V]: ...
        def doc(self, **documented: Any) -> Callable[[V], V]: ...
        def arguments(self, schema: Any, **options: Any) -> Callable[[V], V]: ...
        def response(self, status_code: int, schema: Any) -> Callable[[V], V]: ...
        def alt_response(self, status_code: int, **documented: Any) -> Callable[[V], V]: ...
        def before_request(self, f: V) -> V: ...


class Api(flask_smorest.Api):  # type: ignore[misc]
    """flask-smorest's Api, with problem details as its errors."""

    ERROR_SCHEMA = problems.ProblemSchema

    def _register_error_handlers(self) -> None:
        """Errors are answered by `problems`, which pages on the same app do not take part in."""


def create_api(
    app: Flask, *, title: str, prefix: str, unavailable: tuple[type[Exception], ...] = ()
) -> Api:
    """Give `app` its API below `prefix`, described at `<prefix>/openapi.json`."""
    app.json = OrjsonProvider(app)
    app.config.setdefault("MAX_CONTENT_LENGTH", LARGEST)
    app.config.update(
        API_TITLE=title,
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=prefix,
        OPENAPI_JSON_PATH="openapi.json",
    )
    problems.install(app, unavailable)
    api = Api(app, spec_kwargs={"servers": [{"url": "/"}]})
    api.spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    return api
