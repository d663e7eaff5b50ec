"""Pages for what goes wrong: in the same look, in plain words, and with what was typed kept.

Only for people: an address under /api/ is answered by the API's own problem details.
"""

from dataclasses import dataclass

from flask import Flask, Response, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, ServiceUnavailable

from shared.http.problems import ProblemError, answer, is_api
from shared.ui.languages import gettext as _

_CODES = (400, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503)
_WORTH_KEEPING = (429, 500, 503)


@dataclass(frozen=True)
class Fault:
    """What a page says of a failure."""

    title: str
    sentence: str


def install(app: Flask, unavailable: tuple[type[Exception], ...], typed: tuple[str, ...]) -> None:
    """Draw a page for each failure; `unavailable` errors become a 503 that keeps what was typed."""
    app.jinja_env.globals["typed_fields"] = typed
    for code in _CODES:
        app.register_error_handler(code, _page)
    app.register_error_handler(ProblemError, _page)
    app.register_error_handler(CSRFError, _expired)
    for error in unavailable:
        app.register_error_handler(error, _try_again)


def _page(error: HTTPException) -> Response:
    if is_api():
        return answer(error)
    code = error.code or 500
    response = _draw(code, _fault(code), kept=code in _WORTH_KEEPING and request.method == "POST")
    if after := error.get_response().headers.get("Retry-After"):
        response.headers["Retry-After"] = after
    return response


def _try_again(_error: Exception) -> Response:
    return _page(ServiceUnavailable(retry_after=5))


def _expired(_error: CSRFError) -> Response:
    fault = Fault(
        _("This page was open for a long time"),
        _("Nothing was sent. To be sure that it is you, please send it once more."),
    )
    return _draw(400, fault, kept=True)


def is_drawn() -> bool:
    """Whether the present page tells of a failure: then it asks nothing of what may have failed."""
    return bool(g.get("fault_drawn"))


def _draw(code: int, fault: Fault, *, kept: bool = False) -> Response:
    g.fault_drawn = True
    sent = request.form.items(multi=True) if kept else ()
    fields = [(name, value) for name, value in sent if value and name != "csrf_token"]
    return make_response(render_template("ui/fault.html", fault=fault, kept=fields), code)


def _fault(code: int) -> Fault:
    """The words for a status code; they are looked up per request, in its language."""
    words = {
        403: Fault(
            _("That did not come from this page"),
            _("It was sent from another site, so nothing was changed."),
        ),
        404: Fault(
            _("We can not find that page"),
            _("Perhaps the address was cut short. Nothing that you asked for is lost."),
        ),
        413: Fault(
            _("That is more than we can read"),
            _("Please say it in fewer words; a coach will gladly hear the rest."),
        ),
        429: Fault(
            _("That was a lot at once"),
            _("Please wait a minute and send it again. Nothing that you asked for is lost."),
        ),
        500: Fault(
            _("Something broke on our side"),
            _("It is not you. What was confirmed to you before is safe."),
        ),
        503: Fault(
            _("We can not save right now"),
            _("Your request is not sent yet. Please try again in a moment."),
        ),
    }
    unread = Fault(
        _("We could not read that"), _("Please go back and try once more. Nothing was changed.")
    )
    return words.get(code, unread)
