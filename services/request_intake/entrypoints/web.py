"""Intake's web application: the pages of teachers, and the API below /api/intake/v1."""

from flask import Flask

from services.request_intake.bootstrap import UNAVAILABLE, Application
from services.request_intake.entrypoints import pages
from services.request_intake.entrypoints.api import PREFIX, division, requests
from services.request_intake.entrypoints.rate_limits import Limits, RateLimiter
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
    limiter = RateLimiter(
        settings.broker_url,
        Limits(
            per_account=settings.rate_per_account,
            per_address=settings.rate_per_address,
            whole=settings.rate_whole,
        ),
        name="intake",
    )
    _add_api(app, application, limiter)
    _add_pages(app, application, limiter)
    return app


def _add_api(app: Flask, application: Application, limiter: RateLimiter) -> None:
    api = create_api(app, title="Remit: request intake", prefix=PREFIX, unavailable=UNAVAILABLE)
    api.register_blueprint(requests.create_blueprint(application, limiter))
    api.register_blueprint(division.create_blueprint(application))
    app.register_blueprint(health.blueprint(application.engine, PREFIX))


def _add_pages(app: Flask, application: Application, limiter: RateLimiter) -> None:
    install_look(app, pages.look(application, UNAVAILABLE))
    app.register_blueprint(pages.create_blueprint(application, limiter))
