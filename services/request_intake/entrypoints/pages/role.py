"""What coaches do, for everybody to read: each coach type, one's own copy, and slides to show it."""

from dataclasses import dataclass

from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as Answer

from services.request_intake.bootstrap import Application
from services.request_intake.domain.coaching_model import CoachType
from services.request_intake.domain.request import Asker
from services.request_intake.entrypoints.pages import rights
from services.request_intake.entrypoints.pages.sitting import myself
from shared.ui.languages import gettext as _
from shared.ui.languages import language

_ROLE = "/what-coaches-do"
_TYPE = f"{_ROLE}/<coach_type>"
# A count that small could be a person.
_FEWEST_SHOWN = 5


@dataclass(frozen=True)
class Role:
    """The pages of the role as it is written."""

    application: Application

    def install(self, blueprint: Blueprint) -> None:
        """Give the pages their addresses."""
        blueprint.get(_ROLE, endpoint="role")(self.show)
        blueprint.get(f"{_ROLE}/slides", endpoint="slides")(self.slides)
        blueprint.get(f"{_ROLE}/my-copy.pdf", endpoint="my_copy")(self.my_copy)
        blueprint.get(_TYPE, endpoint="role_type")(self.show_type)
        blueprint.post(f"{_TYPE}/new-to-me", endpoint="new_to_me")(self.tap)

    def show(self) -> str:
        """The whole role; whoever is signed in has her copy with it."""
        if asker := _signed_in():
            self.application.understanding.show_copy(asker.person.id)
        published = self.application.model()
        return render_template("intake/role.html", model=published.model, version=published.version)

    def show_type(self, coach_type: str) -> str:
        kind = self._type(coach_type)
        model = self.application.model().model
        return render_template(
            "intake/role_type.html",
            kind=kind,
            model=model,
            topics=[topic for topic in model.topics if topic.coach_types[0] == coach_type],
            **self._known(coach_type, _signed_in()),
        )

    def _known(self, coach_type: str, asker: Asker | None) -> dict[str, object]:
        """What was news: to her who looks, or, for an admin, to how many."""
        understanding = self.application.understanding
        if asker is None:
            return {"may_tap": False, "tapped": (), "counts": {}}
        if asker.role == rights.ADMIN:
            news = understanding.news(coach_type).items()
            counts = {clause: people for clause, people in news if people >= _FEWEST_SHOWN}
            return {"may_tap": False, "tapped": (), "counts": counts}
        tapped = understanding.tapped(asker.person.id, coach_type)
        return {"may_tap": True, "tapped": tapped, "counts": {}}

    def tap(self, coach_type: str) -> Answer:
        """She did not know that a coach can help with this."""
        clause = request.form.get("clause", "")
        if not self.application.understanding.tap(myself().person.id, coach_type, clause):
            abort(404)
        return redirect(url_for("pages.role_type", coach_type=coach_type, _anchor="covers"), 303)

    def slides(self) -> str:
        code = Markup(self.application.understanding.code())  # noqa: S704  -- drawn by us
        published = self.application.model()
        return render_template(
            "intake/slides.html",
            model=published.model,
            version=published.version,
            code=code,
            address=self.application.understanding.ask_address,
        )

    def my_copy(self) -> Response:
        made = self.application.understanding.pdf_copy(myself(), language(), _labels())
        return Response(
            made,
            mimetype="application/pdf",
            headers={"Content-Disposition": 'inline; filename="what-coaches-do.pdf"'},
        )

    def _type(self, key: str) -> CoachType:
        found = self.application.model().model.coach_type_of.get(key)
        if found is None:
            abort(404)
        return found


def _signed_in() -> Asker | None:
    asker: Asker | None = g.asker
    return asker


def _labels() -> dict[str, str]:
    return {
        "title": _("What coaches do"),
        "of": _("The copy of"),
        "ask": _("Ask here"),
        "version": _("version"),
        "covers": _("Covers"),
        "does_not_cover": _("Does not cover"),
        "modes": _("Ways to work together"),
        "elsewhere": _("Where other asks go"),
        "roles": _("What each side undertakes"),
        "coachees": _("Teachers"),
        "coaches": _("Coaches"),
        "leadership": _("School leaders"),
    }
