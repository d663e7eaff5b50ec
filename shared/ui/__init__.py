"""The one look: base template, stylesheet, languages, and pages for what goes wrong.

Every service that has pages calls `install` once and extends `ui/base.html` with its own layout.
Bootstrap's stylesheet and ours are served by the app itself; no page needs a script.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask_bootstrap import Bootstrap5

from shared.ui import assets, faults, languages

_HERE = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a service says of its own pages. Its facts are read per request, never kept.

    `typed` are the fields whose text a page of a failure shows again. `unavailable` names the
    errors that mean "try again soon": the page for them is a 503.
    """

    layout: str
    home_url: Callable[[], str]
    division_name: Callable[[], str]
    zone: Callable[[], str]
    typed: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("en", "fr")
    unavailable: tuple[type[Exception], ...] = ()


def install(app: Flask, look: Look) -> None:
    """Give `app` the look. Call after `shared.http.browser.install`, before blueprints of pages."""
    app.config.setdefault("BOOTSTRAP_SERVE_LOCAL", True)
    app.static_url_path = app.static_url_path or "/static"  # Bootstrap-Flask serves below it
    Bootstrap5(app)
    assets.install(app, _HERE / "static", _HERE / "templates")
    languages.install(app, look.languages, look.zone)
    faults.install(app, look.unavailable, look.typed)
    app.jinja_env.globals.update(
        ui_layout=lambda: look.layout,
        home_url=look.home_url,
        division_name=lambda: "" if faults.is_drawn() else look.division_name(),
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
