"""What candidates and turns are weighed by, over HTTP, for admins: the same step as on their page."""

from typing import Any

from flask import Response, jsonify
from marshmallow import Schema, fields

from services.scheduler.bootstrap import Application
from services.scheduler.domain.weights import MOST, REWARDS, KnownWeights, Weights
from services.scheduler.entrypoints.api import PREFIX
from services.scheduler.entrypoints.api.callers import ADMIN, caller, let_in
from services.scheduler.handlers.weighing import WeightsChanged, WeightsRefused
from shared.http.api import SECURITY, Blueprint
from shared.http.fields import BoundedInt, BoundedNumber, StrictSchema
from shared.http.problems import FieldFault, ProblemError, not_valid

_Given = StrictSchema.from_dict(
    {name: BoundedNumber(required=True, minimum=0, maximum=MOST) for name in REWARDS},
    name="WeightsField",
)


class WeightsIn(StrictSchema):
    """Every weight, and the revision that was read before."""

    revision = BoundedInt(required=True, minimum=0, maximum=2**31 - 1)
    weights = fields.Nested(_Given, required=True)


class WeightsOut(Schema):
    """The weights as they stand, what they usually are, and what each rewards."""

    revision = fields.Integer()
    weights = fields.Dict(keys=fields.String(), values=fields.Float())
    usual = fields.Dict(keys=fields.String(), values=fields.Float())
    rewards = fields.Dict(keys=fields.String(), values=fields.String())


def create_blueprint(application: Application) -> Blueprint:
    """The routes of `/weights`."""
    blueprint = Blueprint(
        "weights", __name__, url_prefix=f"{PREFIX}/weights", description="What weighs how much"
    )
    let_in(blueprint, application, frozenset({ADMIN}), _no_division)

    @blueprint.get("")
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=WeightsOut)
    @blueprint.alt_response(404, description="No coaching model is published yet")
    def get() -> Response:
        """The weights, each with a sentence on what it rewards."""
        return _shown(application.weighing.kept())

    @blueprint.put("")
    @blueprint.arguments(WeightsIn())
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=WeightsOut)
    @blueprint.alt_response(404, description="No coaching model is published yet")
    @blueprint.alt_response(409, description="Changed since that revision")
    def put(sent: dict[str, Any]) -> Response:
        """Weigh by exactly these from the next match on. Times that were told stand."""
        given, seen = sent["weights"], sent["revision"]
        answer = application.weighing.change(caller().id, given, seen=seen)
        if isinstance(answer, WeightsRefused):
            raise not_valid(
                FieldFault(field=f"weights.{name}", message="is no such weight", right=right)
                for name, right in answer.faults.items()
            )
        if isinstance(answer, WeightsChanged):
            raise ProblemError(409, "weights-changed", "They changed. Read them again.")
        return _shown(answer)

    return blueprint


def _shown(known: KnownWeights | None) -> Response:
    if known is None:
        raise _no_division()
    return jsonify(
        revision=known.revision,
        weights=vars(known.weights),
        usual=vars(Weights()),
        rewards=dict(REWARDS),
    )


def _no_division() -> ProblemError:
    return ProblemError(404, "no-division", "There are no weights for you to see yet.")
