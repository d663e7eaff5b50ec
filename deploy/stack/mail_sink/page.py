"""The page that shows what was mailed. Mail is hostile until shown otherwise: nothing of it runs."""

from datetime import datetime

from flask import Flask, Response, abort, render_template, request

from deploy.stack.mail_sink.mailbox import (
    Mailbox,
    calendar_part,
    content_of,
    header_of,
    part_of,
)

_PAGE = 50
_POLICY = (
    "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
_POLICY_OF_MAIL = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_HEADERS = ("From", "To", "Date", "Message-ID", "Reply-To", "Delivered-To", "Return-Path")


def create_app(mailbox: Mailbox) -> Flask:
    """The sink's own small application."""
    app = Flask(__name__)
    app.add_template_filter(_clock, "clock")
    app.add_url_rule("/", view_func=lambda: _list(mailbox), endpoint="index")
    app.add_url_rule("/mail/<name>", view_func=lambda name: _mail(mailbox, name), endpoint="mail")
    app.add_url_rule(
        "/mail/<name>/html", view_func=lambda name: _html(mailbox, name), endpoint="html"
    )
    app.add_url_rule(
        "/mail/<name>.eml", view_func=lambda name: _file(mailbox, name), endpoint="file"
    )
    app.after_request(_protect)
    return app


def _clock(at: datetime) -> str:
    """As the clocks of this machine show it, with the name of their zone."""
    return f"{at.astimezone():%Y-%m-%d %H:%M:%S %Z}"


def _list(mailbox: Mailbox) -> str:
    page = max(1, request.args.get("page", 1, type=int))
    kept = mailbox.count()
    return render_template(
        "list.html",
        summaries=list(mailbox.newest((page - 1) * _PAGE, _PAGE)),
        kept=kept,
        page=page,
        pages=max(1, -(-kept // _PAGE)),
    )


def _mail(mailbox: Mailbox, name: str) -> str:
    message = mailbox.read(name) or abort(404)
    text, calendar = part_of(message, "text/plain"), calendar_part(message)
    return render_template(
        "mail.html",
        name=name,
        subject=header_of(message, "Subject"),
        headers=[(name, value) for name in _HEADERS if (value := header_of(message, name))],
        text=content_of(text),
        has_html=part_of(message, "text/html") is not None,
        calendar=content_of(calendar),
        method=calendar.get_param("method", "") if calendar else "",
    )


def _html(mailbox: Mailbox, name: str) -> Response:
    message = mailbox.read(name) or abort(404)
    part = part_of(message, "text/html") or abort(404)
    return Response(
        content_of(part),
        mimetype="text/html",
        headers={"Content-Security-Policy": _POLICY_OF_MAIL},
    )


def _file(mailbox: Mailbox, name: str) -> Response:
    raw = mailbox.raw(name) or abort(404)
    return Response(
        raw,
        mimetype="message/rfc822",
        headers={"Content-Disposition": f'attachment; filename="{name}.eml"'},
    )


def _protect(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", _POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response
