"""Weeks that hold less, on the page of a coach's own time: lighter, or slow at first; and grants."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, abort, g, redirect, request
from werkzeug.wrappers import Response

from services.scheduler.bootstrap import Application
from services.scheduler.domain.local_week import monday_before
from services.scheduler.domain.typed_time import a_date
from services.scheduler.domain.week_caps import (
    GRANT_SAID,
    LONGEST_REASON,
    GrantedUse,
    GrantWrong,
)
from services.scheduler.entrypoints.pages.own_time_page import COACH_HOURS, Drawing, address, page
from services.scheduler.handlers.week_caps import GrantRefused, GrantTaken
from shared.access.actors import Actor
from shared.http.fields import read_uuid
from shared.http.text import TextFault, clean
from shared.identity import new_id
from shared.ui.languages import gettext as _

_FIELDS = ("week", "minutes", "reason", "grant_id")
_MEND = 422
Page = str | Response | tuple[str, int]


@dataclass(frozen=True)
class WeekCaps:
    """A coach lightens her week herself; only an admin ends a slow start, or grants protected time."""

    application: Application

    def install(self, blueprint: Blueprint) -> None:
        """Give the steps their addresses."""
        blueprint.post("/my-hours/lighter", endpoint="lighten")(self.lighten)
        blueprint.post("/my-hours/lighter/back", endpoint="unlighten")(self.unlighten)
        blueprint.post(f"{COACH_HOURS}/ramp-up/end", endpoint="end_ramp_up")(self.end_ramp_up)
        blueprint.post(f"{COACH_HOURS}/grants", endpoint="grant_protected")(self.grant)

    def lighten(self) -> Response:
        actor: Actor = g.actor
        if self.application.own_times.lighten(actor.id) is None:
            abort(404)
        return redirect(address(None, done="lighter"), 303)

    def unlighten(self) -> Response:
        """A second tap changes nothing."""
        actor: Actor = g.actor
        if self.application.own_times.of(actor.id) is None:
            abort(404)
        self.application.own_times.unlighten(actor.id)
        return redirect(address(None, done="as_usual"), 303)

    def end_ramp_up(self, coach_id: UUID) -> Response:
        actor: Actor = g.actor
        if self.application.own_times.of(coach_id) is None:
            abort(404)
        self.application.own_times.end_ramp_up(actor.id, coach_id)
        return redirect(address(coach_id, done="ramped"), 303)

    def grant(self, coach_id: UUID) -> Page:
        """Let other help use protected minutes of one week: by name, and with a reason."""
        actor: Actor = g.actor
        typed = {name: request.form.get(name, "").strip() for name in _FIELDS}
        if self.application.own_times.of(coach_id) is None:
            abort(404)
        day = a_date(typed["week"])
        if day is None:
            return self._refused(coach_id, typed, GrantRefused(wrong=GrantWrong.NO_WEEK))
        minutes = typed["minutes"]
        reason = clean(typed["reason"], shortest=0, longest=LONGEST_REASON, lines=True)
        grant = GrantedUse(
            id=read_uuid(typed["grant_id"]) or new_id(),
            week=monday_before(day),
            minutes=int(minutes) if minutes.isdecimal() and len(minutes) < 5 else 0,
            granted_by=actor.id,
            reason="" if isinstance(reason, TextFault) else " ".join(reason.split()),
        )
        answer = self.application.own_times.grant(coach_id, grant)
        if answer is None or isinstance(answer, GrantTaken):
            abort(404)
        if isinstance(answer, GrantRefused):
            return self._refused(coach_id, typed, answer)
        return redirect(address(coach_id, done="granted"), 303)

    def _refused(self, coach_id: UUID, typed: dict[str, str], answer: GrantRefused) -> Page:
        said = {
            GrantWrong.NO_WEEK: _("Choose a week that is still to come."),
            GrantWrong.NOTHING_KEPT: _("That week has no protected time left."),
            GrantWrong.MINUTES: _(
                "Write a whole number of minutes from 5 to %(most)s.", most=answer.most
            ),
            GrantWrong.REASON: _("Say in a few words why. She and every admin can read it."),
        }[answer.wrong]
        faults = {f"grant_{GRANT_SAID[answer.wrong][0]}": [said]}
        return page(self.application, coach_id, Drawing(grant=typed, faults=faults)), _MEND
