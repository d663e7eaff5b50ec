"""What was told to whom about a request, and an admin's word to tell it again."""

from typing import Any

from flask import Response, g, jsonify, request
from marshmallow import Schema, fields

from services.notifier.bootstrap import Application
from services.notifier.entrypoints.api import PREFIX
from shared.access.actors import Actor
from shared.http.api import SECURITY, Blueprint
from shared.http.authentication import bearer
from shared.http.fields import AwareDateTime, StrictSchema, StrictUUID, read_uuid
from shared.http.problems import ProblemError


class NoticesOf(StrictSchema):
    """Which request's notices."""

    request_id = StrictUUID(required=True)


class NoticeOut(Schema):
    """One notice: where it stands and by which identity a mail server knows it; never its words."""

    id = StrictUUID()
    request_id = StrictUUID()
    session_id = StrictUUID(allow_none=True)
    part = fields.String(metadata={"description": "Who is told: teacher or coach"})
    kind = fields.String()
    state = fields.String()
    message_id = fields.String()
    dated_at = AwareDateTime()
    sent_at = AwareDateTime(allow_none=True)
    attempts = fields.Integer()
    failure = fields.String(allow_none=True)
    smtp_code = fields.Integer(allow_none=True)
    smtp_reply = fields.String(allow_none=True)


class NoticesOut(Schema):
    notices = fields.List(fields.Nested(NoticeOut))


_NOTICES = NoticesOut()


def create_blueprint(application: Application) -> Blueprint:
    """The routes below `/notices`."""
    blueprint = Blueprint(
        "notices", __name__, url_prefix=f"{PREFIX}/notices", description="What people were told"
    )

    @blueprint.before_request
    def find_actor() -> None:
        g.actor = bearer(request, application.actor_of_token)

    @blueprint.get("")
    @blueprint.arguments(NoticesOf(), location="query")
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=NoticesOut)
    def notices(asked: dict[str, Any]) -> Response:
        """One's own notices and all of one's own request; every notice of it for an admin."""
        found = application.notices(_actor(), asked["request_id"])
        return jsonify(_NOTICES.dump({"notices": found}))

    @blueprint.post("/<notice_id>/resend")
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(202, description="Queued again, the same bytes")
    @blueprint.alt_response(404, description="No settled notice that is yours to send again")
    def resend(notice_id: str) -> tuple[Response, int]:
        """Send a settled notice once more. For admins."""
        found = read_uuid(notice_id)
        if found is None or not application.resend(_actor(), found):
            raise ProblemError(404, "no-such-notice", "There is no such notice to send again.")
        return jsonify(id=found, state="queued"), 202

    return blueprint


def _actor() -> Actor:
    actor: Actor = g.actor
    return actor
