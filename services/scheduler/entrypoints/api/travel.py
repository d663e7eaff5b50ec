"""The ways between schools over HTTP, for admins: the same step as on their page."""

from typing import Any

from flask import Response, jsonify
from marshmallow import Schema, fields

from services.scheduler.bootstrap import Application
from services.scheduler.domain.ways import (
    FASTEST,
    LONGEST,
    MOST,
    SAID,
    SLOWEST,
    KnownTravel,
    Way,
    WayFault,
)
from services.scheduler.entrypoints.api import PREFIX
from services.scheduler.entrypoints.api.callers import ADMIN, caller, let_in
from services.scheduler.handlers.travelling import TravelChanged, TravelRefused
from shared.http.api import SECURITY, Blueprint
from shared.http.fields import BoundedInt, CleanStr, ListOf, StrictSchema, StrictUUID
from shared.http.problems import FieldFault, ProblemError, not_valid

_LONGEST_KEY = 80


class WayField(StrictSchema):
    """The minutes from one school to another, by their keys; back is another way."""

    start = CleanStr(required=True, longest=_LONGEST_KEY)
    end = CleanStr(required=True, longest=_LONGEST_KEY)
    minutes = BoundedInt(required=True, minimum=0, maximum=LONGEST)


class TravelIn(StrictSchema):
    """The division's speed and every way that is known, and the version that was read before."""

    version = BoundedInt(required=True, minimum=1, maximum=2**31 - 1)
    kmh = BoundedInt(required=True, minimum=SLOWEST, maximum=FASTEST)
    ways = ListOf(fields.Nested(WayField), required=True, most=MOST)


class PlacedSchoolOut(Schema):
    """A school, and whether it is known where it is."""

    school_id = StrictUUID()
    key = fields.String()
    name = fields.String()
    place_known = fields.Boolean()


class TravelOut(TravelIn):
    """What is known of travel, and the schools that a way may name."""

    schools = fields.List(fields.Nested(PlacedSchoolOut))


def create_blueprint(application: Application) -> Blueprint:
    """The routes of `/travel`."""
    blueprint = Blueprint(
        "travel", __name__, url_prefix=f"{PREFIX}/travel", description="Travel between schools"
    )
    let_in(blueprint, application, frozenset({ADMIN}), _no_division)

    @blueprint.get("")
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=TravelOut)
    @blueprint.alt_response(404, description="No coaching model is published yet")
    def get() -> Response:
        """The speed, the ways by the schools' keys, and whose place is known."""
        return _shown(application, application.travelling.kept().known)

    @blueprint.put("")
    @blueprint.arguments(TravelIn())
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=TravelOut)
    @blueprint.alt_response(404, description="No coaching model is published yet")
    @blueprint.alt_response(409, description="Changed since that version")
    @blueprint.alt_response(422, description="A way that can not be; every one is named")
    def put(sent: dict[str, Any]) -> Response:
        """Let travel be exactly this, from the next match on. Times that were told stand."""
        ways = [Way(**way) for way in sent["ways"]]
        answer = application.travelling.change(caller().id, ways, sent["kmh"], seen=sent["version"])
        if isinstance(answer, TravelRefused):
            raise not_valid(_fault(fault) for fault in answer.faults)
        if isinstance(answer, TravelChanged):
            raise ProblemError(409, "travel-changed", "It changed. Read it again.")
        return _shown(application, answer)

    return blueprint


def _fault(fault: WayFault) -> FieldFault:
    message, right = SAID[fault.wrong]
    return FieldFault(field=f"ways.{fault.index}", message=message, right=right)


def _shown(application: Application, known: KnownTravel | None) -> Response:
    if known is None:
        raise _no_division()
    kept = application.travelling.kept()
    return jsonify(
        version=known.version,
        kmh=known.kmh,
        ways=[
            {"start": start, "end": end, "minutes": minutes}
            for start, end, minutes in sorted(
                (kept.keys[start], kept.keys[end], minutes)
                for (start, end), minutes in known.table.items()
            )
        ],
        schools=[
            {
                "school_id": str(school.id),
                "key": school.key,
                "name": school.name,
                "place_known": school.id in kept.placed,
            }
            for school in kept.schools
        ],
    )


def _no_division() -> ProblemError:
    return ProblemError(404, "no-division", "There is no travel for you to see yet.")
