"""A meeting's page for its teacher: the times that it may move to, who has time sooner, and the move."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.scheduler.bootstrap import Application
from services.scheduler.domain.moving import ChangedSince, Meeting, Moved, NoMore, Wanted
from shared.access.actors import Actor
from shared.ui.languages import gettext as _

_ONE = "/meetings/<uuid:meeting_id>"
Page = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Meetings:
    """The form carries the sequence that it was drawn with, so that the second of two is told."""

    application: Application

    def install(self, blueprint: Blueprint) -> None:
        """Give the pages their addresses."""
        blueprint.get(_ONE, endpoint="meeting")(self.show)
        blueprint.post(f"{_ONE}/move", endpoint="move_meeting")(self.move)

    def show(self, meeting_id: UUID) -> Page:
        found = self._hers(meeting_id)
        if isinstance(found, NoMore):
            return redirect(f"/requests/{found.request_id}", 303)
        return _page(found, moved="moved" in request.args)

    def move(self, meeting_id: UUID) -> Page:
        """Move it to the chosen time, or say what came between."""
        actor: Actor = g.actor
        chosen, seen = _chosen(request.form.get("to", "")), _number("sequence")
        if chosen is None or seen is None:
            found = self._hers(meeting_id)
            if isinstance(found, NoMore):
                return _no_more(found), 409
            return _page(found, wrong=_("Choose a time.")), 422
        answer = self.application.moving.move(actor.id, meeting_id, seen=seen, wanted=chosen)
        if answer is None:
            abort(404)
        if isinstance(answer, NoMore):
            return _no_more(answer), 409
        if isinstance(answer, Moved):
            return redirect(url_for("pages.meeting", meeting_id=meeting_id, moved=1), 303)
        wrong = (
            _("It was changed while you looked. Nothing was written: this is how it stands now.")
            if isinstance(answer, ChangedSince)
            else _("That time was just taken. Nothing was written: these are free now.")
        )
        return _page(answer.now, wrong=wrong), 409

    def _hers(self, meeting_id: UUID) -> Meeting | NoMore:
        actor: Actor = g.actor
        found = self.application.moving.meeting(actor.id, meeting_id)
        if found is None:
            abort(404)
        return found


def _no_more(found: NoMore) -> str:
    return render_template("scheduler/meeting_off.html", request_id=found.request_id)


def _page(meeting: Meeting, *, wrong: str = "", moved: bool = False) -> str:
    session = meeting.session
    return render_template(
        "scheduler/meeting.html",
        session=session,
        coach=session.coach.name,
        times=meeting.times,
        sooner=meeting.sooner,
        wrong=wrong,
        moved=moved,
    )


def _chosen(text: str) -> Wanted | None:
    """An instant, and behind a space the colleague who has it."""
    at, _space, coach = text.partition(" ")
    try:
        found, coach_id = datetime.fromisoformat(at), UUID(coach) if coach else None
    except ValueError:
        return None
    return Wanted(starts_at=found, coach_id=coach_id) if found.tzinfo else None


def _number(name: str) -> int | None:
    return request.form.get(name, type=int)
