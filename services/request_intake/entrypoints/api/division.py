"""What anybody may read of the division: the coaching model in force, and its schools."""

from typing import Any

from services.request_intake.bootstrap import Application
from services.request_intake.entrypoints.api import PREFIX, schemas, shown
from shared.http.api import Blueprint


def create_blueprint(application: Application) -> Blueprint:
    """The routes `/model` and `/schools`."""
    blueprint = Blueprint(
        "division", __name__, url_prefix=PREFIX, description="The division and its model"
    )

    @blueprint.get("/model")
    @blueprint.response(200, schemas.ModelOut)
    def model() -> dict[str, Any]:
        """The coaching model in force: what coaching is here, what it is not, and where that goes."""
        published = application.model()
        return shown.model(published.model, published.version)

    @blueprint.get("/schools")
    @blueprint.response(200, schemas.SchoolListOut)
    def schools() -> dict[str, Any]:
        """The schools, with the keys that asks name them by."""
        return {"schools": application.schools()}

    return blueprint
