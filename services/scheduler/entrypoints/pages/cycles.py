"""A cycle's page: its meetings, how far it is, what each side undertakes, and what its teacher may change."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.scheduler.bootstrap import Application
from services.scheduler.bootstrap.cycling import ShownCycle
from services.scheduler.domain.duties import COACHEES, COACHES, LEADERSHIP
from services.scheduler.handlers.cycles import Answer, Changed, NotChanged
from shared.access.actors import Actor
from shared.clock import utc_now
from shared.http.fields import read_uuid
from shared.ui.languages import gettext as _

# A cycle is called by its request.
_ONE = "/cycles/<uuid:cycle_id>"
Page = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Cycles:
    """The form carries the version that it was drawn with, so that the second of two is told."""

    application: Application

    def install(self, blueprint: Blueprint) -> None:
        """Give the pages their addresses."""
        blueprint.get(_ONE, endpoint="cycle")(self.show)
        blueprint.post(f"{_ONE}/undertake", endpoint="undertake")(self.undertake)
        blueprint.post(f"{_ONE}/pause", endpoint="pause_cycle")(self.pause)
        blueprint.post(f"{_ONE}/resume", endpoint="resume_cycle")(self.resume)
        blueprint.post(f"{_ONE}/extend", endpoint="extend_cycle")(self.extend)
        blueprint.post(f"{_ONE}/end", endpoint="end_cycle")(self.end)
        blueprint.post(f"{_ONE}/let-go", endpoint="let_go_meeting")(self.let_go)
        blueprint.get("/our-part", endpoint="our_part")(self.our_part)
        blueprint.post("/our-part", endpoint="undertake_for_school")(self.undertake_for_school)

    def show(self, cycle_id: UUID) -> str:
        return self._page(self._theirs(cycle_id), done="done" in request.args)

    def undertake(self, cycle_id: UUID) -> Page:
        """Tick what one undertakes; what is not ticked is not undertaken."""
        actor: Actor = g.actor
        duties = frozenset(request.form.getlist("duty"))
        if self.application.cycling.tick(actor.id, cycle_id, duties) is None:
            abort(404)
        return redirect(url_for("pages.cycle", cycle_id=cycle_id, done=1), 303)

    def pause(self, cycle_id: UUID) -> Page:
        return self._change(cycle_id, self.application.cycling.pause)

    def resume(self, cycle_id: UUID) -> Page:
        return self._change(cycle_id, self.application.cycling.resume)

    def extend(self, cycle_id: UUID) -> Page:
        return self._change(cycle_id, self.application.cycling.extend)

    def end(self, cycle_id: UUID) -> Page:
        return self._change(cycle_id, self.application.cycling.end)

    def let_go(self, cycle_id: UUID) -> Page:
        """One meeting less."""
        session_id = read_uuid(request.form.get("session_id", ""))

        def less(teacher_id: UUID, cycle_id: UUID, *, seen: int) -> Answer:
            return self.application.cycling.let_go(teacher_id, cycle_id, session_id, seen=seen)

        return self._change(cycle_id, less)

    def our_part(self) -> str:
        """What a school's leaders undertake: of the school, and never of anybody's cycle."""
        actor: Actor = g.actor
        if actor.school_id is None:
            return render_template(
                "scheduler/our_part.html", duties=(), done=False, at_school=False
            )
        agreement = self.application.cycling.school_part(actor.school_id)
        return render_template(
            "scheduler/our_part.html",
            duties=agreement.of(LEADERSHIP),
            done="done" in request.args,
            at_school=True,
        )

    def undertake_for_school(self) -> Response:
        actor: Actor = g.actor
        if actor.school_id is None:
            abort(404)
        duties = frozenset(request.form.getlist("duty"))
        self.application.cycling.tick_for_school(actor.id, actor.school_id, duties)
        return redirect(url_for("pages.our_part", done=1), 303)

    def _change(self, cycle_id: UUID, change: Callable[..., Answer]) -> Page:
        actor: Actor = g.actor
        seen = request.form.get("version", default=-1, type=int)
        answer = change(actor.id, cycle_id, seen=seen)
        if answer is None:
            abort(404)
        if isinstance(answer, Changed):
            return redirect(url_for("pages.cycle", cycle_id=cycle_id, done=1), 303)
        return self._page(self._theirs(cycle_id), wrong=_why_not(answer)), 409

    def _theirs(self, cycle_id: UUID) -> ShownCycle:
        actor: Actor = g.actor
        found = self.application.cycling.cycle(actor.id, cycle_id)
        if found is None:
            abort(404)
        return found

    def _page(self, shown: ShownCycle, *, wrong: str = "", done: bool = False) -> str:
        actor: Actor = g.actor
        is_teacher = actor.id == shown.cycle.request.teacher.id
        return render_template(
            "scheduler/cycle.html",
            shown=shown,
            cycle=shown.cycle,
            is_teacher=is_teacher,
            own_side=COACHEES if is_teacher else COACHES,
            sides=(COACHEES, COACHES, LEADERSHIP),
            now=utc_now(),
            wrong=wrong,
            done=done,
        )


def _why_not(answer: NotChanged) -> str:
    match answer.why:
        case "as_many_as_may_be":
            return _("It has as many meetings as your division's coaching model allows.")
        case "over":
            return _("It is over, or rests already. Nothing was written.")
        case "nothing_owed":
            return _("That meeting has begun, or is off already. Nothing was written.")
        case _:
            return _(
                "It was changed while you looked. Nothing was written: this is how it stands now."
            )
