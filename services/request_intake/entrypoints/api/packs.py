"""Packs over HTTP, for admins: the model handed on as a file, another's compared and taken in part."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, jsonify, request

from services.request_intake.adapters.packs import PackFaultsError
from services.request_intake.bootstrap import Application
from services.request_intake.domain.adopting import Compared, Part, named
from services.request_intake.domain.model_draft import Document, ModelDraft
from services.request_intake.domain.pack import Pack
from services.request_intake.entrypoints import pack_files
from services.request_intake.entrypoints.api import PREFIX
from services.request_intake.entrypoints.api import pack_schemas as schemas
from services.request_intake.entrypoints.api.admins import admin, for_admins
from services.request_intake.entrypoints.api.drafts import shown_draft, stale
from services.request_intake.handlers.adopting import DraftInTheWay, NothingPublished
from services.request_intake.handlers.drafting import DraftChanged
from shared.http.api import SECURITY, Blueprint
from shared.http.problems import FieldFault, ProblemError, not_valid

_FAULTY = "The pack is faulty; each fault is named with its line"


def create_blueprint(application: Application) -> Blueprint:
    """The routes of packs, below `/draft` and `/versions`."""
    blueprint = Blueprint(
        "packs",
        __name__,
        url_prefix=PREFIX,
        description="Handing the coaching model on, for admins",
    )
    for_admins(blueprint, application)

    @blueprint.before_request
    def take_a_whole_model() -> None:
        request.max_content_length = pack_files.LARGEST

    _giving(blueprint, application)
    _taking(blueprint, application)
    return blueprint


def _giving(blueprint: Blueprint, application: Application) -> None:
    @blueprint.get("/versions/<int:version>/pack")
    @blueprint.arguments(schemas.HandOnQuery(), location="query")
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, description="The file, in YAML")
    @blueprint.alt_response(404, description="There is no such version")
    def version_pack(sent: Mapping[str, Any], version: int) -> Response:
        """A published version as a pack's file."""
        document = application.packing.document(version) if version < 2**31 else None
        return _file(application, document, sent)

    @blueprint.get("/draft/pack")
    @blueprint.arguments(schemas.HandOnQuery(), location="query")
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, description="The file, in YAML")
    @blueprint.alt_response(404, description="There is no draft")
    def draft_pack(sent: Mapping[str, Any]) -> Response:
        """The draft as a pack's file, with such holes as it has."""
        return _file(application, application.packing.document(None), sent)


def _taking(blueprint: Blueprint, application: Application) -> None:
    @blueprint.post("/draft/pack/compare")
    @blueprint.arguments(schemas.PackIn())
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=schemas.ComparisonOut)
    @blueprint.alt_response(422, description=_FAULTY)
    def compare_pack(sent: Mapping[str, Any]) -> Response:
        """A pack beside the draft, or beside the newest version where there is none; nothing is kept."""
        pack = _read(application, sent["pack"])
        beside = application.packing.compare(pack)
        return jsonify(
            title=pack.title,
            licence=pack.licence,
            against=beside.version,
            revision=beside.revision,
            compared=[_compared(one) for one in beside.compared],
        )

    @blueprint.post("/draft/pack/adopt")
    @blueprint.arguments(schemas.AdoptIn())
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=schemas.TakenOut)
    @blueprint.alt_response(409, description="The draft changed since that revision")
    @blueprint.alt_response(422, description=_FAULTY)
    def adopt_parts(sent: Mapping[str, Any]) -> Response:
        """Take parts of a pack into the draft, with credit; without a draft, into a new one."""
        pack = _read(application, sent["pack"])
        parts = _parts(pack, sent["parts"])
        answer = application.packing.adopt(admin(), pack, parts, seen=sent["revision"])
        if isinstance(answer, DraftChanged):
            raise stale()
        return jsonify(shown_draft(application, answer))

    @blueprint.post("/draft/pack/import")
    @blueprint.arguments(schemas.PackIn())
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=schemas.TakenOut)
    @blueprint.alt_response(409, description="There is a draft with changes")
    @blueprint.alt_response(422, description=_FAULTY)
    def import_pack(sent: Mapping[str, Any]) -> Response:
        """Make a whole pack the draft, under the division's own name; a draft with changes stays."""
        answer = application.packing.take(admin(), _read(application, sent["pack"]))
        if isinstance(answer, ModelDraft):
            return jsonify(shown_draft(application, answer))
        raise _in_the_way(answer)


def _file(application: Application, document: Document | None, sent: Mapping[str, Any]) -> Response:
    if document is None:
        raise ProblemError(404, "not-found", "There is no such version, or no draft.")
    title, licence = sent.get("title", ""), sent.get("licence", "")
    if wrong := pack_files.wrong_header(document, title, licence):
        place, _, message = wrong.partition(": ")
        raise not_valid([FieldFault(field=place, message=message)])
    return pack_files.answer(application, document, title, licence)


def _read(application: Application, text: str) -> Pack:
    try:
        return application.packing.read(text.encode("utf-8", "surrogatepass"))
    except PackFaultsError as wrong:
        refusal = not_valid(())
        # All of them, not the usual twenty: whoever mends a file mends it once.
        refusal.errors = tuple(
            FieldFault(field="pack", message=line, right="Correct that line.")
            for line in wrong.faults
        )
        raise refusal from wrong


def _parts(pack: Pack, texts: Sequence[str]) -> list[Part]:
    parts = [named(text) for text in texts]
    wrong = [
        FieldFault(
            field=f"parts.{index}", message="is not in the pack", right="as topics[unit_planning]"
        )
        for index, part in enumerate(parts)
        if part is None or part.of(pack.document) is None
    ]
    if wrong:
        raise not_valid(wrong)
    return [part for part in parts if part is not None]


def _compared(one: Compared) -> dict[str, Any]:
    return {
        "part": str(one.part),
        "title": one.title,
        "kind": one.kind,
        "fields": one.fields,
    }


def _in_the_way(answer: DraftInTheWay | NothingPublished) -> ProblemError:
    said = "There is a draft with changes: publish it or throw it away first. Nothing was written."
    if isinstance(answer, NothingPublished):
        said = "No version is published yet that a draft could be of."
    return ProblemError(409, "draft-in-the-way", said)
