"""An admin's page of travel: the division's speed, the minutes between schools, and whose place is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.scheduler.bootstrap import Application
from services.scheduler.domain.ways import (
    FASTEST,
    LONGEST,
    MOST,
    SLOWEST,
    WayFault,
    WayLines,
    WayWrong,
    read_ways,
    written_ways,
)
from services.scheduler.handlers.travelling import TravelChanged, TravelRefused
from shared.access.actors import Actor
from shared.ui.languages import gettext as _

_MEND, _CONFLICT = 422, 409
Page = str | Response | tuple[str, int]


@dataclass(frozen=True, kw_only=True)
class TravelForm:
    """What was typed, and the version that it was read at. `stored` is what somebody else wrote since."""

    kmh: str
    ways: str
    seen: int
    stored: tuple[int, str] | None = None


@dataclass(frozen=True)
class Travel:
    """The form carries the version that it was drawn from, so that the second of two writers is told."""

    application: Application

    def install(self, blueprint: Blueprint) -> None:
        """Give the page its address."""
        blueprint.get("/travel", endpoint="travel")(self.show)
        blueprint.post("/travel", endpoint="save_travel")(self.save)

    def show(self) -> str:
        return self._page(None, saved="saved" in request.args)

    def save(self) -> Page:
        """Keep what was typed, or name what has to be mended."""
        actor: Actor = g.actor
        form, read = _read(), read_ways(request.form.get("ways", ""))
        kmh = int(form.kmh) if form.kmh.isdecimal() and len(form.kmh) < 4 else 0
        if read.unread:
            faults = [(line, WayWrong.NO_WAY) for line in read.unread]
            return self._page(form, _by_field(faults)), _MEND
        answer = self.application.travelling.change(actor.id, read.ways, kmh, seen=form.seen)
        if answer is None:
            abort(404)
        if isinstance(answer, TravelRefused):
            return self._page(form, _by_field(_placed(answer.faults, read))), _MEND
        if isinstance(answer, TravelChanged):
            now, keys = answer.now, self.application.travelling.kept().keys
            stored = (now.kmh, written_ways(now.table, keys))
            mine = TravelForm(kmh=form.kmh, ways=form.ways, seen=now.version, stored=stored)
            return self._page(mine), _CONFLICT
        return redirect(url_for("pages.travel", saved=1), 303)

    def _page(
        self,
        form: TravelForm | None,
        faults: Mapping[str, list[str]] | None = None,
        *,
        saved: bool = False,
    ) -> str:
        kept = self.application.travelling.kept()
        known = kept.known
        if form is None and known is not None:
            ways = written_ways(known.table, kept.keys)
            form = TravelForm(kmh=str(known.kmh), ways=ways, seen=known.version)
        return render_template(
            "scheduler/travel.html",
            form=form,
            faults=faults or {},
            titles={"kmh": _("Speed"), "ways": _("Minutes between schools")},
            schools=kept.schools,
            placed=kept.placed,
            saved=saved,
            slowest=SLOWEST,
            fastest=FASTEST,
        )


def _read() -> TravelForm:
    return TravelForm(
        kmh=request.form.get("kmh", "").strip(),
        ways=request.form.get("ways", "").replace("\r\n", "\n"),
        seen=request.form.get("version", 0, type=int),
    )


def _placed(faults: Sequence[WayFault], read: WayLines) -> list[tuple[int, WayWrong]]:
    """Each fault at its line."""
    return [(read.lines[fault.index] if fault.index >= 0 else 0, fault.wrong) for fault in faults]


def _by_field(faults: Sequence[tuple[int, WayWrong]]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    said = _said()
    for line, wrong in dict.fromkeys(faults):
        sentence = (
            _("Line %(line)s: %(said)s", line=line, said=said[wrong]) if line else said[wrong]
        )
        found.setdefault("kmh" if wrong is WayWrong.SPEED else "ways", []).append(sentence)
    return found


def _said() -> Mapping[WayWrong, str]:
    return {
        WayWrong.NO_WAY: _("Write two schools by their keys and the minutes, as oak pine 12."),
        WayWrong.NO_SCHOOL: _("There is no such school. The keys stand in the list below."),
        WayWrong.NOWHERE: _("It leads to where it begins. Write two different schools."),
        WayWrong.TWICE: _("It stands there twice. Leave one out."),
        WayWrong.MINUTES: _("Write 0 to %(most)s minutes.", most=LONGEST),
        WayWrong.TOO_MANY: _("There are too many of these: at most %(most)s.", most=MOST),
        WayWrong.SPEED: _(
            "Write a speed from %(slowest)s to %(fastest)s km/h.", slowest=SLOWEST, fastest=FASTEST
        ),
    }
