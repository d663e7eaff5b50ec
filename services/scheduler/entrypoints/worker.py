"""The Celery task of the scheduler: a shell around its drain."""

from functools import cache

from celery import shared_task

from services.scheduler.bootstrap import Application, build
from services.scheduler.config import Settings


@cache
def process_application() -> Application:
    """The process's application, built at its first use, which is after the fork."""
    return build(Settings.from_env(), kind="worker")


@shared_task(name="scheduler.drain")
def drain() -> None:
    """Handle what is due for the scheduler, until nothing is due or the time is up."""
    process_application().drain.run()
