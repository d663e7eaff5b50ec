"""School years over HTTP, for admins: the same step as on their pages."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, jsonify

from services.scheduler.bootstrap import Application
from services.scheduler.domain.school_time import SchoolTime
from services.scheduler.domain.schools import KnownSchool
from services.scheduler.domain.year_rules import SchoolTimeError
from services.scheduler.entrypoints.api import PREFIX
from services.scheduler.entrypoints.api.callers import ADMIN, caller, identifier, let_in
from services.scheduler.entrypoints.api.year_schemas import (
    YearIn,
    YearListOut,
    YearOut,
    listed,
    made,
    shown,
)
from services.scheduler.handlers.keeping import YearChanged
from shared.clock import utc_now
from shared.http.api import SECURITY, Blueprint
from shared.http.problems import FieldFault, ProblemError, not_valid


def create_blueprint(application: Application) -> Blueprint:
    """The routes below `/school-years`."""
    blueprint = Blueprint(
        "school_years", __name__, url_prefix=f"{PREFIX}/school-years", description="School years"
    )
    let_in(blueprint, application, frozenset({ADMIN}), _no_school)

    @blueprint.get("")
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=YearListOut)
    def every() -> Response:
        """Every school of the division, and what is known of its year."""
        schools, years = application.schooling.years()
        today = _today(application)
        return jsonify(schools=[listed(one, years.get(one.id), today) for one in schools])

    @blueprint.get("/<school_id>")
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=YearOut)
    @blueprint.alt_response(404, description="No such school, or its year is not known")
    def get(school_id: str) -> Response:
        """The school's year as it stands."""
        school, year = _found(application, school_id)
        if year is None:
            raise ProblemError(404, "year-not-known", "The year of this school is not known yet.")
        return jsonify(shown(school, year))

    @blueprint.put("/<school_id>")
    @blueprint.arguments(YearIn())
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=YearOut)
    @blueprint.alt_response(404, description="No such school")
    @blueprint.alt_response(409, description="Changed since that version")
    @blueprint.alt_response(422, description="No school can live by it; every place is named")
    def put(sent: dict[str, Any], school_id: str) -> Response:
        """Let the school live by exactly this. What it makes impossible is held elsewhere, and asked."""
        school, _year = _found(application, school_id)
        kept = _kept(application, sent, school)
        return jsonify(shown(school, kept))

    return blueprint


def _kept(application: Application, sent: dict[str, Any], school: KnownSchool) -> SchoolTime:
    year = made(sent, school.id)
    try:
        answer = application.schooling.change_year(caller().id, year, seen=sent["version"])
    except SchoolTimeError as error:
        raise not_valid(
            FieldFault(field=fault.field, message=fault.message, right=fault.right)
            for fault in error.faults
        ) from error
    match answer:
        case None:
            raise _no_school()
        case YearChanged():
            raise ProblemError(409, "year-changed", "It changed since you read it. Read it again.")
        case SchoolTime():
            return answer


def _found(application: Application, school_id: str) -> tuple[KnownSchool, SchoolTime | None]:
    found = application.schooling.year(identifier(school_id, _no_school))
    if found is None:
        raise _no_school()
    return found


def _today(application: Application) -> date:
    return utc_now().astimezone(ZoneInfo(application.division().zone)).date()


def _no_school() -> ProblemError:
    return ProblemError(404, "no-such-school", "There is no such school for you.")
