"""Who calls, for blueprints that belong to some roles: for everybody else nothing is there."""

from collections.abc import Callable
from uuid import UUID

from flask import g, request

from services.scheduler.bootstrap import Application
from shared.access.actors import Actor
from shared.http.api import Blueprint
from shared.http.authentication import bearer
from shared.http.fields import read_uuid
from shared.http.problems import ProblemError

ADMIN, TEACHER, COACH = "admin", "teacher", "coach"


def let_in(
    blueprint: Blueprint,
    application: Application,
    roles: frozenset[str],
    nothing: Callable[[], ProblemError],
) -> None:
    """Let nobody but these roles to the blueprint's routes; others are told `nothing` is there."""

    @blueprint.before_request
    def find_actor() -> None:
        actor = bearer(request, application.actor_of_token)
        if actor.role not in roles:
            raise nothing()
        g.actor = actor


def no_coach() -> ProblemError:
    """What anybody is told of a coach with whom she has nothing to do."""
    return ProblemError(404, "no-such-coach", "There is no such coach for you.")


def caller() -> Actor:
    """Who was let in."""
    actor: Actor = g.actor
    return actor


def identifier(text: str, nothing: Callable[[], ProblemError]) -> UUID:
    """The identifier in an address; raises what says that there is no such thing."""
    found = read_uuid(text)
    if found is None:
        raise nothing()
    return found
