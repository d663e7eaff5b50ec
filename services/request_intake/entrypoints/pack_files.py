"""Packs as they come and go over HTTP: how large, and how a file of one is answered."""

from flask import Response

from services.request_intake.bootstrap import Application
from services.request_intake.domain.model_draft import Document
from services.request_intake.domain.pack import header_faults, licences_for

# A whole model is a fifth of it. Longer ones would not be read by the gate, but by a thread of ours.
LARGEST = 1024 * 1024
MEDIA_TYPE = "application/yaml"


def answer(application: Application, document: Document, title: str, licence: str) -> Response:
    """The pack's file, to be kept under a name of its own."""
    raw = application.packing.file(document, title=title, licence=licence)
    headers = {"Content-Disposition": 'attachment; filename="coaching-model.yaml"'}
    return Response(raw, content_type=f"{MEDIA_TYPE}; charset=utf-8", headers=headers)


def wrong_header(document: Document, title: str, licence: str) -> str | None:
    """What keeps the document from being handed on so; empty ones are the usual."""
    may = licences_for(document)
    faults = list(header_faults(title or "usual", licence or may[0]))
    if not faults and licence and licence not in may:
        faults = [f"licence: must be {may[0]}, because parts with this licence are credited"]
    return faults[0] if faults else None
