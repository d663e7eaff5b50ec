from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
from werkzeug.test import Client

from deploy.composition import PREFIXES, by_path
from shared.messaging.routing import SERVICES


def an_app(name: str) -> WSGIApplication:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [])
        return [f"{name} {environ['SCRIPT_NAME']}{environ['PATH_INFO']}".encode()]

    return app


def the_house() -> Client:
    return Client(by_path((prefix, an_app(name)) for name in SERVICES for prefix in PREFIXES[name]))


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("/", "request_intake"),
        ("/api/intake/v1/requests", "request_intake"),
        ("/api/scheduler/v1/health", "scheduler"),
        ("/coach", "scheduler"),
        ("/coach/today", "scheduler"),
        ("/coaches-of-the-year", "request_intake"),
        ("/api/notifier/v1/health", "notifier"),
    ],
)
def test_each_path_reaches_its_service_unchanged(path: str, service: str) -> None:
    assert the_house().get(path).text == f"{service} {path}"


def test_a_process_without_the_front_door_knows_no_other_paths() -> None:
    alone = Client(by_path([("/api/notifier", an_app("notifier"))]))
    assert alone.get("/api/intake/v1/health").status_code == 404
