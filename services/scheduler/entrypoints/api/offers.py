"""A time that is held for a teacher, and her answer, over HTTP."""

from flask import Response, jsonify
from marshmallow import Schema, fields

from services.scheduler.bootstrap import Application
from services.scheduler.entrypoints.api import PREFIX
from services.scheduler.entrypoints.api.callers import TEACHER, caller, identifier, let_in
from services.scheduler.entrypoints.api.matches import ReasonOut
from services.scheduler.entrypoints.api.session_schemas import SessionOut, facts
from services.scheduler.handlers.answering import Answered, NotHeld
from shared.http.api import SECURITY, Blueprint
from shared.http.fields import AwareDateTime, StrictUUID
from shared.http.problems import ProblemError


class OfferedTimeOut(Schema):
    """A time that is hers with one yes, until `held_until`; of a cycle it may be several."""

    request_id = StrictUUID()
    sessions = fields.List(fields.Nested(SessionOut))
    held_until = AwareDateTime()
    reasons = fields.List(fields.Nested(ReasonOut))


class AnsweredOut(Schema):
    """The request that she answered for: intake tells how it stands now."""

    request_id = StrictUUID()


_OFFER = OfferedTimeOut()


def create_blueprint(application: Application) -> Blueprint:
    """The routes below `/offers`."""
    blueprint = Blueprint(
        "offers", __name__, url_prefix=f"{PREFIX}/offers", description="Times that are held"
    )
    let_in(blueprint, application, frozenset({TEACHER}), _no_offer)

    @blueprint.get("/<session_id>")
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=OfferedTimeOut)
    @blueprint.alt_response(404, description="No time of this id is held for you")
    def get(session_id: str) -> Response:
        """The time that is held, why, and until when."""
        held = application.closing.held(caller().id, identifier(session_id, _no_offer))
        if held is None:
            raise _no_offer()
        offer = {
            "request_id": held.request.id,
            "sessions": [facts(session) for session in held.sessions],
            "held_until": held.held_until,
            "reasons": held.reasons,
        }
        return jsonify(_OFFER.dump(offer))

    @blueprint.post("/<session_id>/take")
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=AnsweredOut)
    @blueprint.alt_response(404, description="No time of this id was held for you")
    @blueprint.alt_response(
        409, description="It was answered before, or the time to answer is over"
    )
    def take(session_id: str) -> Response:
        """Yes: it is booked, and both are told."""
        id_ = identifier(session_id, _no_offer)
        return _answered(application.closing.take(caller().id, id_))

    @blueprint.post("/<session_id>/turn-down")
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=AnsweredOut)
    @blueprint.alt_response(404, description="No time of this id was held for you")
    @blueprint.alt_response(
        409, description="It was answered before, or the time to answer is over"
    )
    def turn_down(session_id: str) -> Response:
        """No: it goes to others, and she waits on, at the head."""
        id_ = identifier(session_id, _no_offer)
        return _answered(application.closing.turn_down(caller().id, id_))

    return blueprint


def _answered(answer: Answered | NotHeld) -> Response:
    if isinstance(answer, Answered):
        return jsonify(request_id=str(answer.request_id))
    if answer.was_hers:
        raise ProblemError(
            409, "offer-over", "You have answered already, or the time to answer is over."
        )
    raise _no_offer()


def _no_offer() -> ProblemError:
    return ProblemError(404, "no-such-offer", "No such time is held for you.")
