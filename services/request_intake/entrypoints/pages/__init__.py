"""A teacher's pages: ask, see what happens and why, take it back; an admin's: the coaching model.

They work without JavaScript.

They know the same use cases as the API and nothing below them.
"""

from flask import Blueprint, url_for

from services.request_intake.bootstrap import Application
from services.request_intake.entrypoints.openid import OpenId
from services.request_intake.entrypoints.pages import personas, sitting
from services.request_intake.entrypoints.pages.appraising import AppraisalPages
from services.request_intake.entrypoints.pages.asking import Asking
from services.request_intake.entrypoints.pages.following import Following
from services.request_intake.entrypoints.pages.modelling import Modelling
from services.request_intake.entrypoints.pages.packs import Packs, install_limits
from services.request_intake.entrypoints.pages.pulsing import Pulsing
from services.request_intake.entrypoints.pages.replaying import Replaying
from services.request_intake.entrypoints.pages.reviewing import Reviewing
from services.request_intake.entrypoints.pages.role import Role
from services.request_intake.entrypoints.pages.schools import Schools
from services.request_intake.entrypoints.pages.signing_in import SigningIn
from services.request_intake.entrypoints.rate_limits import Limiters
from shared.http.browser import check_form
from shared.ui import Look


def create_blueprint(
    application: Application, limiters: Limiters, openid: OpenId | None
) -> Blueprint:
    """The teacher's pages, from `/` on; `shared.http.browser` and `shared.ui` are installed first."""
    blueprint = Blueprint("pages", __name__, template_folder="templates")
    install_limits(blueprint)
    blueprint.before_request(check_form)
    sitting.install(blueprint, application)
    personas.install(blueprint, application)
    SigningIn(application, openid).install(blueprint)
    Asking(application, limiters, application.clock).install(blueprint)
    Following(application, application.clock).install(blueprint)
    Modelling(application, application.clock).install(blueprint)
    Replaying(application, application.clock).install(blueprint)
    Schools(application).install(blueprint)
    AppraisalPages(application).install(blueprint)
    Role(application).install(blueprint)
    Reviewing(application, application.clock).install(blueprint)
    Pulsing(application, application.clock).install(blueprint)
    Packs(application).install(blueprint)
    return blueprint


def look(application: Application, unavailable: tuple[type[Exception], ...]) -> Look:
    """How these pages look; `unavailable` errors become a page that keeps what was typed."""
    return Look(
        layout="intake/layout.html",
        home_url=lambda: url_for("pages.who"),
        division_name=lambda: sitting.division_name(application) or "",
        zone=lambda: application.model().model.division.zone,
        typed=("words", "room", "sentence", "reason"),
        unavailable=unavailable,
    )
