"""Put services together in one process: this is the only place that knows all three."""

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from shared.messaging.routing import INTAKE, NOTIFIER, SCHEDULER, SERVICES

# request_intake is the front door: what nobody else claims is its.
PREFIXES = {
    SCHEDULER: (
        "/api/scheduler",
        "/coach",
        "/coaches",
        "/closures",
        "/cycles",
        "/hand-over",
        "/meetings",
        "/my-hours",
        "/my-time",
        "/my-timetable",
        "/offers",
        "/our-part",
        "/school-years",
        "/travel",
        "/weights",
        "/why",
    ),
    NOTIFIER: ("/api/notifier",),
    INTAKE: ("",),
}


def build(service: str, environ: Mapping[str, str], *, kind: str) -> Any:
    """The wired application of one service, for a web or a worker process."""
    settings = import_module(f"services.{service}.config").Settings.from_env(environ)
    return import_module(f"services.{service}.bootstrap").build(settings, kind=kind)


def preload(services: Iterable[str] = SERVICES) -> None:
    """Import what `compose` needs, so that forked processes share it and start at once."""
    for service in services:
        import_module(f"services.{service}.bootstrap")
        import_module(f"services.{service}.entrypoints.web")


def compose(services: Iterable[str], environ: Mapping[str, str]) -> WSGIApplication:
    """One WSGI application that serves these services, each under its own paths."""
    routes: list[tuple[str, WSGIApplication]] = []
    for service in services:
        create: Callable[[Any], WSGIApplication]
        create = import_module(f"services.{service}.entrypoints.web").create_app
        app = create(build(service, environ, kind="web"))
        routes += [(prefix, app) for prefix in PREFIXES[service]]
    return by_path(routes)


def by_path(routes: Iterable[tuple[str, WSGIApplication]]) -> WSGIApplication:
    """Hand each request to the application with the longest prefix of its path, path unchanged."""
    longest_first = sorted(routes, key=lambda route: -len(route[0]))

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        for prefix, app in longest_first:
            if path == prefix or path.startswith(f"{prefix}/"):
                return app(environ, start_response)
        start_response("404 Not Found", [("Content-Type", "text/plain")])
        return [b"Nothing is here.\n"]

    return application
