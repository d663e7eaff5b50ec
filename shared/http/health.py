"""Whether a process lives (it answers) and is ready (PostgreSQL answers it)."""

from flask import Blueprint, Response, jsonify
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from shared.http.problems import ProblemError


def blueprint(engine: Engine, prefix: str) -> Blueprint:
    """`GET <prefix>/health` for readiness and `<prefix>/health/live` for life."""
    health = Blueprint("health", __name__, url_prefix=f"{prefix}/health")

    @health.get("/live")
    def live() -> Response:
        return jsonify(status="alive")

    @health.get("")
    def ready() -> Response:
        try:
            with engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except SQLAlchemyError as error:
            raise ProblemError(
                503, "not-ready", "PostgreSQL does not answer.", headers={"Retry-After": "5"}
            ) from error
        return jsonify(status="ready")

    return health
