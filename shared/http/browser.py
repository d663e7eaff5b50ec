"""What every page answers a browser with: strict headers, a safe cookie, a check of each form.

Nothing may come from elsewhere and nothing inline may run. Forms carry a token, and a form sent
from another site is refused before its token is looked at.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Request, abort, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect

from shared.http.problems import API, is_api

# connect-src: a page that follows a request asks for itself again.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",  # no-referrer would make every form's Origin "null"
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# An API's answer is no document: opened as one all the same, it may do nothing and be framed nowhere.
_HEADERS_OF_DATA = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}
_STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_OWN_SITES = ("same-origin", "none")
_csrf = CSRFProtect()
# Where a browser's cookie keeps the secret of its session, for every service.
SESSION_KEY = "key"


@dataclass(frozen=True, kw_only=True)
class Door:
    """How browsers reach this app. Over https the cookie is Secure and bound to the host."""

    secret_key: str
    public_url: str
    largest_body: int = 256 * 1024


def install(app: Flask, door: Door) -> None:
    """Set headers, cookie and limits for every answer of `app`."""
    secure = urlsplit(door.public_url).scheme == "https"
    app.secret_key = door.secret_key
    app.config.update(
        MAX_CONTENT_LENGTH=door.largest_body,
        MAX_FORM_MEMORY_SIZE=door.largest_body,
        MAX_FORM_PARTS=200,
        SESSION_COOKIE_NAME="__Host-remit" if secure else "remit",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_CHECK_DEFAULT=False,  # pages ask for it (check_form); the API has tokens instead
        WTF_CSRF_TIME_LIMIT=None,  # a form may lie open between two classes; it ends with the cookie
        WTF_CSRF_SSL_STRICT=False,  # check_form looks at Sec-Fetch-Site and Origin instead
    )
    app.session_interface = _SessionsOfPages()
    _csrf.init_app(app)
    always = {"Strict-Transport-Security": _STRICT_TRANSPORT} if secure else {}
    app.wsgi_app = _Dress(  # type: ignore[method-assign]
        app.wsgi_app, pages=_HEADERS | always, api=_HEADERS_OF_DATA | always
    )


class _SessionsOfPages(SecureCookieSessionInterface):
    """Sessions are a browser's. A program has its token; for it no cookie is read, signed or set."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        return None if is_api() else super().open_session(app, request)


class _Dress:
    """Adds our headers to every answer, at the very end: nothing before it sets one of them.

    What says nothing of its keeping is not kept.
    """

    def __init__(
        self, behind: WSGIApplication, *, pages: dict[str, str], api: dict[str, str]
    ) -> None:
        self._behind = behind
        self._pages = list(pages.items())
        self._api = list(api.items())

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        ours = self._api if environ["PATH_INFO"].startswith(API) else self._pages

        def dressed(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            headers = headers + ours
            if not any(name == "Cache-Control" for name, _ in headers):
                headers.append(("Cache-Control", "no-store"))
            return start_response(status, headers, *rest)

        return self._behind(environ, dressed)


def check_form() -> None:
    """Refuse a form that another site sent, or that lacks this session's token.

    For `before_request` of a blueprint of pages.
    """
    if request.method in _SAFE_METHODS:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in _OWN_SITES:
        abort(403)
    origin = request.headers.get("Origin")
    if site is None and origin is not None and urlsplit(origin).netloc != request.host:
        abort(403)
    _csrf.protect()
