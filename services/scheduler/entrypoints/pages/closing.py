"""An admin closes schools for a day, sees what became of it, and may take it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.scheduler.bootstrap import Application
from services.scheduler.domain.closing import LONGEST_REASON, Declaration, NotDeclared
from services.scheduler.domain.school_time import school_year
from shared.access.actors import Actor
from shared.clock import utc_now
from shared.http.fields import read_uuid
from shared.ui.languages import gettext as _
from shared.ui.languages import long_date

_MOST_LOOKS = 30
Page = str | Response | tuple[str, int]


@dataclass(frozen=True, kw_only=True)
class ClosureForm:
    """What was typed and ticked."""

    day: str
    reason: str = ""
    schools: frozenset[UUID] = frozenset()
    every: bool = False


@dataclass(frozen=True)
class ClosingSchools:
    """The page of closures."""

    application: Application

    def install(self, blueprint: Blueprint) -> None:
        """Give the pages their addresses."""
        blueprint.get("/closures", endpoint="closures")(self.show)
        blueprint.post("/closures", endpoint="close_schools")(self.declare)
        blueprint.post("/closures/<uuid:declaration_id>/withdraw", endpoint="open_schools")(
            self.withdraw
        )

    def show(self) -> str:
        return self._page(ClosureForm(day=self._today().isoformat()))

    def declare(self) -> Page:
        """Close what is ticked, or draw the form again with what has to be mended."""
        actor: Actor = g.actor
        form = _read()
        day = _day(form.day)
        if day is None:
            return self._page(form, {"day": _("Choose a day.")}), 422
        answer = self.application.closing.declare(
            actor.id, day=day, school_ids=self._meant(form), reason=form.reason
        )
        if isinstance(answer, NotDeclared):
            return self._page(form, {answer.field: _said(answer)}), 422
        return redirect(url_for("pages.closures", done=1), 303)

    def withdraw(self, declaration_id: UUID) -> Page:
        actor: Actor = g.actor
        if self.application.closing.declaration(declaration_id) is None:
            abort(404)
        self.application.closing.withdraw(actor.id, declaration_id)  # once more is no more
        return redirect(url_for("pages.closures"), 303)

    def _page(self, form: ClosureForm, faults: dict[str, str] | None = None) -> str:
        schools = self.application.closing.schools()
        today = self._today()
        declared = self.application.closing.declared()
        return render_template(
            "scheduler/closures.html",
            form=form,
            faults=faults or {},
            schools=schools,
            labels={
                school.school_id: found.label
                for school in schools
                if (found := school_year(school).get(today))
            },
            declared=declared,
            today=today,
            now=utc_now(),
            next=_next_look(declared),
            in_words=long_date,
        )

    def _meant(self, form: ClosureForm) -> frozenset[UUID]:
        if not form.every:
            return form.schools
        return frozenset(school.school_id for school in self.application.closing.schools())

    def _today(self) -> date:
        zone = ZoneInfo(self.application.division().zone)
        return utc_now().astimezone(zone).date()


def _next_look(declared: Sequence[Declaration]) -> str:
    """Where the page looks again while schools are worked through, for a minute; else nowhere."""
    looks = request.args.get("look", default=0, type=int)
    if looks >= _MOST_LOOKS or all(one.is_done for one in declared):
        return ""
    return url_for("pages.closures", look=looks + 1)


def _read() -> ClosureForm:
    ids = (read_uuid(value) for value in request.form.getlist("school"))
    return ClosureForm(
        day=request.form.get("day", "").strip(),
        reason=_line(request.form.get("reason", ""))[:LONGEST_REASON],
        schools=frozenset(id_ for id_ in ids if id_ is not None),
        every="every" in request.form,
    )


def _line(typed: str) -> str:
    return "".join(letter for letter in " ".join(typed.split()) if letter.isprintable())


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007  -- a date, no instant
    except ValueError:
        return None


def _said(fault: NotDeclared) -> str:
    if fault.field == "schools":
        return _("Tick at least one school that is open that day.")
    return _("Choose today, or a day of the coming two months.")
