"""The notifier's web application: its API below /api/notifier/v1."""

from flask import Flask

from services.notifier.bootstrap import UNAVAILABLE, Application
from services.notifier.entrypoints.api import PREFIX, notices
from shared.http import health
from shared.http.api import App, create_api


def create_app(application: Application) -> Flask:
    """The WSGI application of this process."""
    app = App(__name__)
    api = create_api(app, title="Remit: notifier", prefix=PREFIX, unavailable=UNAVAILABLE)
    api.register_blueprint(notices.create_blueprint(application))
    app.register_blueprint(health.blueprint(application.engine, PREFIX))
    return app
