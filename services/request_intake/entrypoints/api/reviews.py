"""Reviews over HTTP, for admins, and for coaches what its teacher let them read. Answered once."""

from typing import Any
from uuid import UUID

from flask import Response, g, jsonify, request

from services.request_intake.bootstrap import Application
from services.request_intake.domain.remit import NotOffered, Unclear
from services.request_intake.domain.request import Request
from services.request_intake.domain.review import Closed, Review, Verdict
from services.request_intake.entrypoints.api import PREFIX, shown
from services.request_intake.entrypoints.api import review_schemas as schemas
from services.request_intake.handlers.reviewing import BudgetSpent
from shared.http.api import SECURITY, Blueprint
from shared.http.authentication import bearer
from shared.http.fields import read_uuid
from shared.http.problems import FieldFault, ProblemError, not_valid

_ADMIN, _COACH = "admin", "coach"


def create_blueprint(application: Application) -> Blueprint:
    """The routes below `/reviews`."""
    blueprint = Blueprint(
        "reviews",
        __name__,
        url_prefix=f"{PREFIX}/reviews",
        description="Reviews, for those who read them",
    )

    @blueprint.before_request
    def only_readers() -> None:
        asker = bearer(request, application.asker_of_token)
        if asker.role not in (_ADMIN, _COACH):
            raise ProblemError(404, "not-found", "There is nothing here for you.")
        g.reader, g.as_coach = asker.person.id, asker.role == _COACH

    _reading(blueprint, application)
    _answering(blueprint, application)
    return blueprint


def _reading(blueprint: Blueprint, application: Application) -> None:
    @blueprint.get("")
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=schemas.ReviewListOut)
    def every() -> Response:
        """What waits for its reader, oldest first, at most two hundred; and this month's exceptions."""
        reviewing = application.reviewing
        waiting = [
            _shown(application, one) for one in reviewing.queue(g.reader, as_coach=g.as_coach)
        ]
        return jsonify(reviews=waiting, exceptions=reviewing.budget(g.reader))

    @blueprint.get("/<review_id>")
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=schemas.OneReviewOut)
    @blueprint.alt_response(404, description="It is not under review")
    def one(review_id: str) -> Response:
        """One of them, with what the model in force makes of it."""
        found = application.reviewing.one(g.reader, _id(review_id), as_coach=g.as_coach)
        if not isinstance(found, Review):
            raise _not_found()
        return jsonify(_shown(application, found) | {"suggestion": _suggestion(application, found)})


def _answering(blueprint: Blueprint, application: Application) -> None:
    @blueprint.post("/<review_id>/answer")
    @blueprint.arguments(schemas.AnswerIn())
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=schemas.AnsweredOut)
    @blueprint.alt_response(404, description="It never was under review")
    @blueprint.alt_response(409, description="It was answered or changed, or no exception is left")
    @blueprint.alt_response(422, description="The answer leads outside the coaching model")
    def answer(sent: tuple[int, Verdict], review_id: str) -> Response:
        """Answer it by the coaching model in force; its teacher is told."""
        version, verdict = sent
        done = application.reviewing.answer(
            g.reader, _id(review_id), verdict, seen_version=version, as_coach=g.as_coach
        )
        if not isinstance(done, Request):
            raise _refusal(done)
        return jsonify(
            id=done.id,
            status=done.state.value,
            version=done.version,
            topic=done.topic,
            model_version=done.model_version,
        )


def _refusal(answer: NotOffered | BudgetSpent | Closed | Review | None) -> ProblemError:
    match answer:
        case NotOffered(field=field, message=message, right=right):
            return not_valid([FieldFault(field=field, message=message, right=right)])
        case BudgetSpent(budget=budget):
            detail = f"All {budget} exceptions of this month are granted; nothing was written."
            return ProblemError(409, "no-exception-left", detail)
        case Closed(answer=before):
            detail = f"It was answered before: {before}. Nothing was changed."
            return ProblemError(409, "answered-before", detail)
        case Review(request=asked):
            detail = f"It is in version {asked.version} now; nothing was changed. Read it again."
            return ProblemError(409, "changed-since", detail)
        case None:
            return _not_found()


def _shown(application: Application, review: Review) -> dict[str, Any]:
    asked = shown.request(review.request)
    kept = ("id", "version", "words", "clause", "support_mode", "meeting", "windows")
    return {name: asked[name] for name in kept} | {
        "why": review.why.value,
        "sentence": review.sentence,
        "school": review.request.school.name,
        "since": shown.instant(review.since),
        "overdue": application.reviewing.is_overdue(review),
    }


def _suggestion(application: Application, review: Review) -> dict[str, Any]:
    found = application.reviewing.suggestion(review)
    decision = found.read.decision
    return {
        "reason": decision.question if isinstance(decision, Unclear) else decision.clause,
        "topics": [topic.key for topic in found.topics],
        "redirect": found.redirect.redirect,
    }


def _id(text: str) -> UUID:
    found = read_uuid(text)
    if found is None:
        raise _not_found()
    return found


def _not_found() -> ProblemError:
    return ProblemError(404, "no-such-review", "There is no such request under review.")
