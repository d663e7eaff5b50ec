"""Who sits there: under demo a persona that she chose, in a session of its own; otherwise nobody."""

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
from services.request_intake.entrypoints.pages import rights
from shared.http.browser import SESSION_KEY

_A_HANDFUL = 6
_PAGES = re.compile(
    r"/(ask|(requests|reviews)(/[0-9a-f-]{36})?|model|what-coaches-do(/[a-z0-9_/.-]+)?)"
)
_FIRST_PAGE = {rights.ADMIN: "pages.model"}


def install(blueprint: Blueprint, application: Application) -> None:
    """Keep the pages closed without a division or demo; send who is nobody yet to choose a persona."""

    @blueprint.before_request
    def find_persona() -> Response | tuple[str, int] | None:
        g.asker = None
        if closed := _closed(application):
            return closed
        g.asker = _sitting(application)
        if g.asker is None and not rights.is_open(request.endpoint):
            return redirect(url_for("pages.who", next=_ours(request.path)), 303)
        if g.asker and not rights.may(g.asker.role, request.endpoint):
            abort(404)  # what is not hers does not exist for her
        return None

    _add_context(blueprint)
    _add_views(blueprint, application)


def _add_context(blueprint: Blueprint) -> None:
    @blueprint.app_context_processor
    def me() -> dict[str, object]:
        asker = g.get("asker")
        return {"me": asker.person if asker else None, "my_role": asker.role if asker else None}

    blueprint.add_app_template_filter(initials)


def _add_views(blueprint: Blueprint, application: Application) -> None:
    @blueprint.get("/")
    def who() -> str:
        return render_template(
            "intake/who.html",
            personas=application.personas(rights.TEACHER)[:_A_HANDFUL],
            admins=application.personas(rights.ADMIN),
            promise=application.model().model.promise,
            next=_ours(request.args.get("next", "")),
        )

    @blueprint.post("/be")
    def be() -> Response:
        asker = _find(application, request.form.get("person", ""))
        secret = application.begin_session(asker) if asker else None
        if asker is None or secret is None:
            abort(422)
        _end(application)
        session[SESSION_KEY] = secret
        first_page = url_for(_FIRST_PAGE.get(asker.role, "pages.ask"))
        return redirect(_ours(request.form.get("next", "")) or first_page, 303)

    @blueprint.post("/leave")
    def leave() -> Response:
        _end(application)
        return redirect(url_for("pages.who"), 303)


def _ours(path: str) -> str | None:
    """The path if it is one of the pages that a mail or a menu leads to; never another site's."""
    return path if _PAGES.fullmatch(path) else None


def _closed(application: Application) -> tuple[str, int] | None:
    """The page that stands before all others while there is nothing to open, or nobody to be."""
    first_page = request.path == "/"
    if division_name(application) is None:
        return render_template("intake/no_division.html"), 200 if first_page else 503
    if not application.demo and request.endpoint not in rights.PUBLIC:
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


def _sitting(application: Application) -> Asker | None:
    secret = session.get(SESSION_KEY)
    actor = application.sitting(secret) if isinstance(secret, str) else None
    asker = application.asker(actor.id) if actor else None
    if asker is None or actor is None or asker.role != actor.role:
        session.pop(SESSION_KEY, None)  # over, or the division was made anew since
        return None
    return asker


def _end(application: Application) -> None:
    """End the session that this browser has, if any."""
    secret = session.pop(SESSION_KEY, None)
    if isinstance(secret, str):
        application.end_session(secret)


def _find(application: Application, text: str) -> Asker | None:
    try:
        person_id = UUID(text)
    except ValueError:
        return None
    return application.asker(person_id)
