"""The replay of past asks against the draft over HTTP, for admins."""

from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify
from marshmallow import Schema, fields

from services.request_intake.bootstrap import Application
from services.request_intake.domain.model_document import ModelFaults
from services.request_intake.domain.replay import Standing
from services.request_intake.entrypoints.api import PREFIX
from services.request_intake.entrypoints.api import draft_schemas as schemas
from services.request_intake.entrypoints.api.admins import admin, for_admins
from services.request_intake.handlers.drafting import DraftChanged
from shared.http.api import SECURITY, Blueprint
from shared.http.problems import FieldFault, ProblemError, not_valid


class WayOut(Schema):
    decision = fields.String(
        metadata={"description": "in_remit, out_of_remit, unclear, not_offered"}
    )
    topic = fields.String()
    goes_to = fields.List(fields.String())


class FlipOut(Schema):
    """So many asks that would go another way, by one clause of the draft."""

    before = fields.Nested(WayOut)
    after = fields.Nested(WayOut)
    clause = fields.String()
    count = fields.Integer()


class ReplayOut(Schema):
    """How far the replay is: asks judged of all, and what flips so far."""

    revision = fields.Integer()
    started_at = fields.AwareDateTime()
    stopped_at = fields.AwareDateTime(allow_none=True)
    asks = fields.Integer()
    judged = fields.Integer()
    finished = fields.Boolean()
    flips = fields.List(fields.Nested(FlipOut))


_REPLAY = ReplayOut()


def create_blueprint(application: Application) -> Blueprint:
    """The routes below `/draft/replay`."""
    blueprint = Blueprint(
        "replays",
        __name__,
        url_prefix=f"{PREFIX}/draft/replay",
        description="Past asks judged by the draft, for admins",
    )
    for_admins(blueprint, application)

    @blueprint.get("")
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=ReplayOut)
    @blueprint.alt_response(404, description="None was started")
    def standing() -> Response:
        """How far it is; counts by clause, never words."""
        return jsonify(_REPLAY.dump(_standing(application)))

    @blueprint.post("")
    @blueprint.arguments(schemas.SeenIn())
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(202, schema=ReplayOut)
    @blueprint.alt_response(409, description="The draft changed since that revision")
    @blueprint.alt_response(422, description="The draft has holes; every one is named")
    def start(sent: Mapping[str, Any]) -> Response:
        """Judge the asks of the last half year, the newest 10,000 at most, by the draft."""
        try:
            answer = application.replaying.start(admin(), seen=sent["revision"])
        except ModelFaults as faults:
            raise not_valid(
                FieldFault(field=field, message=message, right="see the draft's faults")
                for field, _, message in (line.partition(": ") for line in faults.faults)
            ) from faults
        if isinstance(answer, DraftChanged):
            raise ProblemError(409, "draft-changed", "The draft changed. Read it again.")
        response = jsonify(_REPLAY.dump(_standing(application)))
        response.status_code = 202
        return response

    @blueprint.delete("")
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(204, description="It judges no further")
    def stop() -> Response:
        """Stop it; what was judged stays to be read."""
        application.replaying.stop(admin())
        return Response(status=204)

    return blueprint


def _standing(application: Application) -> Standing:
    found = application.replaying.standing()
    if found is None:
        raise ProblemError(404, "no-replay", "No replay was started yet.")
    return found
