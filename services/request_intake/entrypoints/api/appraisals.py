"""Who appraises whom over HTTP, for admins: the same step as on their page."""

from collections.abc import Iterable

from flask import Response, jsonify
from marshmallow import Schema, fields

from services.request_intake.bootstrap import Application
from services.request_intake.domain.appraisal import SAID, Appraisal, Fault, Wrong
from services.request_intake.entrypoints.api import PREFIX
from services.request_intake.entrypoints.api.admins import admin, for_admins
from services.request_intake.handlers.appraising import AppraisalRefused, Pair
from shared.http.api import SECURITY, Blueprint
from shared.http.fields import read_uuid
from shared.http.problems import FieldFault, ProblemError, not_valid


class AppraisalPersonOut(Schema):
    """Somebody of the division; who is of the office has no school."""

    id = fields.UUID()
    name = fields.String()
    school = fields.String()


class AppraisalOut(Schema):
    """She appraises the teacher, so that she never coaches her. `by` is empty for Remit itself."""

    coach = fields.Nested(AppraisalPersonOut)
    teacher = fields.Nested(AppraisalPersonOut)
    version = fields.Integer()
    kept_at = fields.AwareDateTime()
    by = fields.String()


class AppraisalListOut(Schema):
    """All that stand, by the names of coach and teacher."""

    appraisals = fields.List(fields.Nested(AppraisalOut))


class AppraisalSaidOut(Schema):
    """How it stands between the two now, and whether this request changed it.

    `version` counts what was said of them; 0 when nothing ever was.
    """

    coach_id = fields.UUID()
    teacher_id = fields.UUID()
    stands = fields.Boolean()
    version = fields.Integer()
    changed = fields.Boolean()


_LIST = AppraisalListOut()
_SAID = AppraisalSaidOut()


def create_blueprint(application: Application) -> Blueprint:
    """The routes below `/appraisals`."""
    blueprint = Blueprint(
        "appraisals",
        __name__,
        url_prefix=f"{PREFIX}/appraisals",
        description="Who appraises whom",
    )
    for_admins(blueprint, application)

    @blueprint.get("")
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=AppraisalListOut)
    def every() -> Response:
        """All that stand."""
        return jsonify(_LIST.dump({"appraisals": application.appraising.standing()}))

    @blueprint.put("/<coach_id>/<teacher_id>")
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=AppraisalSaidOut)
    @blueprint.alt_response(404, description="One of the two is nobody here")
    @blueprint.alt_response(422, description="Not a coach and another person who is a teacher")
    def put(coach_id: str, teacher_id: str) -> Response:
        """She appraises this teacher. What is booked between the two is offered with others."""
        return _keep(application, _pair(coach_id, teacher_id), stands=True)

    @blueprint.delete("/<coach_id>/<teacher_id>")
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=AppraisalSaidOut)
    @blueprint.alt_response(404, description="One of the two is nobody here")
    def delete(coach_id: str, teacher_id: str) -> Response:
        """She appraises this teacher no more, and may coach her again. What was said stays known."""
        return _keep(application, _pair(coach_id, teacher_id), stands=False)

    return blueprint


def _pair(coach_id: str, teacher_id: str) -> Pair:
    coach, teacher = read_uuid(coach_id), read_uuid(teacher_id)
    if coach is None or teacher is None:
        given = {"coach": coach, "teacher": teacher}
        raise _nobody(Fault(field=f, wrong=Wrong.NOBODY) for f, id_ in given.items() if not id_)
    return Pair(coach_id=coach, teacher_id=teacher)


def _keep(application: Application, pair: Pair, *, stands: bool) -> Response:
    said = application.appraising.keep(admin(), pair, stands=stands)
    if isinstance(said, AppraisalRefused):
        if any(fault.wrong is Wrong.NOBODY for fault in said.faults):
            raise _nobody(said.faults)
        raise not_valid(_faults(said.faults))
    found: Appraisal | None = said.appraisal
    shown = {
        "coach_id": pair.coach_id,
        "teacher_id": pair.teacher_id,
        "stands": stands,
        "version": found.version if found else 0,
        "changed": said.changed,
    }
    return jsonify(_SAID.dump(shown))


def _nobody(faults: Iterable[Fault]) -> ProblemError:
    detail = "One of the two is nobody here."
    return ProblemError(404, "no-such-person", detail, errors=_faults(faults))


def _faults(faults: Iterable[Fault]) -> list[FieldFault]:
    found = []
    for fault in faults:
        message, right = SAID[fault.wrong]
        found.append(FieldFault(field=f"{fault.field}_id", message=message, right=right))
    return found
