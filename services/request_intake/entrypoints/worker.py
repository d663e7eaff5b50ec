"""The Celery task of intake: a shell around its drain."""

from functools import cache

from celery import shared_task

from services.request_intake.bootstrap import Application, build
from services.request_intake.config import Settings


@cache
def process_application() -> Application:
    """The process's application, built at its first use, which is after the fork."""
    return build(Settings.from_env(), kind="worker")


@shared_task(name="request_intake.drain")
def drain() -> None:
    """Handle what is due for intake, until nothing is due or the time is up."""
    process_application().drain.run()
