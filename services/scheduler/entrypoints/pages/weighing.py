"""An admin's page of what weighs how much when a coach and a time are chosen, and who comes first."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.scheduler.bootstrap import Application
from services.scheduler.domain.weights import MOST, OF_CANDIDATES, REWARDS, KnownWeights, Weights
from services.scheduler.handlers.weighing import WeightsChanged, WeightsRefused
from shared.access.actors import Actor
from shared.ui.languages import gettext as _

_MEND, _CONFLICT = 422, 409
Page = str | Response | tuple[str, int]


@dataclass(frozen=True, kw_only=True)
class WeightsForm:
    """What was typed, and the revision that it was read at. `stored` is what somebody else wrote since."""

    typed: Mapping[str, str]
    seen: int
    stored: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Weighed:
    """The form carries the revision that it was drawn from, so that the second of two writers is told."""

    application: Application

    def install(self, blueprint: Blueprint) -> None:
        """Give the page its address."""
        blueprint.get("/weights", endpoint="weights")(self.show)
        blueprint.post("/weights", endpoint="save_weights")(self.save)

    def show(self) -> str:
        known = self.application.weighing.kept()
        usual = "usual" in request.args
        if known is None:
            return _page(None)
        typed = _written(Weights() if usual else known.weights)
        form = WeightsForm(typed=typed, seen=known.revision)
        return _page(form, saved="saved" in request.args, usual=usual)

    def save(self) -> Page:
        """Keep what was typed, or name what has to be mended."""
        actor: Actor = g.actor
        typed = {name: request.form.get(name, "").strip() for name in REWARDS}
        seen = request.form.get("revision", -1, type=int)
        given = {name: _number(value) for name, value in typed.items()}
        answer = self.application.weighing.change(actor.id, given, seen=seen)
        if answer is None:
            abort(404)
        if isinstance(answer, WeightsRefused):
            said = _("Write a number from 0 to %(most)g.", most=MOST)
            faults = {name: [said] for name in answer.faults}
            return _page(WeightsForm(typed=typed, seen=seen), faults), _MEND
        if isinstance(answer, WeightsChanged):
            return _page(_beside(typed, answer.now)), _CONFLICT
        return redirect(url_for("pages.weights", saved=1), 303)


def _beside(typed: Mapping[str, str], now: KnownWeights) -> WeightsForm:
    return WeightsForm(typed=typed, seen=now.revision, stored=_written(now.weights))


def _page(
    form: WeightsForm | None,
    faults: Mapping[str, list[str]] | None = None,
    *,
    saved: bool = False,
    usual: bool = False,
) -> str:
    return render_template(
        "scheduler/weights.html",
        form=form,
        faults=faults or {},
        titles=_titles(),
        rewards=REWARDS,
        of_candidates=OF_CANDIDATES,
        usual_ones=_written(Weights()),
        most=f"{MOST:g}",
        saved=saved,
        usual=usual,
    )


def _written(weights: Weights) -> dict[str, str]:
    return {name: f"{value:g}" for name, value in vars(weights).items()}


def _number(typed: str) -> float:
    """What was typed, with a comma or a point; what is no number can be no weight."""
    try:
        return float(typed.replace(",", "."))
    except ValueError:
        return -1.0


def _titles() -> Mapping[str, str]:
    """What each weight is called."""
    return {
        "coach_type": _("The topic's first coach type"),
        "soon": _("A meeting soon"),
        "load": _("A coach with little to do"),
        "continuity": _("A coach whom she knows"),
        "spread": _("Room left on the day"),
        "travel": _("There already"),
        "rarity": _("Sparing who is rare"),
        "preference": _("The time named first"),
        "urgency": _("Needed soon"),
        "school": _("A school that waits longer"),
    }
