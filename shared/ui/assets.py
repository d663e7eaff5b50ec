"""Files of the look, each under an address that changes with its content, so browsers may keep it."""

import gzip
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import flask_bootstrap
from flask import Blueprint, Flask, Response, request, url_for

_BOOTSTRAP_CSS = "css/bootstrap.min.css"
_BOOTSTRAP_FOLDER = Path(flask_bootstrap.__file__).parent / "static" / "bootstrap5"
_A_YEAR = 31_536_000
_WORTH_PACKING = 1_000
_PACKABLE = ("text/css", "image/svg+xml", "text/javascript")


def install(app: Flask, static: Path, templates: Path) -> None:
    """Serve the look's files under /ui and tell templates their addresses."""
    blueprint = Blueprint(
        "ui", __name__, static_folder=static, static_url_path="/ui", template_folder=templates
    )
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(
        asset=lambda name: url_for("ui.static", filename=name, v=_digest(static / name)),
        bootstrap_css=lambda: url_for(
            "bootstrap.static",
            filename=_BOOTSTRAP_CSS,
            v=_digest(_BOOTSTRAP_FOLDER / _BOOTSTRAP_CSS),
        ),
    )
    app.after_request(_keep_and_pack)


@lru_cache(maxsize=64)
def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()[:12]


@lru_cache(maxsize=16)
def _packed(endpoint: str, version: str, content: bytes) -> bytes:  # noqa: ARG001  -- part of the key
    return gzip.compress(content, 9, mtime=0)


def _keep_and_pack(response: Response) -> Response:
    """Let a browser keep an asset for a year, and send it gzipped (Bootstrap: 232 kB become 31)."""
    if not (request.endpoint or "").endswith(".static") or response.status_code != 200:
        return response
    version = request.args.get("v", "")
    if version:
        response.headers["Cache-Control"] = f"public, max-age={_A_YEAR}, immutable"
    response.vary.add("Accept-Encoding")
    if response.mimetype in _PACKABLE and request.accept_encodings.quality("gzip") > 0:
        response.direct_passthrough = False
        content = response.get_data()
        if len(content) > _WORTH_PACKING:
            response.set_data(_packed(str(request.endpoint), version, content))
            response.headers["Content-Encoding"] = "gzip"
            response.headers.pop("ETag", None)
    return response
