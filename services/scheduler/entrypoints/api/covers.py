"""Classes that a coach is called to cover, over HTTP: noted, counted, taken back."""

from datetime import datetime
from typing import Any

from flask import Response, jsonify
from marshmallow import Schema, fields

from services.scheduler.bootstrap import Application
from services.scheduler.domain.covering import NotCovered
from services.scheduler.entrypoints.api import PREFIX
from services.scheduler.entrypoints.api.callers import COACH, caller, identifier, let_in
from shared.http.api import SECURITY, Blueprint
from shared.http.fields import AwareDateTime, StrictSchema, StrictUUID
from shared.http.problems import FieldFault, ProblemError, not_valid

_FIELDS = {"from": "starts_at", "until": "ends_at"}


class CoverIn(StrictSchema):
    """A stretch of one day, that has not ended yet."""

    starts_at = AwareDateTime(required=True)
    ends_at = AwareDateTime(required=True)


class CoverOut(Schema):
    id = StrictUUID()
    starts_at = AwareDateTime()
    ends_at = AwareDateTime()
    minutes = fields.Integer()
    recorded_at = AwareDateTime()


class NotedCoverOut(CoverOut):
    """`released` meetings stood in it; for `held` of them another time is held."""

    released = fields.Integer()
    held = fields.Integer()


class CoverListOut(Schema):
    covers = fields.List(fields.Nested(CoverOut))


_COVER = CoverOut()


def create_blueprint(application: Application) -> Blueprint:
    """The routes below `/covers`."""
    blueprint = Blueprint(
        "covers", __name__, url_prefix=f"{PREFIX}/covers", description="Classes covered"
    )
    let_in(blueprint, application, frozenset({COACH}), _no_cover)

    @blueprint.get("")
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=CoverListOut)
    def every() -> Response:
        """The classes that you covered, newest first, at most two hundred."""
        covered = application.covering.covered(caller().id)
        return jsonify(covers=[_COVER.dump(entry) for entry in covered])

    @blueprint.post("")
    @blueprint.arguments(CoverIn())
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(201, schema=NotedCoverOut)
    @blueprint.alt_response(404, description="You do not coach")
    @blueprint.alt_response(422, description="Not such a stretch of a day")
    def cover(sent: dict[str, datetime]) -> tuple[Response, int]:
        """You are taken to cover a class: whom you miss is offered another time before anybody else."""
        answer = application.covering.cover(caller().id, sent["starts_at"], sent["ends_at"])
        if answer is None:
            raise _no_cover()
        if isinstance(answer, NotCovered):
            field = _FIELDS[answer.field]
            raise not_valid([FieldFault(field=field, message=answer.message, right=answer.right)])
        replanned: Any = vars(answer.replanned)
        return jsonify(**_COVER.dump(answer.entry), **replanned), 201

    @blueprint.post("/<cover_id>/back")
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(204, description="It is taken back")
    @blueprint.alt_response(404, description="No such class that you covered")
    def back(cover_id: str) -> tuple[str, int]:
        """You were not needed: your time is free again. Nobody is moved back unasked."""
        if not application.covering.take_back(caller().id, identifier(cover_id, _no_cover)):
            raise _no_cover()
        return "", 204

    return blueprint


def _no_cover() -> ProblemError:
    return ProblemError(404, "no-such-cover", "There is no such class for you.")
