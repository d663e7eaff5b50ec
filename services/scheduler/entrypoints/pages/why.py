"""Why this coach and this time, in words; for an admin also in numbers."""

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, g, render_template

from services.scheduler.bootstrap import Application
from services.scheduler.domain.answer import IN_WORDS, others_named
from services.scheduler.domain.explained import ADMIN
from services.scheduler.domain.weights import REWARDS
from shared.access.actors import Actor


@dataclass(frozen=True)
class Why:
    """One page, to each as much as is hers to know."""

    application: Application

    def install(self, blueprint: Blueprint) -> None:
        """Give the page its address."""
        blueprint.get("/why/<uuid:request_id>", endpoint="why")(self.show)

    def show(self, request_id: UUID) -> str:
        actor: Actor = g.actor
        found = self.application.explain(actor, request_id)
        if found is None:
            abort(404)
        zone = ZoneInfo(self.application.division().zone)
        return render_template(
            "scheduler/why.html",
            match=found,
            others=list(others_named(found, zone)),
            rewards=REWARDS,
            words=IN_WORDS,
            numbers=actor.role == ADMIN and any(c.points for c in found.candidates),
        )
