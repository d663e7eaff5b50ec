"""A teacher's meeting over HTTP: the times that it may move to, who has time sooner, and the move."""

from typing import Any

from flask import Response, jsonify
from marshmallow import Schema, fields

from services.scheduler.bootstrap import Application
from services.scheduler.domain.moving import ChangedSince, Meeting, Moved, NoMore, TimeGone, Wanted
from services.scheduler.entrypoints.api import PREFIX
from services.scheduler.entrypoints.api.callers import TEACHER, caller, identifier, let_in
from services.scheduler.entrypoints.api.session_schemas import SessionOut, WithWhomOut, facts
from shared.http.api import SECURITY, Blueprint
from shared.http.fields import AwareDateTime, BoundedInt, StrictSchema, StrictUUID
from shared.http.problems import ProblemError


class MoveIn(StrictSchema):
    """The time that it shall move to, and the sequence that was read before.

    With `coach_id` it goes to a colleague who has that time sooner.
    """

    sequence = BoundedInt(required=True, minimum=0, maximum=2**31 - 1)
    starts_at = AwareDateTime(required=True)
    coach_id = StrictUUID()


class SoonerOut(Schema):
    """A colleague whose role covers it too, and when she has time before."""

    coach = fields.Nested(WithWhomOut)
    times = fields.List(AwareDateTime())


class MeetingOut(SessionOut):
    """A meeting, with the times that it may move to as things stand."""

    times = fields.List(AwareDateTime())
    sooner = fields.List(fields.Nested(SoonerOut))


_SESSION, _MEETING = SessionOut(), MeetingOut()


def create_blueprint(application: Application) -> Blueprint:
    """The routes below `/meetings`."""
    blueprint = Blueprint(
        "meetings", __name__, url_prefix=f"{PREFIX}/meetings", description="Meetings"
    )
    let_in(blueprint, application, frozenset({TEACHER}), _no_meeting)

    @blueprint.get("/<meeting_id>")
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=MeetingOut)
    @blueprint.alt_response(404, description="No meeting of yours that may still move")
    def get(meeting_id: str) -> Response:
        """The meeting, and the times that both have."""
        found = application.moving.meeting(caller().id, identifier(meeting_id, _no_meeting))
        if not isinstance(found, Meeting):
            raise _no_meeting()
        return _shown(found)

    @blueprint.post("/<meeting_id>/move")
    @blueprint.arguments(MoveIn())
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=SessionOut)
    @blueprint.alt_response(404, description="No meeting of yours that may still move")
    @blueprint.alt_response(
        409, description="Changed since, or that time is not free, or it does not stand any more"
    )
    def move(sent: dict[str, Any], meeting_id: str) -> Response:
        """Move it, and both are told. The second of two changes at once is refused."""
        answer = application.moving.move(
            caller().id,
            identifier(meeting_id, _no_meeting),
            seen=sent["sequence"],
            wanted=Wanted(starts_at=sent["starts_at"], coach_id=sent.get("coach_id")),
        )
        return _answered(answer)

    return blueprint


def _answered(answer: Moved | ChangedSince | TimeGone | NoMore | None) -> Response:
    match answer:
        case None:
            raise _no_meeting()
        case NoMore():
            raise ProblemError(
                409, "meeting-off", "It was called off, or has begun. Read your request again."
            )
        case ChangedSince():
            raise ProblemError(409, "meeting-changed", "It changed. Read it again.")
        case TimeGone():
            raise ProblemError(409, "time-gone", "That time is not free. Read the times again.")
        case Moved(session=session):
            return jsonify(_SESSION.dump(facts(session)))


def _shown(meeting: Meeting) -> Response:
    more = {"times": meeting.times, "sooner": meeting.sooner}
    return jsonify(_MEETING.dump(facts(meeting.session) | more))


def _no_meeting() -> ProblemError:
    return ProblemError(404, "no-such-meeting", "There is no such meeting of yours to move.")
