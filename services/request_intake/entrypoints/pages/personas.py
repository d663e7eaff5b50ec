"""Who she is, until sign-in exists: under demo a persona that she chose, otherwise nobody."""

import re
from uuid import UUID

from flask import (
    Blueprint,
    abort,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response

from services.request_intake.adapters.front_desk import NoModelPublishedError
from services.request_intake.bootstrap import Application
from services.request_intake.domain.request import Asker

_A_HANDFUL = 6
_PAGES = re.compile(r"/(ask|requests(/[0-9a-f-]{36})?)")
_OPEN_TO_ALL = ("pages.who", "pages.be")


def install(blueprint: Blueprint, application: Application) -> None:
    """Keep the pages closed without a division or demo; send who is nobody yet to choose a persona."""

    @blueprint.before_request
    def find_persona() -> Response | tuple[str, int] | None:
        g.asker = None
        if closed := _closed(application):
            return closed
        g.asker = _chosen(application)
        if g.asker is None and request.endpoint not in _OPEN_TO_ALL:
            return redirect(url_for("pages.who", next=_ours(request.path)), 303)
        return None

    @blueprint.app_context_processor
    def me() -> dict[str, object]:
        return {"me": g.asker.person if g.get("asker") else None}

    blueprint.add_app_template_filter(initials)

    @blueprint.get("/")
    def who() -> str:
        return render_template(
            "intake/who.html",
            personas=application.personas()[:_A_HANDFUL],
            promise=application.model().model.promise,
            next=_ours(request.args.get("next", "")),
        )

    @blueprint.post("/be")
    def be() -> Response:
        asker = _find(application, request.form.get("person", ""))
        if asker is None:
            abort(422)
        session["person"] = str(asker.person.id)
        return redirect(_ours(request.form.get("next", "")) or url_for("pages.ask"), 303)


def _ours(path: str) -> str | None:
    """The path if it is one of the pages that a mail or a menu leads to; never another site's."""
    return path if _PAGES.fullmatch(path) else None


def _closed(application: Application) -> tuple[str, int] | None:
    """The page that stands before all others while there is nothing to open, or nobody to be."""
    first_page = request.path == "/"
    if division_name(application) is None:
        return render_template("intake/no_division.html"), 200 if first_page else 503
    if not application.demo:
        return render_template("intake/closed.html"), 200 if first_page else 403
    return None


def division_name(application: Application) -> str | None:
    """What the division is called; None before its coaching model is published."""
    try:
        return application.model().model.division.name
    except NoModelPublishedError:
        return None


def myself() -> Asker:
    """The persona of this request; only behind `find_persona`."""
    asker: Asker = g.asker
    return asker


def initials(name: str) -> str:
    """The first letters of a name's first and last word."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def _chosen(application: Application) -> Asker | None:
    person = session.get("person")
    asker = _find(application, person) if person else None
    if person and asker is None:
        session.pop("person")  # the division was made anew since
    return asker


def _find(application: Application, text: str) -> Asker | None:
    try:
        person_id = UUID(text)
    except ValueError:
        return None
    return application.asker(person_id)
