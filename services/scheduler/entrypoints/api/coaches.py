"""Coaches and what they offer over HTTP, for admins: the same steps as on their pages."""

from typing import Any

from flask import Response, jsonify
from marshmallow import Schema, fields

from services.scheduler.bootstrap import Application
from services.scheduler.domain.appointment import AppointedCoach, Offer
from services.scheduler.entrypoints.api import PREFIX
from services.scheduler.entrypoints.api.callers import (
    ADMIN,
    caller,
    identifier,
    let_in,
    no_coach,
)
from services.scheduler.handlers.appointing import NotPublished, OffersChanged, StillNeeded
from shared.http.api import SECURITY, Blueprint
from shared.http.fields import CleanStr, ListOf, StrictSchema, StrictUUID
from shared.http.problems import FieldFault, ProblemError, not_valid

_LONGEST_KEY = 100
_MOST_OFFERS = 500


class OfferField(StrictSchema):
    """A coach type in a support mode, by their keys."""

    coach_type = CleanStr(required=True, longest=_LONGEST_KEY)
    support_mode = CleanStr(required=True, longest=_LONGEST_KEY)


class OffersIn(StrictSchema):
    """All that she shall offer; `seen` is what was read before: when it has changed, nothing is written."""

    offers = ListOf(fields.Nested(OfferField), required=True, most=_MOST_OFFERS)
    seen = ListOf(fields.Nested(OfferField), required=True, most=_MOST_OFFERS)


class OfferOut(Schema):
    coach_type = fields.String()
    support_mode = fields.String()


class CoachOut(Schema):
    """A coach as an admin appoints her."""

    id = StrictUUID()
    name = fields.String()
    offers = fields.Function(
        lambda coach: [vars(offer) for offer in sorted(coach.offers)],
        metadata={"type": "array", "items": {"type": "object"}},
    )
    schools = fields.Integer()
    sessions_per_day = fields.Integer()
    weekly_minutes = fields.Integer()


class CoachListOut(Schema):
    """Every coach, and what may be offered at all."""

    coaches = fields.List(fields.Nested(CoachOut))
    offerable = fields.List(fields.Nested(OfferOut))


_COACH = CoachOut()


def create_blueprint(application: Application) -> Blueprint:
    """The routes below `/coaches`."""
    blueprint = Blueprint(
        "coaches", __name__, url_prefix=f"{PREFIX}/coaches", description="Appointing coaches"
    )

    let_in(blueprint, application, frozenset({ADMIN}), no_coach)

    @blueprint.get("")
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=CoachListOut)
    def every() -> Response:
        """Every coach, by name, and the pairs that the newest published version allows."""
        coaches, offerable = application.coaches()
        return jsonify(
            coaches=[_COACH.dump(coach) for coach in coaches],
            offerable=[vars(offer) for offer in sorted(offerable.offers)],
        )

    @blueprint.put("/<coach_id>/offers")
    @blueprint.arguments(OffersIn())
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=CoachOut)
    @blueprint.alt_response(404, description="No such coach")
    @blueprint.alt_response(409, description="Changed since, or meetings to come need an offer")
    @blueprint.alt_response(422, description="A pair that is in no published coaching model")
    def put(sent: dict[str, Any], coach_id: str) -> Response:
        """Let her offer exactly these. Who waits for what is new is matched anew."""
        offers, seen = _offers(sent["offers"]), _offers(sent["seen"])
        answer = application.appoint(caller().id, identifier(coach_id, no_coach), offers, seen=seen)
        if isinstance(answer, AppointedCoach):
            return jsonify(_COACH.dump(answer))
        raise _refusal(answer, sent["offers"])

    return blueprint


def _refusal(
    answer: OffersChanged | StillNeeded | NotPublished | None, sent: list[dict[str, str]]
) -> ProblemError:
    match answer:
        case None:
            return no_coach()
        case OffersChanged():
            return ProblemError(
                409, "offers-changed", "Her offers changed since you read them. Read them again."
            )
        case StillNeeded(in_use=in_use):
            names = ", ".join(
                f"{one.offer.coach_type} by {one.offer.support_mode} ({one.meetings})"
                for one in in_use
            )
            return ProblemError(409, "offers-needed", f"Meetings to come need: {names}.")
        case NotPublished(offers=offers):
            return not_valid([_not_published(offer, sent) for offer in offers])


def _offers(sent: list[dict[str, str]]) -> frozenset[Offer]:
    return frozenset(Offer(**one) for one in sent)


def _not_published(offer: Offer, sent: list[dict[str, str]]) -> FieldFault:
    return FieldFault(
        field=f"offers.{sent.index(vars(offer))}",
        message="is in no published coaching model",
        right="one of `offerable` in the list of coaches",
    )
