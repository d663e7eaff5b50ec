"""Handing a request over: its coach names a colleague, its teacher says yes to the times, or no."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.scheduler.bootstrap import Application
from services.scheduler.domain.handing_over import Handing, Seen, Why
from services.scheduler.handlers.handing_over import Answer, Done
from shared.access.actors import Actor
from shared.http.fields import read_uuid
from shared.ui.languages import gettext as _

# What is handed over is called by its request.
_ONE = "/hand-over/<uuid:handed_id>"
Page = str | Response | tuple[str, int]


@dataclass(frozen=True)
class HandingOver:
    """The forms carry what was seen: the question, and the times that a yes is for."""

    application: Application

    def install(self, blueprint: Blueprint) -> None:
        """Give the pages their addresses."""
        blueprint.get(_ONE, endpoint="hand_over")(self.show)
        blueprint.post(f"{_ONE}/ask", endpoint="ask_hand_over")(self.ask)
        blueprint.post(f"{_ONE}/withdraw", endpoint="withdraw_hand_over")(self.withdraw)
        blueprint.post(f"{_ONE}/agree", endpoint="agree_to_hand_over")(self.agree)
        blueprint.post(f"{_ONE}/decline", endpoint="decline_hand_over")(self.decline)

    def show(self, handed_id: UUID) -> Page:
        actor: Actor = g.actor
        now = self.application.handing_over.handing(actor.id, handed_id)
        if now is None:
            return _nothing(said=_said()), 200 if _said() else 404
        return _page(now, said=_said())

    def ask(self, handed_id: UUID) -> Page:
        """Ask its teacher whether the named colleague may go on."""
        actor: Actor = g.actor
        to, why = read_uuid(request.form.get("to", "")), request.form.get("why", "")
        if to is None or why not in set(Why):
            now = self.application.handing_over.handing(actor.id, handed_id)
            if now is None:
                abort(404)
            return _page(now, wrong=_("Choose a colleague, and say why.")), 422
        answer = self.application.handing_over.ask(actor.id, handed_id, to, Why(why))
        return _after(answer, handed_id, "asked")

    def withdraw(self, handed_id: UUID) -> Page:
        actor: Actor = g.actor
        answer = self.application.handing_over.withdraw(actor.id, handed_id)
        return _after(answer, handed_id, "withdrawn")

    def agree(self, handed_id: UUID) -> Page:
        """Yes to the colleague, and to these times."""
        actor: Actor = g.actor
        seen = _seen()
        if seen is None:
            abort(404)
        return _after(
            self.application.handing_over.agree(actor.id, handed_id, seen), handed_id, "agreed"
        )

    def decline(self, handed_id: UUID) -> Page:
        actor: Actor = g.actor
        seen = _seen()
        if seen is None:
            abort(404)
        return _after(
            self.application.handing_over.decline(actor.id, handed_id, seen), handed_id, "declined"
        )


def _after(answer: Answer, handed_id: UUID, done: str) -> Page:
    if answer is None:
        abort(404)
    if isinstance(answer, Done):
        return redirect(url_for("pages.hand_over", handed_id=handed_id, done=done), 303)
    wrong = _("Something changed while you looked. Nothing was written: this is how it stands now.")
    return _page(answer.now, wrong=wrong), 409


def _page(now: Handing, *, said: str = "", wrong: str = "") -> str:
    actor: Actor = g.actor
    return render_template(
        "scheduler/hand_over.html",
        now=now,
        request_of=now.sessions[0].request,
        is_coach=actor.id == now.coach.id,
        whys=_whys(),
        said=said,
        wrong=wrong,
    )


def _nothing(*, said: str) -> str:
    return render_template("scheduler/hand_over_none.html", said=said)


def _whys() -> dict[str, str]:
    return {
        Why.FITS_BETTER: _("It fits the work of the colleague better"),
        Why.NO_TIME: _("I can not keep these times any more"),
        Why.NEARER: _("The colleague is at that school more often"),
    }


def _said() -> str:
    match request.args.get("done"):
        case "asked":
            return _("Asked. Nothing changes until the answer is yes; you are told by mail.")
        case "withdrawn":
            return _("Taken back. You go on.")
        case "agreed":
            return _("Done. All of you are told by mail, and your calendars take it from there.")
        case "declined":
            return _("Thank you for saying so. Your coach goes on, and is told.")
        case _:
            return ""


def _seen() -> Seen | None:
    hand_over_id = read_uuid(request.form.get("seen", ""))
    try:
        starts = tuple(datetime.fromisoformat(at) for at in request.form.getlist("starts_at"))
    except ValueError:
        return None
    if hand_over_id is None or any(at.tzinfo is None for at in starts):
        return None
    return Seen(hand_over_id=hand_over_id, starts=starts)
