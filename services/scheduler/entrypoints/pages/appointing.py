"""An admin's pages of coaches: who offers what, and appointing one to more or to less."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.scheduler.bootstrap import Application
from services.scheduler.domain.appointment import AppointedCoach, Offer, Offerable
from services.scheduler.handlers.appointing import NotPublished, OffersChanged, StillNeeded
from shared.access.actors import Actor
from shared.ui.languages import gettext as _

_ONE = "/coaches/<uuid:coach_id>"
Page = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Appointing:
    """The form carries the offers that it was drawn with, so that a second writer is told."""

    application: Application

    def install(self, blueprint: Blueprint) -> None:
        """Give the pages their addresses."""
        blueprint.add_app_template_global(written, "written_offer")
        blueprint.get("/coaches", endpoint="coaches")(self.show)
        blueprint.get(_ONE, endpoint="coach")(self.show_one)
        blueprint.post(_ONE, endpoint="appoint")(self.save)
        blueprint.post(f"{_ONE}/last-day", endpoint="coach_leaves")(self.leave)

    def show(self) -> str:
        coaches, offerable = self.application.coaches()
        offered = {offer.coach_type for coach in coaches for offer in coach.offers}
        return render_template(
            "scheduler/coaches.html",
            coaches=coaches,
            offerable=offerable,
            nobody=[name for key, name in offerable.types.items() if key not in offered],
            names=lambda coach: _names(coach, offerable),
        )

    def show_one(self, coach_id: UUID) -> str:
        coach, offerable = self._found(coach_id)
        return _page(coach, offerable, coach.offers, saved="saved" in request.args)

    def save(self, coach_id: UUID) -> Page:
        """Let her offer what is ticked, or say what stands in the way."""
        actor: Actor = g.actor
        wanted, seen = _read("offer"), _read("seen")
        answer = self.application.appoint(actor.id, coach_id, wanted, seen=seen)
        if isinstance(answer, AppointedCoach):
            return redirect(url_for("pages.coach", coach_id=coach_id, saved=1), 303)
        if answer is None:
            abort(404)
        coach, offerable = self._found(coach_id)
        needed = answer.in_use if isinstance(answer, StillNeeded) else ()
        return _page(coach, offerable, wanted, wrong=_wrong(answer), needed=needed), 409

    def leave(self, coach_id: UUID) -> Page:
        """Set her last day; what stands behind it is offered elsewhere."""
        actor: Actor = g.actor
        coach, offerable = self._found(coach_id)
        day = _day(request.form.get("last_day", ""))
        if day is None:
            wrong = _("Choose her last day.")
            return _page(coach, offerable, coach.offers, wrong=wrong), 422
        answer = self.application.covering.leave(actor.id, coach_id, day)
        if answer is None:
            abort(404)
        return redirect(url_for("pages.coach", coach_id=coach_id, left=answer.released), 303)

    def _found(self, coach_id: UUID) -> tuple[AppointedCoach, Offerable]:
        coach, offerable = self.application.coach(coach_id)
        if coach is None:
            abort(404)
        return coach, offerable


def _wrong(answer: OffersChanged | StillNeeded | NotPublished) -> str:
    match answer:
        case OffersChanged():
            return _(
                "Somebody changed this while you looked. Nothing was written:"
                " your choice stands below."
            )
        case StillNeeded():
            return _("Meetings to come still need some of this. Nothing was written.")
        case NotPublished():
            return _("Some of this is in no published coaching model. Nothing was written.")


def written(offer: Offer) -> str:
    """An offer as a form's value."""
    return f"{offer.coach_type}.{offer.support_mode}"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _read(name: str) -> frozenset[Offer]:
    pairs = (value.split(".", 1) for value in request.form.getlist(name) if "." in value)
    return frozenset(Offer(coach_type=kind, support_mode=mode) for kind, mode in pairs)


def _page(
    coach: AppointedCoach,
    offerable: Offerable,
    chosen: frozenset[Offer],
    *,
    wrong: str = "",
    needed: Iterable[object] = (),
    saved: bool = False,
) -> str:
    return render_template(
        "scheduler/coach.html",
        coach=coach,
        offerable=offerable,
        groups=_groups(offerable, coach.offers),
        chosen=chosen,
        wrong=wrong,
        needed=needed,
        saved=saved,
        left=request.args.get("left", type=int),
    )


def _groups(offerable: Offerable, offered: frozenset[Offer]) -> dict[str, list[Offer]]:
    """What may be ticked, by coach type: the published pairs, and what she has from before."""
    groups: dict[str, list[Offer]] = {key: [] for key in offerable.types}
    for offer in sorted(offerable.offers | offered):
        groups.setdefault(offer.coach_type, []).append(offer)
    return groups


def _names(coach: AppointedCoach, offerable: Offerable) -> list[str]:
    types = sorted({offer.coach_type for offer in coach.offers})
    return [offerable.types.get(key, key) for key in types]
