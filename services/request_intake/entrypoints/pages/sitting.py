"""Who sits there: the person of this browser's session, in the one role that she chose."""

import re
from uuid import UUID

from flask import Blueprint, abort, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from services.request_intake.adapters.front_desk import NoModelPublishedError
from services.request_intake.bootstrap import Application
from services.request_intake.domain.request import Asker
from services.request_intake.entrypoints.pages import rights
from shared.http.browser import SESSION_KEY

_PAGES = re.compile(
    r"/(ask|(requests|reviews)(/[0-9a-f-]{36})?|model|what-coaches-do(/[a-z0-9_/.-]+)?)"
)
_FIRST_PAGE = {rights.ADMIN: "pages.model"}
_OF_COACHES = "/my-time"  # the scheduler's
# What a browser keeps beside its session, whoever sits there.
_KEPT = ("language",)


def install(blueprint: Blueprint, application: Application) -> None:
    """Find out who sits there before each page, and send who is nobody yet to the entrance."""

    @blueprint.before_request
    def find_asker() -> Response | tuple[str, int] | None:
        g.asker = None
        if division_name(application) is None:
            status = 200 if request.path == "/" else 503
            return render_template("intake/no_division.html"), status
        g.asker = _sitting(application)
        if g.asker is None and not rights.is_open(request.endpoint):
            return redirect(entrance(application, ours(request.path)), 303)
        if g.asker and not rights.may(g.asker.role, request.endpoint):
            abort(404)  # what is not hers does not exist for her
        return None

    @blueprint.app_context_processor
    def me() -> dict[str, object]:
        asker = g.get("asker")
        return {
            "me": asker.person if asker else None,
            "my_role": asker.role if asker else None,
            "is_demo": application.demo,
        }

    @blueprint.post("/leave")
    def leave() -> Response:
        end(application)
        return redirect(entrance(application), 303)


def entrance(application: Application, wanted: str | None = None) -> str:
    """Where one becomes somebody, to go on to the page she wanted: personas under demo, else signing in."""
    return url_for("pages.who" if application.demo else "pages.sign_in", next=wanted)


def begin(
    application: Application, person_id: UUID, role: str, wanted: str = ""
) -> Response | None:
    """Open her session in this role and lead her on; None when she may not.

    Whatever the browser had before is gone: a session is never carried over from one to the other
    (OWASP Session Management Cheat Sheet, "Renew the Session ID After Any Privilege Level Change").
    """
    secret = application.signing_in.begin_session(person_id, role)
    if secret is None:
        return None
    end(application)
    kept = {name: session[name] for name in _KEPT if name in session}
    session.clear()
    session.update(kept)
    session[SESSION_KEY] = secret
    return redirect(ours(wanted) or first_page(role), 303)


def end(application: Application) -> None:
    """End the session that this browser has, if any."""
    secret = session.pop(SESSION_KEY, None)
    if isinstance(secret, str):
        application.end_session(secret)


def first_page(role: str) -> str:
    """Where a role begins."""
    return _OF_COACHES if role == rights.COACH else url_for(_FIRST_PAGE.get(role, "pages.ask"))


def ours(path: str) -> str | None:
    """The path if it is one of the pages that a mail or a menu leads to; never another site's."""
    return path if _PAGES.fullmatch(path) else None


def division_name(application: Application) -> str | None:
    """What the division is called; None before its coaching model is published."""
    try:
        return application.model().model.division.name
    except NoModelPublishedError:
        return None


def myself() -> Asker:
    """Who asks for this page; only behind `find_asker`."""
    asker: Asker = g.asker
    return asker


def _sitting(application: Application) -> Asker | None:
    secret = session.get(SESSION_KEY)
    actor = application.sitting(secret) if isinstance(secret, str) else None
    asker = application.asker(actor.id, actor.role) if actor else None
    if asker is None:
        session.pop(SESSION_KEY, None)  # over, or the division was made anew since
    return asker
