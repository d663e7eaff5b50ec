"""A teacher's page of her timetable: for each day and period, whether she teaches, prepares or is free."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.scheduler.bootstrap import Application
from services.scheduler.domain.school_time import Timetable
from services.scheduler.domain.timetabling import HerDays, KnownTimetable, Pair, periods_of
from services.scheduler.entrypoints.pages.day_names import day_name
from services.scheduler.handlers.timetabling import TimetableChanged, TimetableRefused
from shared.access.actors import Actor
from shared.ui.languages import gettext as _

_AT, _TEACH, _PREP = "at/", "teach", "prep"
_MEND, _CONFLICT = 422, 409
Page = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Timetables:
    """The form carries the version that it was drawn from, so that the second of two writers is told."""

    application: Application

    def install(self, blueprint: Blueprint) -> None:
        """Give the page its address."""
        blueprint.get("/my-timetable", endpoint="my_timetable")(self.show)
        blueprint.post("/my-timetable", endpoint="save_timetable")(self.save)

    def show(self) -> str:
        hers = self._hers()
        return _page(hers, hers.known, saved="saved" in request.args)

    def save(self) -> Page:
        """Keep what was chosen, or say what came between."""
        hers = self._hers()
        chosen = _read()
        seen = request.form.get("version", 0, type=int)
        answer = self.application.timetabling.change(
            hers.teacher_id, hers.teacher_id, chosen, seen=seen
        )
        if isinstance(answer, KnownTimetable):
            return redirect(url_for("pages.my_timetable", saved=1), 303)
        if isinstance(answer, TimetableChanged):
            drawn = KnownTimetable(timetable=chosen, version=answer.now.version)
            wrong = _(
                "Somebody changed your timetable while you looked. Nothing was written: your choices"
                " stand below. Save again to put them in the place of what stands now."
            )
            return _page(hers, drawn, wrong=wrong, now=_chosen(answer.now.timetable)), _CONFLICT
        wrong = _("Your school's days changed while you looked. Nothing was written: look again.")
        known = KnownTimetable(timetable=chosen, version=seen)
        return _page(
            hers, known if isinstance(answer, TimetableRefused) else hers.known, wrong=wrong
        ), _MEND

    def _hers(self) -> HerDays:
        actor: Actor = g.actor
        found = self.application.timetabling.of(actor.id)
        if found is None:
            abort(404)
        return found


def _page(
    hers: HerDays,
    drawn: KnownTimetable,
    *,
    saved: bool = False,
    wrong: str = "",
    now: Mapping[Pair, str] | None = None,
) -> str:
    """Her choices as a grid; where `now` is given, what stands there beside what she chose."""
    year = hers.year
    days = [(label, periods_of(year, label)) for label in year.day_labels] if year else []
    return render_template(
        "scheduler/my_timetable.html",
        hers=hers,
        drawn=drawn,
        days=[day for day in days if day[1]],
        chosen=_chosen(drawn.timetable),
        now=now,
        day_name=day_name,
        saved=saved,
        wrong=wrong,
    )


def _chosen(timetable: Timetable) -> Mapping[Pair, str]:
    return {
        **dict.fromkeys(timetable.teaches, _TEACH),
        **dict.fromkeys(timetable.prepares, _PREP),
    }


def _read() -> Timetable:
    return Timetable(teaches=frozenset(_at(_TEACH)), prepares=frozenset(_at(_PREP)))


def _at(choice: str) -> list[Pair]:
    found = []
    for name, value in request.form.items():
        label, slash, period = name.removeprefix(_AT).partition("/")
        if name.startswith(_AT) and slash and value == choice:
            found.append((label, period))
    return found
