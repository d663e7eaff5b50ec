"""The scheduler's web application: for now its API below /api/scheduler/v1."""

from flask import Flask

from services.scheduler.bootstrap import UNAVAILABLE, Application
from services.scheduler.entrypoints.api import PREFIX, matches
from shared.http import health
from shared.http.api import App, create_api


def create_app(application: Application) -> Flask:
    """The WSGI application of this process."""
    app = App(__name__)
    api = create_api(app, title="Remit: scheduler", prefix=PREFIX, unavailable=UNAVAILABLE)
    api.register_blueprint(matches.create_blueprint(application))
    app.register_blueprint(health.blueprint(application.engine, PREFIX))
    return app
