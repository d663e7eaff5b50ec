"""Open requests that the model in force would decide otherwise than their version did, for admins."""

from flask import Response, jsonify
from marshmallow import Schema, fields

from services.request_intake.bootstrap import Application
from services.request_intake.entrypoints.api import PREFIX
from services.request_intake.entrypoints.api.admins import for_admins
from services.request_intake.entrypoints.api.replays import WayOut
from shared.http.api import SECURITY, Blueprint


class ElsewhereOut(Schema):
    """One request: what was decided, and what would be now; never its words."""

    id = fields.UUID(attribute="request.ask.id")
    school = fields.String(attribute="request.school")
    state = fields.String(attribute="request.state")
    submitted_at = fields.AwareDateTime(attribute="request.submitted_at")
    model_version = fields.Integer(attribute="request.model_version")
    before = fields.Nested(WayOut, attribute="flip.before")
    after = fields.Nested(WayOut, attribute="flip.after")
    clause = fields.String(attribute="flip.clause")


class JudgedOut(Schema):
    """Of all open requests of earlier versions the oldest are judged."""

    version = fields.Integer()
    open = fields.Integer()
    judged = fields.Integer()
    elsewhere = fields.List(fields.Nested(ElsewhereOut))


_JUDGED = JudgedOut()


def create_blueprint(application: Application) -> Blueprint:
    """The route `/open-requests`."""
    blueprint = Blueprint(
        "open_requests",
        __name__,
        url_prefix=f"{PREFIX}/open-requests",
        description="Open requests judged anew, for admins",
    )
    for_admins(blueprint, application)

    @blueprint.get("")
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=JudgedOut)
    def elsewhere() -> Response:
        """Those that the model in force would send elsewhere. Nothing is changed by it."""
        return jsonify(_JUDGED.dump(application.rejudging.judged()))

    return blueprint
