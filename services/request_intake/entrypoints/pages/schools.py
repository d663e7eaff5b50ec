"""An admin's pages of schools: the contacts and names that each adds to the division's model."""

from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.request_intake.adapters.directory import ListedSchool
from services.request_intake.bootstrap import Application
from services.request_intake.bootstrap.schooling import AdditionsChanged, AdditionsRefused
from services.request_intake.domain.school_additions import Contact, LocalTopic, SchoolAdditions
from services.request_intake.entrypoints.pages.sitting import myself
from shared.ui.languages import gettext as _

_ONE = "/schools/<key>"
_ROOM_FOR_MORE = 3
_MEND, _CONFLICT = 422, 409
Page = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Schools:
    """The form carries the revision that it was drawn from."""

    application: Application

    def install(self, blueprint: Blueprint) -> None:
        """Give the pages their addresses."""
        blueprint.get("/schools", endpoint="schools")(self.show)
        blueprint.get(_ONE, endpoint="school")(self.show_one)
        blueprint.post(_ONE, endpoint="save_school")(self.save)

    def show(self) -> str:
        schools, additions = self.application.schooling.every()
        return render_template("intake/schools.html", schools=schools, additions=additions)

    def show_one(self, key: str) -> str:
        school, additions = self._found(key)
        return self._page(school, additions, saved="saved" in request.args)

    def save(self, key: str) -> Page:
        """Keep what was typed, or name what has to be mended."""
        school, _now = self._found(key)
        given = _read()
        answer = self.application.schooling.change(myself().person.id, school.id, given)
        match answer:
            case AdditionsRefused(faults=faults):
                return self._page(school, given, faults=faults), _MEND
            case AdditionsChanged():
                wrong = _("Somebody changed this while you looked. Nothing was written.")
                return self._page(school, given, faults=(wrong,)), _CONFLICT
            case _:
                return redirect(url_for("pages.school", key=key, saved=1), 303)

    def _found(self, key: str) -> tuple[ListedSchool, SchoolAdditions]:
        found = self.application.schooling.school(key)
        if found is None:
            abort(404)
        return found

    def _page(
        self,
        school: ListedSchool,
        additions: SchoolAdditions,
        *,
        faults: tuple[str, ...] = (),
        saved: bool = False,
    ) -> str:
        model = self.application.model().model
        return render_template(
            "intake/school.html",
            school=school,
            additions=additions,
            model=model,
            asleep=additions.asleep(model),
            topics=[*additions.topics, *([None] * _ROOM_FOR_MORE)],
            faults=faults,
            saved=saved,
        )


def _read() -> SchoolAdditions:
    form = request.form
    keys = [name.removeprefix("label.") for name in form if name.startswith("label.")]
    contacts = {
        key: Contact(
            label=_line(f"label.{key}"),
            kind=form.get(f"kind.{key}", "link"),
            target=_line(f"target.{key}"),
        )
        for key in keys
        if _line(f"label.{key}") or _line(f"target.{key}")
    }
    pairs = zip(form.getlist("title"), form.getlist("inside"), strict=False)
    topics = [LocalTopic(title=" ".join(title.split()), inside=key) for title, key in pairs]
    return SchoolAdditions(
        contacts=contacts,
        topics=tuple(topic for topic in topics if topic.title),
        revision=form.get("revision", 0, type=int),
    )


def _line(name: str) -> str:
    typed = " ".join(request.form.get(name, "").split())
    return "".join(c for c in typed if c.isprintable())
