"""When a coach is free on a day, over HTTP: her starts, and never who has the other times."""

import re
from typing import Any

from flask import Response, jsonify
from marshmallow import Schema, ValidationError, fields

from services.scheduler.bootstrap import Application
from services.scheduler.domain.free_times import DayNotOffered, FreeTimes, WantedTime
from services.scheduler.entrypoints.api import PREFIX
from services.scheduler.entrypoints.api.callers import (
    ADMIN,
    COACH,
    TEACHER,
    identifier,
    let_in,
    no_coach,
)
from shared.http.api import SECURITY, Blueprint
from shared.http.fields import (
    AwareDateTime,
    BoundedInt,
    LocalDay,
    StrictSchema,
    StrictUUID,
    fault,
)
from shared.http.problems import FieldFault, ProblemError, not_valid

_ASKING = frozenset({TEACHER, COACH, ADMIN})
_SHORTEST, _LONGEST, _STEP = 10, 480, 5  # what a published model may say of a meeting
_NUMBER = re.compile(r"[0-9]{1,4}\Z", re.ASCII)


class Minutes(BoundedInt):
    """How long a meeting is, as an address says it: in digits, and in whole steps of five minutes."""

    def taken(self, value: Any) -> int:
        is_number = isinstance(value, str) and _NUMBER.match(value)
        minutes = super().taken(int(value) if is_number else value)
        if minutes % _STEP:
            right = f"a whole number from {_SHORTEST} to {_LONGEST} in steps of {_STEP}"
            raise ValidationError(fault("is between two steps", right))
        return minutes


class FreeTimesOf(StrictSchema):
    """Which day, and how long the meeting would be."""

    day = LocalDay(required=True)
    minutes = Minutes(required=True, minimum=_SHORTEST, maximum=_LONGEST)


class FreeTimesOut(Schema):
    """The starts at which it fits her. The way to where they would meet is not counted."""

    coach_id = StrictUUID()
    day = LocalDay()
    minutes = fields.Integer()
    zone = fields.String(metadata={"description": "The division's time zone, that days are of"})
    starts = fields.List(AwareDateTime())


_FREE_TIMES = FreeTimesOut()


def create_blueprint(application: Application) -> Blueprint:
    """The route below `/coaches/<coach_id>`."""
    blueprint = Blueprint(
        "free_times", __name__, url_prefix=f"{PREFIX}/coaches", description="When coaches are free"
    )

    let_in(blueprint, application, _ASKING, no_coach)

    @blueprint.get("/<coach_id>/free")
    @blueprint.arguments(FreeTimesOf(), location="query")
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=FreeTimesOut)
    @blueprint.alt_response(404, description="No such coach")
    @blueprint.alt_response(422, description="No day that is offered, or no length of a meeting")
    def free(asked: dict[str, Any], coach_id: str) -> Response:
        """When a meeting could begin that day: by the function that also books."""
        id_ = identifier(coach_id, no_coach)
        found = application.free_times(WantedTime(coach_id=id_, **asked))
        if isinstance(found, FreeTimes):
            return jsonify(_FREE_TIMES.dump(found))
        raise _not_offered(found) if found else no_coach()

    return blueprint


def _not_offered(found: DayNotOffered) -> ProblemError:
    right = f"a day from {found.first} to {found.last}"
    return not_valid([FieldFault(field="day", message="is not offered", right=right)])
