"""The scheduler's web application: its pages, and the API below /api/scheduler/v1."""

from flask import Flask

from services.scheduler.bootstrap import UNAVAILABLE, Application
from services.scheduler.entrypoints import pages
from services.scheduler.entrypoints.api import (
    PREFIX,
    coaches,
    matches,
    school_years,
    timetables,
    travel,
)
from shared.http import browser, health
from shared.http.api import App, create_api
from shared.ui import install as install_look


def create_app(application: Application) -> Flask:
    """The WSGI application of this process."""
    app = App(__name__)
    settings = application.settings
    browser.install(
        app, browser.Door(secret_key=settings.secret_key, public_url=settings.public_url)
    )
    api = create_api(app, title="Remit: scheduler", prefix=PREFIX, unavailable=UNAVAILABLE)
    api.register_blueprint(matches.create_blueprint(application))
    api.register_blueprint(coaches.create_blueprint(application))
    api.register_blueprint(school_years.create_blueprint(application))
    api.register_blueprint(timetables.create_blueprint(application))
    api.register_blueprint(travel.create_blueprint(application))
    install_look(app, pages.look(application))
    app.register_blueprint(pages.create_blueprint(application))
    app.register_blueprint(health.blueprint(application.engine, PREFIX))
    return app
