"""`POST /need`: what words would be read as, before anything is asked. They are not kept."""

from flask import Response, g, jsonify, request

from services.request_intake.bootstrap import Application
from services.request_intake.entrypoints.api import PREFIX, schemas, shown
from services.request_intake.entrypoints.rate_limits import RateLimiter
from shared.http.api import SECURITY, Blueprint
from shared.http.authentication import bearer


def create_blueprint(application: Application, limiter: RateLimiter) -> Blueprint:
    """The route `/need`."""
    blueprint = Blueprint("needs", __name__, url_prefix=PREFIX, description="Reading a need")

    @blueprint.before_request
    def know_asker() -> None:
        asker = bearer(request, application.asker_of_token)
        g.school = asker.school
        limiter.check(account=str(asker.person.id), address=request.remote_addr)

    @blueprint.post("/need")
    @blueprint.arguments(schemas.NeedIn())
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=schemas.NeedOut)
    def read(words: str) -> Response:
        """The likely topics, the redirect, or one question. Nothing is stored or logged."""
        additions = application.schooling.of(g.school.id if g.school else None)
        found = shown.need(application.read_need(words))
        return jsonify(found | {"redirect": additions.localized(found["redirect"])})

    return blueprint
