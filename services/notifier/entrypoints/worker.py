"""The Celery task of the notifier: a shell around its drain."""

from threading import Lock

from celery import shared_task

from services.notifier.bootstrap import Application, build
from services.notifier.config import Settings

_lock = Lock()
_built: list[Application] = []


def process_application() -> Application:
    """The process's application, built once at its first use, though several threads may ask."""
    with _lock:
        if not _built:
            _built.append(build(Settings.from_env(), kind="worker"))
        return _built[0]


@shared_task(name="notifier.drain")
def drain() -> None:
    """Handle what is due for the notifier, until nothing is due or the time is up."""
    process_application().drain.run()
