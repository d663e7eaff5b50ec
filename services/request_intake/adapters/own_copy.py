"""A teacher's own copy of the coaching model as a PDF, set by Typst (in its wheel, with its fonts)."""

import io
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import orjson
import segno
import typst

from services.request_intake.domain.coaching_model import CoachingModel

_LAYOUT = Path(__file__).with_name("own_copy.typ")


def code_of(address: str) -> str:
    """A QR code of an address (ISO/IEC 18004) as an SVG element."""
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", xmldecl=False, scale=4, border=2)
    return drawn.getvalue().decode()


def pdf(
    model: CoachingModel,
    *,
    version: int,
    name: str,
    address: str,
    language: str,
    labels: Mapping[str, str],
) -> bytes:
    """The copy of one person. `address` is where she asks; `labels` are the headings in her language.

    What the division wrote reaches the layout as data, so no sign in it means anything to Typst.
    """
    given = {
        "model": asdict(model),
        "version": version,
        "name": name,
        "address": address,
        "language": language,
        "labels": dict(labels),
        "code": code_of(address),
    }
    made: bytes = typst.compile(_LAYOUT, sys_inputs={"given": orjson.dumps(given).decode()})
    return made
