"""Which language a page speaks, and how it writes a date: in the division's zone, in long form."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import flask_babel
from babel import Locale
from babel.dates import format_date, format_time
from flask import Flask, request, session, url_for
from flask_babel import Babel, get_locale

from shared.http.problems import is_api

CATALOGUES = Path(__file__).parent / "translations"
_REMEMBERED = "language"


def install(app: Flask, spoken: tuple[str, ...], zone: Callable[[], str]) -> None:
    """Choose among `spoken`: what was asked for with ?lang=, else remembered, else the browser's."""

    def chosen() -> str:
        asked = request.args.get("lang", "")
        if asked in spoken:
            return asked
        return session.get(_REMEMBERED) or request.accept_languages.best_match(spoken) or spoken[0]

    def remember() -> None:
        if is_api() or request.method != "GET":
            return
        if (asked := request.args.get("lang", "")) in spoken:
            session[_REMEMBERED] = asked

    Babel(
        app,
        default_locale=spoken[0],
        default_translation_directories=str(CATALOGUES),
        locale_selector=chosen,
        configure_jinja=True,
    )
    app.before_request(remember)
    app.jinja_env.globals.update(
        language=language,
        languages=lambda: [(code, _own_name(code)) for code in spoken],
        in_language=_here_in,
        model_language=spoken[0],
    )
    app.jinja_env.filters.update(
        long_date=lambda value: long_date(_local(value, zone())),
        clock_time=lambda value: clock_time(_local(value, zone())),
        moment=lambda value: moment(_local(value, zone())),
        moment_with_seconds=lambda value: moment(_local(value, zone()), seconds=True),
    )


def gettext(text: str, **facts: object) -> str:
    """The text in the page's language, with its facts filled in."""
    return str(flask_babel.gettext(text, **facts))


def language() -> str:
    """The present page's language, as HTML writes it."""
    return str(get_locale() or "en").replace("_", "-")


def long_date(value: date) -> str:
    """Tuesday, September 8, 2026."""
    return format_date(value, "full", locale=_locale())


def clock_time(value: datetime) -> str:
    """9:05 AM, or 09:05 in French."""
    return format_time(value, "short", tzinfo=value.tzinfo, locale=_locale())


def moment(value: datetime, *, seconds: bool = False) -> str:
    """Sep 8, 2026, 9:05 AM."""
    length: Literal["medium", "short"] = "medium" if seconds else "short"
    day = format_date(value, "medium", locale=_locale())
    return f"{day}, {format_time(value, length, tzinfo=value.tzinfo, locale=_locale())}"


def _locale() -> Locale:
    """Canadian habits of date and time, in the page's language."""
    return Locale.parse(f"{language()[:2]}_CA")


def _local(value: datetime, zone: str) -> datetime:
    return value.astimezone(ZoneInfo(zone))


def _own_name(code: str) -> str:
    return (Locale.parse(code).get_display_name(code) or code).capitalize()


def _here_in(code: str) -> str:
    """The present address in another language; what was posted can not be linked to."""
    if request.endpoint is None or request.method != "GET":
        return f"/?lang={code}"
    kept = {name: value for name, value in request.args.items() if name != "lang"}
    return url_for(request.endpoint, **{**kept, **(request.view_args or {}), "lang": code})
