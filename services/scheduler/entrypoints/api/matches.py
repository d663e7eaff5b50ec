"""Why this coach and this time: the explained match over HTTP, to each as much as is hers to know."""

from flask import Response, jsonify
from marshmallow import Schema, fields

from services.scheduler.bootstrap import Application
from services.scheduler.domain.explained import ExplainedMatch
from services.scheduler.entrypoints.api import PREFIX
from services.scheduler.entrypoints.api.callers import (
    ADMIN,
    COACH,
    TEACHER,
    caller,
    identifier,
    let_in,
)
from shared.http.api import SECURITY, Blueprint
from shared.http.fields import AwareDateTime, StrictUUID
from shared.http.problems import ProblemError


class ReasonOut(Schema):
    """One reason: a stable code, the sentence, and a count where something was counted."""

    code = fields.String()
    sentence = fields.String()
    count = fields.Integer(allow_none=True)


class CandidateOut(Schema):
    """A coach whose role covers the request, and how she did."""

    coach_id = StrictUUID()
    coach_name = fields.String()
    coach_type = fields.String()
    verdict = fields.String(
        metadata={"description": "possible, no_time, fully_booked, too_far, protected, herself"}
    )
    starts_at = AwareDateTime(allow_none=True)
    total = fields.Float(allow_none=True)
    points = fields.Dict(keys=fields.String(), values=fields.Float())


class EarlierOut(Schema):
    """What was decided before, and is so no more."""

    decided_at = AwareDateTime()
    coach_name = fields.String(allow_none=True)
    reasons = fields.List(fields.Nested(ReasonOut))


class MatchOut(Schema):
    """The newest decision. `candidates` and `weights` are for the chosen coach and for admins."""

    request_id = StrictUUID()
    version = fields.Integer()
    decided_at = AwareDateTime()
    coach_id = StrictUUID(allow_none=True)
    coach_name = fields.String(allow_none=True)
    starts_at = AwareDateTime(allow_none=True)
    ends_at = AwareDateTime(allow_none=True)
    reasons = fields.List(fields.Nested(ReasonOut))
    candidates = fields.List(fields.Nested(CandidateOut))
    weights = fields.Dict(keys=fields.String(), values=fields.Float())
    others = fields.String(metadata={"description": "The others, counted, without their names"})
    earlier = fields.List(fields.Nested(EarlierOut))


_MATCH = MatchOut()


def create_blueprint(application: Application) -> Blueprint:
    """The routes below `/requests`."""
    blueprint = Blueprint(
        "matches", __name__, url_prefix=f"{PREFIX}/requests", description="Explained matches"
    )

    let_in(blueprint, application, frozenset({ADMIN, COACH, TEACHER}), _no_match)

    @blueprint.get("/<request_id>/match")
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=MatchOut)
    @blueprint.alt_response(404, description="Nothing was decided, or it is not yours to see")
    def match(request_id: str) -> Response:
        """Why this coach and this time, or why it waits, and what the others lacked."""
        return jsonify(_MATCH.dump(_found(application, request_id)))

    return blueprint


def _found(application: Application, request_id: str) -> ExplainedMatch:
    found = application.explain(caller(), identifier(request_id, _no_match))
    if found is None:
        raise _no_match()
    return found


def _no_match() -> ProblemError:
    return ProblemError(404, "no-such-match", "There is no match of such a request for you.")
