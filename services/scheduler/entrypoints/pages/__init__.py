"""The scheduler's pages: an admin appoints coaches and keeps schools' time, a teacher answers an offer."""

from flask import Blueprint, abort, g, redirect, request, session
from werkzeug.wrappers import Response

from services.scheduler.bootstrap import UNAVAILABLE, Application
from services.scheduler.entrypoints.pages import rights
from services.scheduler.entrypoints.pages.appointing import Appointing
from services.scheduler.entrypoints.pages.closing import ClosingSchools
from services.scheduler.entrypoints.pages.closing_sessions import ClosingSessions
from services.scheduler.entrypoints.pages.cycles import Cycles
from services.scheduler.entrypoints.pages.handing_over import HandingOver
from services.scheduler.entrypoints.pages.meetings import Meetings
from services.scheduler.entrypoints.pages.my_hours import MyHours
from services.scheduler.entrypoints.pages.my_time import MyTime
from services.scheduler.entrypoints.pages.offers import Offers
from services.scheduler.entrypoints.pages.school_years import SchoolYears
from services.scheduler.entrypoints.pages.timetables import Timetables
from services.scheduler.entrypoints.pages.travelling import Travel
from services.scheduler.entrypoints.pages.week_caps import WeekCaps
from services.scheduler.entrypoints.pages.weighing import Weighed
from services.scheduler.entrypoints.pages.why import Why
from shared.http.browser import SESSION_KEY, check_form
from shared.ui import Look

_SIGN_IN = "/"
_PAGES = (
    *(Appointing, ClosingSchools, ClosingSessions, Cycles, HandingOver, Meetings, MyHours, MyTime),
    *(Offers, SchoolYears, Timetables, Travel, Weighed, WeekCaps, Why),
)


def create_blueprint(application: Application) -> Blueprint:
    """The pages; `shared.http.browser` and `shared.ui` are installed first."""
    blueprint = Blueprint("pages", __name__, template_folder="templates")
    blueprint.before_request(check_form)

    @blueprint.before_request
    def find_actor() -> Response | None:
        secret = session.get(SESSION_KEY)
        g.actor = application.sitting(secret) if isinstance(secret, str) else None
        if g.actor is None:
            return redirect(_SIGN_IN, 303)
        if not rights.may(g.actor.role, request.endpoint):
            abort(404)  # what is not hers does not exist for her
        return None

    for pages in _PAGES:
        pages(application).install(blueprint)
    return blueprint


def look(application: Application) -> Look:
    """How these pages look."""
    return Look(
        layout="scheduler/layout.html",
        home_url=lambda: _SIGN_IN,
        division_name=lambda: application.division().name,
        zone=lambda: application.division().zone,
        unavailable=UNAVAILABLE,
    )
