"""What is an admin's alone: for everybody else there is nothing here."""

from uuid import UUID

from flask import g, request

from services.request_intake.bootstrap import Application
from shared.http.api import Blueprint
from shared.http.authentication import bearer
from shared.http.problems import ProblemError

_ADMIN = "admin"


def for_admins(blueprint: Blueprint, application: Application) -> None:
    """Let only admins call the routes of this blueprint."""

    @blueprint.before_request
    def only_admins() -> None:
        asker = bearer(request, application.asker_of_token)
        if asker.role != _ADMIN:
            raise ProblemError(404, "nothing-here", "There is nothing here for you.")
        g.admin = asker.person.id


def admin() -> UUID:
    """Who calls; only behind `for_admins`."""
    found: UUID = g.admin
    return found
