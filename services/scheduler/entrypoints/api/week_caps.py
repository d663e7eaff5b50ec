"""Weeks that hold less, and grants of protected time, over HTTP: the same steps as on the page."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify

from services.scheduler.bootstrap import Application
from services.scheduler.domain.local_week import monday_before
from services.scheduler.domain.week_caps import (
    GRANT_SAID,
    LONGEST_REASON,
    SHORTEST_REASON,
    GrantedUse,
    GrantWrong,
)
from services.scheduler.entrypoints.api import PREFIX
from services.scheduler.entrypoints.api.callers import (
    ADMIN,
    COACH,
    caller,
    identifier,
    let_in,
    no_coach,
)
from services.scheduler.entrypoints.api.own_time import as_kept, whose
from services.scheduler.entrypoints.api.own_time_schemas import (
    GrantOut,
    OwnTimeOut,
    shown,
    shown_grant,
)
from services.scheduler.handlers.week_caps import GrantRefused, GrantTaken
from shared.http.api import SECURITY, Blueprint
from shared.http.fields import BoundedInt, CleanStr, LocalDay, StrictSchema
from shared.http.problems import FieldFault, ProblemError, not_valid


class GrantIn(StrictSchema):
    """Protected minutes of the week of this day that other help may use, and why. You are named."""

    week = LocalDay(required=True)
    minutes = BoundedInt(required=True, minimum=5, maximum=2_400)
    reason = CleanStr(required=True, shortest=SHORTEST_REASON, longest=LONGEST_REASON)


def create_blueprint(application: Application) -> Blueprint:
    """The routes of a coach's coming weeks."""
    blueprint = Blueprint(
        "week_caps", __name__, url_prefix=f"{PREFIX}/coaches", description="Coaches' coming weeks"
    )
    let_in(blueprint, application, frozenset({ADMIN, COACH}), no_coach)
    _lighter(blueprint, application)
    _of_admins(blueprint, application)
    return blueprint


def _lighter(blueprint: Blueprint, application: Application) -> None:
    @blueprint.put("/<coach_id>/lighter-week")
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=OwnTimeOut)
    @blueprint.alt_response(404, description="You do not coach")
    def lighten(coach_id: str) -> Response:
        """Your next week takes half of what it would. What is booked stays."""
        id_ = _hers(coach_id)
        if application.own_times.lighten(id_) is None:
            raise no_coach()
        return jsonify(shown(as_kept(application, id_)))

    @blueprint.delete("/<coach_id>/lighter-week")
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=OwnTimeOut)
    @blueprint.alt_response(404, description="You do not coach")
    def unlighten(coach_id: str) -> Response:
        """Your next week is as any other again."""
        id_ = _hers(coach_id)
        as_kept(application, id_)
        application.own_times.unlighten(id_)
        return jsonify(shown(as_kept(application, id_)))


def _of_admins(blueprint: Blueprint, application: Application) -> None:
    @blueprint.delete("/<coach_id>/ramp-up")
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=OwnTimeOut)
    @blueprint.alt_response(404, description="No such coach for you")
    def end_ramp_up(coach_id: str) -> Response:
        """She is new no more: every week of hers holds her cap."""
        id_ = _of_admin(coach_id)
        as_kept(application, id_)
        application.own_times.end_ramp_up(caller().id, id_)
        return jsonify(shown(as_kept(application, id_)))

    @blueprint.put("/<coach_id>/grants/<grant_id>")
    @blueprint.arguments(GrantIn())
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=GrantOut)
    @blueprint.alt_response(404, description="No such coach for you")
    @blueprint.alt_response(409, description="Another grant goes by this identifier")
    @blueprint.alt_response(422, description="A week or minutes that can not be granted")
    def grant(sent: dict[str, Any], coach_id: str, grant_id: str) -> Response:
        """Let other help use protected time, under an identifier of yours: sent twice, it holds once."""
        id_ = _of_admin(coach_id)
        as_kept(application, id_)
        wanted = GrantedUse(
            id=identifier(grant_id, no_coach),
            week=monday_before(sent["week"]),
            minutes=sent["minutes"],
            granted_by=caller().id,
            reason=sent["reason"],
        )
        answer = application.own_times.grant(id_, wanted)
        match answer:
            case None:
                raise no_coach()
            case GrantTaken():
                raise ProblemError(409, "grant-taken", "Another grant goes by this identifier.")
            case GrantRefused(wrong=wrong, most=most):
                raise not_valid([_refused(wrong, most)])
            case GrantedUse():
                kept = {one.id: one for one in as_kept(application, id_).grants}
                return jsonify(shown_grant(kept.get(answer.id, answer)))


def _refused(wrong: GrantWrong, most: int) -> FieldFault:
    field, message, right = GRANT_SAID[wrong]
    if wrong is GrantWrong.MINUTES:
        right = f"a whole number from 5 to {most}"
    return FieldFault(field=field, message=message, right=right)


def _hers(coach_id: str) -> UUID:
    """Her own identifier: a week is lightened by nobody else."""
    if caller().role != COACH:
        raise no_coach()
    return whose(coach_id)


def _of_admin(coach_id: str) -> UUID:
    if caller().role != ADMIN:
        raise no_coach()
    return whose(coach_id)
