"""An OpenAPI 3.1 API of one service: strict JSON in, orjson out, problems for every refusal."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import flask_smorest  # type: ignore[import-untyped]
import orjson
from flask import Flask, Request, Response
from flask.json.provider import JSONProvider
from flask_smorest import Blueprint as SmorestBlueprint
from webargs.flaskparser import FlaskParser

from shared.http import problems
from shared.http.json_body import LARGEST, read_json

V = TypeVar("V", bound=Callable[..., Any])

SECURITY: list[dict[str, list[str]]] = [{"token": []}]


class OrjsonProvider(JSONProvider):
    """Flask's JSON by orjson: dataclasses, instants and UUIDs as they are."""

    def dumps(self, obj: Any, **_kwargs: Any) -> str:
        """Compact JSON."""
        return orjson.dumps(obj).decode()

    def loads(self, s: str | bytes, **_kwargs: Any) -> Any:
        """The value of trusted JSON; requests are read by `read_json`."""
        return orjson.loads(s)

    def response(self, *args: Any, **kwargs: Any) -> Any:
        """An application/json answer, without a second pass through text."""
        body = orjson.dumps(self._prepare_response_obj(args, kwargs))
        return Response(body, mimetype="application/json")


class _Parser(FlaskParser):
    """Reads arguments as `read_json` does, and refuses with problems."""

    def load_json(self, req: Request, schema: Any) -> Any:  # noqa: ARG002  -- webargs' own
        said_nothing = not (
            req.mimetype
            or req.content_length
            or "chunked" in req.headers.get("Transfer-Encoding", "")
        )
        return {} if said_nothing else read_json(req)

    def handle_error(self, error: Any, *_args: Any, **_kwargs: Any) -> NoReturn:
        messages = error.messages_dict
        raise problems.not_valid(problems.faults_in(messages.get("json", messages))) from error


class Blueprint(SmorestBlueprint):  # type: ignore[misc]
    """A blueprint whose arguments are read strictly."""

    ARGUMENTS_PARSER = _Parser()

    if TYPE_CHECKING:  # flask-smorest is untyped; its decorators keep a view callable

        def get(self, rule: str, **options: Any) -> Callable[[V], V]: ...
        def post(self, rule: str, **options: Any) -> Callable[[V], V]: ...
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
