"""The scheduler's web application: its pages, and the API below /api/scheduler/v1."""

from flask import Flask

from services.scheduler.bootstrap import UNAVAILABLE, Application
from services.scheduler.entrypoints import pages
from services.scheduler.entrypoints.api import (
    PREFIX,
    closures,
    coaches,
    covers,
    free_times,
    matches,
    meetings,
    offers,
    own_time,
    school_years,
    timetables,
    travel,
    week_caps,
    weights,
)
from shared.http import browser, health
from shared.http.api import App, create_api
from shared.ui import install as install_look

_SUBJECTS = (
    *(matches, coaches, free_times, closures, covers),
    *(meetings, offers, own_time, school_years, timetables, travel, week_caps, weights),
)


def create_app(application: Application) -> Flask:
    """The WSGI application of this process."""
    app = App(__name__)
    settings = application.settings
    browser.install(
        app, browser.Door(secret_key=settings.secret_key, public_url=settings.public_url)
    )
    api = create_api(app, title="Remit: scheduler", prefix=PREFIX, unavailable=UNAVAILABLE)
    for subject in _SUBJECTS:
        api.register_blueprint(subject.create_blueprint(application))
    install_look(app, pages.look(application))
    app.register_blueprint(pages.create_blueprint(application))
    app.register_blueprint(health.blueprint(application.engine, PREFIX))
    return app
