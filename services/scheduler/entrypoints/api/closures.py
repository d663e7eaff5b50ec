"""Schools closed on short notice over HTTP, for admins: the same steps as on their page."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify, url_for
from marshmallow import Schema, fields

from services.scheduler.bootstrap import Application
from services.scheduler.domain.closing import LONGEST_REASON, Declaration, NotDeclared
from services.scheduler.entrypoints.api import PREFIX
from services.scheduler.entrypoints.api.callers import ADMIN, caller, identifier, let_in
from shared.http.api import SECURITY, Blueprint
from shared.http.fields import (
    AwareDateTime,
    CleanStr,
    ListOf,
    LocalDay,
    StrictSchema,
    StrictUUID,
)
from shared.http.problems import FieldFault, ProblemError, not_valid

_MOST_SCHOOLS = 2_000
_FIELDS = {"schools": "school_ids"}


class ClosureIn(StrictSchema):
    """The day, today or to come, and the schools that are closed then."""

    day = LocalDay(required=True)
    school_ids = ListOf(StrictUUID(), required=True, most=_MOST_SCHOOLS)
    reason = CleanStr(shortest=0, longest=LONGEST_REASON)


class DeclaredClosureOut(Schema):
    """What was declared, and what became of it so far: counts grow until `schools_done` is `schools`."""

    id = StrictUUID()
    day = LocalDay()
    reason = fields.String()
    declared_at = AwareDateTime()
    withdrawn_at = AwareDateTime(allow_none=True)
    schools = fields.Integer()
    schools_done = fields.Integer()
    released = fields.Integer(metadata={"description": "Meetings that could not take place"})
    held = fields.Integer(metadata={"description": "Other times that were held for these"})


class ClosureListOut(Schema):
    closures = fields.List(fields.Nested(DeclaredClosureOut))


_CLOSURE = DeclaredClosureOut()


def create_blueprint(application: Application) -> Blueprint:
    """The routes below `/closures`."""
    blueprint = Blueprint(
        "closures", __name__, url_prefix=f"{PREFIX}/closures", description="Closed schools"
    )
    let_in(blueprint, application, frozenset({ADMIN}), _no_closure)
    _following(blueprint, application)
    _changing(blueprint, application)
    return blueprint


def _following(blueprint: Blueprint, application: Application) -> None:
    @blueprint.get("")
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=ClosureListOut)
    def every() -> Response:
        """What was declared, newest first, at most fifty."""
        return jsonify(closures=_CLOSURE.dump(application.closing.declared(), many=True))

    @blueprint.get("/<declaration_id>")
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=DeclaredClosureOut)
    @blueprint.alt_response(404, description="No such closure")
    def one(declaration_id: str) -> Response:
        """How far its schools are worked through."""
        return jsonify(_CLOSURE.dump(_found(application, identifier(declaration_id, _no_closure))))


def _changing(blueprint: Blueprint, application: Application) -> None:
    @blueprint.post("")
    @blueprint.arguments(ClosureIn())
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(201, schema=DeclaredClosureOut)
    @blueprint.alt_response(422, description="Not such a day, or a school that can not be closed")
    def declare(sent: dict[str, Any]) -> tuple[Response, int, dict[str, str]]:
        """Close these schools on a day. What can not take place is held elsewhere, and asked."""
        _know(application, sent["school_ids"])
        answer = application.closing.declare(
            caller().id,
            day=sent["day"],
            school_ids=sent["school_ids"],
            reason=" ".join(sent.get("reason", "").split()),
        )
        if isinstance(answer, NotDeclared):
            field = _FIELDS.get(answer.field, answer.field)
            raise not_valid([FieldFault(field=field, message=answer.message, right=answer.right)])
        closure = _found(application, answer.id)
        where = url_for("closures.one", declaration_id=closure.id)
        return jsonify(_CLOSURE.dump(closure)), 201, {"Location": where}

    @blueprint.post("/<declaration_id>/withdraw")
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=DeclaredClosureOut)
    @blueprint.alt_response(404, description="No such closure")
    def withdraw(declaration_id: str) -> Response:
        """Open its schools again; once more changes nothing. Nobody is moved back unasked."""
        id_ = identifier(declaration_id, _no_closure)
        _found(application, id_)
        application.closing.withdraw(caller().id, id_)
        return jsonify(_CLOSURE.dump(_found(application, id_)))


def _know(application: Application, school_ids: list[UUID]) -> None:
    known = {school.school_id for school in application.closing.schools()}
    faults = [
        FieldFault(
            field=f"school_ids.{index}",
            message="is no school whose year is known",
            right="a school with a version in the list of school years",
        )
        for index, school_id in enumerate(school_ids)
        if school_id not in known
    ]
    if faults:
        raise not_valid(faults)


def _found(application: Application, declaration_id: UUID) -> Declaration:
    found = application.closing.declaration(declaration_id)
    if found is None:
        raise _no_closure()
    return found


def _no_closure() -> ProblemError:
    return ProblemError(404, "no-such-closure", "There is no such closure for you.")
