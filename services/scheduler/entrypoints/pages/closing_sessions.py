"""A coach closes a session in two taps: the mode as it turned out, and the kind of work. Or it was missed."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, abort, g, redirect, request, url_for
from werkzeug.wrappers import Response

from services.scheduler.bootstrap import Application
from services.scheduler.domain.completing import Closing, KindOfWork
from services.scheduler.handlers.completing import UnknownMode
from shared.access.actors import Actor
from shared.ui.languages import gettext as _

_ONE = "/meetings/<uuid:over_id>"


@dataclass(frozen=True)
class ClosingSessions:
    """What stands on her day is closed there; a teacher says on her request's page that they did not meet."""

    application: Application

    def install(self, blueprint: Blueprint) -> None:
        """Give the steps their addresses."""
        blueprint.add_app_template_global(work_in_words, "work_in_words")
        blueprint.post(f"{_ONE}/close", endpoint="close_session")(self.close)
        blueprint.post(f"{_ONE}/missed", endpoint="session_missed")(self.missed)

    def close(self, over_id: UUID) -> Response:
        actor: Actor = g.actor
        kind = request.form.get("kind", "")
        if kind not in set(KindOfWork):
            return redirect(url_for("pages.my_time", unsaid=1), 303)
        closing = Closing(kind=KindOfWork(kind), turned_out=request.form.get("turned_out", ""))
        answer = self.application.completing.close(actor.id, over_id, closing)
        if answer is None:
            abort(404)
        if isinstance(answer, UnknownMode):
            return redirect(url_for("pages.my_time", unsaid=1), 303)
        return redirect(url_for("pages.my_time", closed=1), 303)

    def missed(self, over_id: UUID) -> Response:
        """They did not meet: another time is held for the teacher."""
        actor: Actor = g.actor
        answer = self.application.completing.missed(actor.id, over_id)
        if answer is None:
            abort(404)
        if actor.role == "coach":
            return redirect(url_for("pages.my_time", missed=1), 303)
        return redirect(f"/requests/{answer.request_id}", 303)


def work_in_words() -> list[tuple[str, str]]:
    """The kinds of work, each with what a coach reads."""
    return [
        (KindOfWork.PLANNING.value, _("We planned")),
        (KindOfWork.TEACHING.value, _("We taught, or looked on")),
        (KindOfWork.PUPILS_WORK.value, _("We looked at pupils' work")),
        (KindOfWork.REFLECTING.value, _("We thought it through")),
        (KindOfWork.RESOURCES.value, _("We found or made resources")),
        (KindOfWork.ARRANGING.value, _("We arranged people and dates")),
    ]
