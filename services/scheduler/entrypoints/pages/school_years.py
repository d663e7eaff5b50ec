"""An admin's pages of school years: which are known, and a year typed, looked at, copied, saved."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.scheduler.bootstrap import Application
from services.scheduler.domain.school_time import SchoolDay, SchoolTime, school_year
from services.scheduler.domain.schools import KnownSchool
from services.scheduler.domain.year_rules import SchoolTimeError, clashes
from services.scheduler.domain.year_text import Reading, YearText, read, written
from services.scheduler.entrypoints.pages import year_faults
from services.scheduler.entrypoints.pages.day_names import day_name, weekdays
from services.scheduler.handlers.keeping import YearChanged
from shared.access.actors import Actor
from shared.clock import utc_now
from shared.http.fields import read_uuid
from shared.ui.languages import gettext as _
from shared.ui.languages import long_date

_ONE = "/school-years/<uuid:school_id>"
_DAYS_SHOWN = 15
_TYPED = (
    "first_day",
    "last_day",
    "labels",
    "cover",
    "terms",
    "bells",
    "closures",
    "specials",
    "spot",
)
_MEND, _CONFLICT = 422, 409
Page = str | Response | tuple[str, int]


@dataclass(frozen=True, kw_only=True)
class YearForm:
    """What the page is drawn with, beside the school: as typed, and the version that it was read at."""

    typed: YearText
    seen: int
    reading: Reading | None = None
    days: Sequence[tuple[str, SchoolDay]] | None = None
    copied: str = ""
    stored: YearText | None = None


@dataclass(frozen=True)
class SchoolYears:
    """The form carries the version that it was drawn from, so that the second of two writers is told."""

    application: Application

    def install(self, blueprint: Blueprint) -> None:
        """Give the pages their addresses."""
        blueprint.get("/school-years", endpoint="school_years")(self.show)
        blueprint.get(_ONE, endpoint="school_year")(self.show_one)
        blueprint.post(_ONE, endpoint="save_school_year")(self.save)

    def show(self) -> str:
        schools, years = self.application.schooling.years()
        today = self._today()
        return render_template(
            "scheduler/school_years.html",
            schools=schools,
            years=years,
            today={id_: school_year(year).get(today) for id_, year in years.items()},
            in_words=long_date,
            day_name=day_name,
        )

    def show_one(self, school_id: UUID) -> str:
        school, year = self._found(school_id)
        typed = written(year) if year else YearText()
        form = YearForm(typed=typed, seen=year.version if year else 0)
        return self._page(school, year, form, saved="saved" in request.args)

    def save(self, school_id: UUID) -> Page:
        """Show what was typed as days, fill it from another school, or keep it."""
        school, now = self._found(school_id)
        form = YearForm(typed=_read(), seen=request.form.get("version", 0, type=int))
        if request.form.get("do") == "copy":
            return self._page(school, now, self._copied(form))
        reading = read(form.typed, school)
        if reading.year is not None:
            for fault in clashes(reading.year, now):
                reading.refuse(fault.field, fault.wrong)
        if reading.faults or reading.year is None:
            return self._page(school, now, replace(form, reading=reading)), _MEND
        if request.form.get("do") == "look":
            form = replace(form, days=self._to_come(reading.year, now))
            return self._page(school, now, form)
        return self._kept(school, form, reading, reading.year)

    def _kept(
        self, school: KnownSchool, form: YearForm, reading: Reading, year: SchoolTime
    ) -> Page:
        actor: Actor = g.actor
        try:
            answer = self.application.schooling.change_year(actor.id, year, seen=form.seen)
        except SchoolTimeError as error:  # a day was declared closed in this very moment
            for fault in error.faults:
                reading.refuse(fault.field, fault.wrong)
            return self._page(school, None, replace(form, reading=reading)), _MEND
        if answer is None:
            abort(404)
        if isinstance(answer, YearChanged):
            now = answer.now
            stored = written(now) if now else YearText()
            form = replace(form, seen=now.version if now else 0, stored=stored)
            return self._page(school, now, form), _CONFLICT
        return redirect(url_for("pages.school_year", school_id=school.id, saved=1), 303)

    def _copied(self, form: YearForm) -> YearForm:
        """The year of the chosen school, at the place of this one; nothing is written yet."""
        chosen = read_uuid(request.form.get("copy_from", ""))
        other, year = (chosen and self.application.schooling.year(chosen)) or (None, None)
        if other is None or year is None:
            return form
        return replace(form, typed=replace(written(year), spot=form.typed.spot), copied=other.name)

    def _to_come(self, year: SchoolTime, now: SchoolTime | None) -> Sequence[tuple[str, SchoolDay]]:
        """The next school days as they would be, with what is closed on short notice, and their names."""
        closures = (*year.closures, *(now.declared if now else ()))
        days = school_year(replace(year, closures=closures))
        today = self._today()
        to_come = (days[day] for day in sorted(days) if day >= today)
        return [(day_name(day.label, year), day) for day in islice(to_come, _DAYS_SHOWN)]

    def _page(
        self, school: KnownSchool, now: SchoolTime | None, form: YearForm, *, saved: bool = False
    ) -> str:
        schools, years = self.application.schooling.years()
        faults = form.reading.faults if form.reading else ()
        return render_template(
            "scheduler/school_year.html",
            school=school,
            form=form,
            now=now,
            faults=year_faults.by_field(faults),
            differing=_differing(form.typed, form.stored),
            others=[one for one in schools if one.id in years and one.id != school.id],
            weekdays=list(enumerate(weekdays(), start=1)),
            saved=saved,
            in_words=long_date,
            titles=_titles(),
        )

    def _found(self, school_id: UUID) -> tuple[KnownSchool, SchoolTime | None]:
        found = self.application.schooling.year(school_id)
        if found is None:
            abort(404)
        return found

    def _today(self) -> date:
        zone = ZoneInfo(self.application.division().zone)
        return utc_now().astimezone(zone).date()


def _titles() -> dict[str, str]:
    """What each field is called."""
    return {
        "first_day": _("First day"),
        "last_day": _("Last day"),
        "labels": _("Day labels"),
        "weekdays": _("Weekdays with school"),
        "shifts": _("Labels move on"),
        "cover": _("Who takes a class meanwhile"),
        "terms": _("Terms"),
        "bells": _("Bells"),
        "closures": _("Days without school"),
        "specials": _("Special days"),
        "spot": _("Where the school is"),
    }


def _read() -> YearText:
    days = request.form.getlist("weekday", type=int)
    return YearText(
        **{name: request.form.get(name, "").replace("\r\n", "\n").strip() for name in _TYPED},
        weekdays=tuple(sorted(set(days))),
        shifts="shifts" in request.form,
    )


def _differing(typed: YearText, stored: YearText | None) -> dict[str, str]:
    """By field, what somebody else has written there."""
    if stored is None:
        return {}
    shown = {name: str(getattr(stored, name)) for name in _TYPED}
    shown["weekdays"] = ", ".join(weekdays()[day - 1] for day in stored.weekdays)
    shown["shifts"] = _("Yes") if stored.shifts else _("No")
    return {
        name: text for name, text in shown.items() if getattr(stored, name) != getattr(typed, name)
    }
