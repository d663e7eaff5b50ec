"""Requests over HTTP: submit once, see, list, take back. Always one's own."""

import re
from typing import Any
from uuid import UUID

from flask import Response, g, jsonify, request

from services.request_intake.bootstrap import Application
from services.request_intake.domain.remit import NotOffered
from services.request_intake.domain.request import Ask, Asker
from services.request_intake.entrypoints.api import PREFIX, schemas, shown
from services.request_intake.entrypoints.api.review_schemas import AppealIn
from services.request_intake.entrypoints.rate_limits import RateLimiter
from services.request_intake.handlers.following import CanNotBeCancelled
from services.request_intake.handlers.reviewing import Appeal, CanNotBeAppealed
from services.request_intake.handlers.submitting import KeyReused, Submitted
from services.request_intake.ports import ByToken, Nobody
from shared.access.tokens import hash_of
from shared.http.api import SECURITY, Blueprint
from shared.http.authentication import bad_token, bearer, sent_token
from shared.http.fields import read_uuid
from shared.http.problems import FieldFault, ProblemError, not_valid
from shared.identity import new_id

# No comma: a header that was sent twice arrives joined by one.
_KEY = re.compile(r"[\x21-\x2b\x2d-\x7e]{8,128}\Z")
_KEY_HEADER = "Idempotency-Key"
_KEY_DOC = {
    "in": "header",
    "name": _KEY_HEADER,
    "schema": {"type": "string", "minLength": 8, "maxLength": 128},
    "description": "Yours, new for each ask, the same for each try of it: the ask is then stored"
    " once however often it is sent. Without it one is made, and a second try is a second ask.",
}
# The statement that stores an ask looks at the token too.
_FINDS_ASKER_ITSELF = "requests.submit"
_NO_SUCH = "There is no such request of yours."


def create_blueprint(application: Application, limiter: RateLimiter) -> Blueprint:
    """The routes below `/requests`."""
    blueprint = Blueprint(
        "requests", __name__, url_prefix=f"{PREFIX}/requests", description="A teacher's asks"
    )

    @blueprint.before_request
    def find_asker() -> None:
        g.by = ByToken(hash_of(sent_token(request)))
        if request.method == "POST":
            limiter.check(account=g.by.secret_hash.hex(), address=request.remote_addr)
        if request.endpoint != _FINDS_ASKER_ITSELF:
            g.asker = bearer(request, application.asker_of_token)

    _submitting(blueprint, application)
    _following(blueprint, application)
    _cancelling(blueprint, application)
    _appealing(blueprint, application)
    return blueprint


def _submitting(blueprint: Blueprint, application: Application) -> None:
    @blueprint.post("")
    @blueprint.arguments(schemas.AskIn())
    @blueprint.doc(security=SECURITY, parameters=[_KEY_DOC])
    @blueprint.alt_response(202, schema=schemas.RequestOut, description="Decided and stored")
    @blueprint.alt_response(422, description="A field or the key can not be taken")
    def submit(ask: Ask) -> Response:
        """Ask for coaching. Decided at once; a decline is an answer like any other."""
        key = _key()
        match application.submit(g.by, ask, key=key):
            case Submitted() as done:
                answer = jsonify(shown.request(done.request))
                answer.status_code = 202
                answer.headers["Location"] = f"{PREFIX}/requests/{done.request.id}"
                answer.headers[_KEY_HEADER] = key
                answer.headers["Idempotency-Replayed"] = str(done.repeated).lower()
                return answer
            case NotOffered() as refused:
                raise not_valid(
                    [FieldFault(field=refused.field, message=refused.message, right=refused.right)]
                )
            case Nobody():
                raise bad_token()
            case KeyReused():
                raise ProblemError(
                    422,
                    "key-reused",
                    "This key belongs to another ask of yours. Send a new key with a new ask.",
                    errors=[
                        FieldFault(field=_KEY_HEADER, message="was used before", right="a new key")
                    ],
                )


def _following(blueprint: Blueprint, application: Application) -> None:
    @blueprint.get("")
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=schemas.RequestListOut)
    def every() -> Response:
        """One's own requests, newest first, at most a hundred."""
        found = application.requests(_asker().person.id)
        return jsonify(requests=[shown.request(one) for one in found])

    @blueprint.get("/<request_id>")
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=schemas.RequestOut)
    @blueprint.alt_response(404, description="No such request of yours")
    def one(request_id: str) -> Response:
        """How it was decided and where it stands. Another's request does not exist here."""
        found = application.request(_asker().person.id, _id(request_id))
        if found is None:
            raise _not_found()
        return jsonify(shown.request(found))


def _cancelling(blueprint: Blueprint, application: Application) -> None:
    @blueprint.post("/<request_id>/cancel")
    @blueprint.arguments(schemas.CancelIn(), required=False)
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=schemas.RequestOut)
    @blueprint.alt_response(404, description="No such request of yours")
    @blueprint.alt_response(409, description="It is over, or changed since; see how it stands")
    def cancel(seen: dict[str, Any], request_id: str) -> Response:
        """Take it back. What was booked for it is freed."""
        answer = application.cancel(
            _asker().person.id, _id(request_id), seen_version=seen.get("version")
        )
        match answer:
            case None:
                raise _not_found()
            case CanNotBeCancelled(request=now):
                raise ProblemError(
                    409,
                    "can-not-be-cancelled",
                    f"It is {now.state.value} in version {now.version}; nothing was changed.",
                )
            case done:
                return jsonify(shown.request(done))


def _appealing(blueprint: Blueprint, application: Application) -> None:
    @blueprint.post("/<request_id>/appeal")
    @blueprint.arguments(AppealIn(), required=False)
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=schemas.RequestOut)
    @blueprint.alt_response(404, description="No such request of yours")
    @blueprint.alt_response(409, description="It is not declined, or was appealed before")
    def appeal(sent: Appeal, request_id: str) -> Response:
        """Say that a declined ask is coaching: the office reads it, and coaches if she likes. Once."""
        match application.reviewing.appeal(_asker(), _id(request_id), sent):
            case None:
                raise _not_found()
            case CanNotBeAppealed(request=now):
                before = " and was appealed before" if now.appealed else ""
                detail = f"It is {now.state.value}{before}; nothing was changed."
                raise ProblemError(409, "can-not-be-appealed", detail)
            case done:
                return jsonify(shown.request(done))


def _asker() -> Asker:
    asker: Asker = g.asker
    return asker


def _id(text: str) -> UUID:
    found = read_uuid(text)
    if found is None:
        raise _not_found()
    return found


def _not_found() -> ProblemError:
    return ProblemError(404, "no-such-request", _NO_SUCH)


def _key() -> str:
    given = request.headers.get(_KEY_HEADER)
    if given is None:
        return str(new_id())
    if not _KEY.match(given):
        right = "one key of 8 to 128 visible ASCII characters, no comma"
        raise not_valid([FieldFault(field=_KEY_HEADER, message="is not a key", right=right)])
    return given
