"""Intake's web application: the pages of teachers, and the API below /api/intake/v1."""

from flask import Flask

from services.request_intake.bootstrap import UNAVAILABLE, Application
from services.request_intake.config import Settings
from services.request_intake.entrypoints import pages
from services.request_intake.entrypoints.api import (
    PREFIX,
    additions,
    appraisals,
    division,
    drafts,
    needs,
    open_requests,
    packs,
    replays,
    requests,
    reviews,
)
from services.request_intake.entrypoints.openid import OpenId
from services.request_intake.entrypoints.rate_limits import Limiters, Limits, RateLimiter
from shared.http import browser, health
from shared.http.api import App, create_api
from shared.ui import install as install_look

# Words are read while she types, a few times before they are sent.
_READINGS_AN_ASK = 10


def create_app(application: Application) -> Flask:
    """The WSGI application of this process."""
    app = App(__name__)
    settings = application.settings
    browser.install(
        app, browser.Door(secret_key=settings.secret_key, public_url=settings.public_url)
    )
    limiters = _limiters(settings)
    _add_api(app, application, limiters)
    _add_pages(app, application, limiters)
    return app


def _limiters(settings: Settings) -> Limiters:
    def limiter(name: str, times: int) -> RateLimiter:
        limits = Limits(
            per_account=settings.rate_per_account * times,
            per_address=settings.rate_per_address * times,
            whole=settings.rate_whole * times,
        )
        return RateLimiter(settings.broker_url, limits, name=name)

    return Limiters(asks=limiter("intake", 1), readings=limiter("reading", _READINGS_AN_ASK))


def _add_api(app: Flask, application: Application, limiters: Limiters) -> None:
    api = create_api(app, title="Remit: request intake", prefix=PREFIX, unavailable=UNAVAILABLE)
    api.register_blueprint(requests.create_blueprint(application, limiters.asks))
    api.register_blueprint(needs.create_blueprint(application, limiters.readings))
    api.register_blueprint(division.create_blueprint(application))
    api.register_blueprint(drafts.create_blueprint(application))
    api.register_blueprint(additions.create_blueprint(application))
    api.register_blueprint(appraisals.create_blueprint(application))
    api.register_blueprint(replays.create_blueprint(application))
    api.register_blueprint(open_requests.create_blueprint(application))
    api.register_blueprint(reviews.create_blueprint(application))
    api.register_blueprint(packs.create_blueprint(application))
    app.register_blueprint(health.blueprint(application.engine, PREFIX))


def _add_pages(app: Flask, application: Application, limiters: Limiters) -> None:
    install_look(app, pages.look(application, UNAVAILABLE))
    app.register_blueprint(
        pages.create_blueprint(application, limiters, _openid(app, application.settings))
    )


def _openid(app: Flask, settings: Settings) -> OpenId | None:
    if settings.provider is None:
        return None
    return OpenId(
        app, settings.provider, settings.sign_in_client_id, settings.sign_in_client_secret
    )
