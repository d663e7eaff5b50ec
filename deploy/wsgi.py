"""The web application for any WSGI server: a factory, called once in each web process."""

import os
from wsgiref.types import WSGIApplication

from deploy.composition import compose
from deploy.processes.config import Settings
from deploy.processes.guard import die_with_parent


def create() -> WSGIApplication:
    """The services that REMIT_SERVICES names (all by default), wired to this process alone."""
    die_with_parent()
    return compose(Settings.from_env().services, os.environ)
