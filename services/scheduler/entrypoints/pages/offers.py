"""A teacher's answer to a time that is held for her: one tap, from her request's page or from here."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, abort, g, redirect, render_template
from werkzeug.wrappers import Response

from services.scheduler.bootstrap import Application
from services.scheduler.handlers.answering import Answered, NotHeld
from shared.access.actors import Actor

_ONE = "/offers/<uuid:session_id>"
Page = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Offers:
    """What was answered is seen on the request's page, which intake serves."""

    application: Application

    def install(self, blueprint: Blueprint) -> None:
        """Give the pages their addresses."""
        blueprint.get(_ONE, endpoint="offer")(self.show)
        blueprint.post(f"{_ONE}/take", endpoint="take_offer")(self.take)
        blueprint.post(f"{_ONE}/turn-down", endpoint="turn_down_offer")(self.turn_down)

    def show(self, session_id: UUID) -> Response:
        """Her request's page shows it, with its yes and its no."""
        actor: Actor = g.actor
        held = self.application.closing.held(actor.id, session_id)
        if held is None:
            abort(404)
        return redirect(f"/requests/{held.request.id}", 303)

    def take(self, session_id: UUID) -> Page:
        actor: Actor = g.actor
        return _answered(self.application.closing.take(actor.id, session_id))

    def turn_down(self, session_id: UUID) -> Page:
        actor: Actor = g.actor
        return _answered(self.application.closing.turn_down(actor.id, session_id))


def _answered(answer: Answered | NotHeld) -> Page:
    if isinstance(answer, NotHeld):
        if not answer.was_hers:
            abort(404)
        return render_template("scheduler/not_held.html"), 409
    return redirect(f"/requests/{answer.request_id}", 303)
