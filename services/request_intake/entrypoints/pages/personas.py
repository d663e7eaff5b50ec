"""Under demo, a page of personas to step into; without, there is none."""

from uuid import UUID

from flask import Blueprint, abort, g, redirect, render_template, request
from werkzeug.wrappers import Response

from services.request_intake.bootstrap import Application
from services.request_intake.domain.request import Asker
from services.request_intake.entrypoints.pages import rights, sitting

_A_HANDFUL = 6


def install(blueprint: Blueprint, application: Application) -> None:
    """The page and its form."""
    blueprint.add_app_template_filter(initials)

    @blueprint.get("/")
    def who() -> Response | str:
        if not application.demo:
            there = sitting.first_page(g.asker.role) if g.asker else sitting.entrance(application)
            return redirect(there, 303)
        return render_template(
            "intake/who.html",
            personas=application.personas(rights.TEACHER)[:_A_HANDFUL],
            coaches=application.personas(rights.COACH),
            admins=application.personas(rights.ADMIN),
            promise=application.model().model.promise,
            next=sitting.ours(request.args.get("next", "")),
        )

    @blueprint.post("/be")
    def be() -> Response:
        if not application.demo:
            abort(404)
        asker = _find(application, request.form.get("person", ""))
        wanted = request.form.get("next", "")
        begun = asker and sitting.begin(application, asker.person.id, asker.role, wanted)
        return begun or abort(422)


def initials(name: str) -> str:
    """The first letters of a name's first and last word."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def _find(application: Application, text: str) -> Asker | None:
    try:
        person_id = UUID(text)
    except ValueError:
        return None
    return application.asker(person_id)
