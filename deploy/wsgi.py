"""The web application for any WSGI server: a factory, called once in each web process."""

import gc
import os
from urllib.parse import urlsplit
from wsgiref.types import WSGIApplication

from deploy.composition import compose
from deploy.processes.config import Settings
from deploy.processes.guard import die_with_parent
from shared.http.gate import Gate

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
# So many threads of a process never wait for a body: pages and health stay alive while others are slow.
_ALWAYS_FREE = 4


def create() -> WSGIApplication:
    """The services that REMIT_SERVICES names (all by default), wired to this process alone."""
    die_with_parent()
    settings = Settings.from_env()
    hosts = [urlsplit(settings.public_url).hostname or "", settings.web_host, *_LOOPBACK]
    readers = max(settings.web_threads - _ALWAYS_FREE, 1)
    application = Gate(compose(settings.services, os.environ), hosts, readers)
    # What stands now stands for good: the collector need not walk through it again and again.
    gc.collect()
    gc.freeze()
    return application
