"""The draft of the next coaching model over HTTP, for admins: the same steps as on their pages."""

from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify

from services.request_intake.bootstrap import Application
from services.request_intake.domain.model_changes import changes
from services.request_intake.domain.model_document import ModelFaults, entry_faults, read
from services.request_intake.domain.model_draft import (
    ABOUT,
    SECTIONS,
    About,
    ModelDraft,
    with_about,
    with_entry,
    without_entry,
)
from services.request_intake.entrypoints.api import PREFIX, shown
from services.request_intake.entrypoints.api import draft_schemas as schemas
from services.request_intake.entrypoints.api.admins import admin, for_admins
from services.request_intake.entrypoints.api.schemas import ModelOut
from services.request_intake.handlers.drafting import DraftChanged, Plan
from shared.http.api import SECURITY, Blueprint
from shared.http.problems import FieldFault, ProblemError, not_valid

_ENTRY = f"/draft/<any({', '.join(SECTIONS)}):section>/<key>"
_MODEL = ModelOut()
_STALE = (
    "Somebody changed the draft since the revision you sent; nothing was written. Read it again."
)


def create_blueprint(application: Application) -> Blueprint:
    """The routes below `/draft`, and the list of versions."""
    blueprint = Blueprint(
        "drafts", __name__, url_prefix=PREFIX, description="Editing the coaching model, for admins"
    )

    for_admins(blueprint, application)
    _reading(blueprint, application)
    _writing(blueprint, application)
    _writing_about(blueprint, application)
    _ending(blueprint, application)
    return blueprint


def _reading(blueprint: Blueprint, application: Application) -> None:
    @blueprint.get("/versions")
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=schemas.VersionListOut)
    def versions() -> Response:
        """Every published version, the newest first: when, by whom, why."""
        return jsonify(versions=application.drafting.versions())

    @blueprint.get("/draft")
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=schemas.DraftOut)
    @blueprint.alt_response(404, description="There is no draft")
    def draft() -> Response:
        """The draft: its document, what it changes, and what is missing before it can be published."""
        return jsonify(shown_draft(application, _current(application)))

    @blueprint.get("/draft/preview")
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=ModelOut)
    @blueprint.alt_response(404, description="There is no draft")
    @blueprint.alt_response(422, description="The draft has holes; every one is named")
    def preview() -> Response:
        """What teachers could read and choose from if the draft were published now."""
        try:
            model = read(_current(application).document)
        except ModelFaults as faults:
            raise not_valid(map(_fault, faults.faults)) from faults
        following = application.drafting.versions()[0].version + 1
        return jsonify(_MODEL.dump(shown.model(model, following)))


def _writing(blueprint: Blueprint, application: Application) -> None:
    @blueprint.post("/draft")
    @blueprint.arguments(schemas.BeginIn())
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=schemas.DraftOut, description="The draft that there is now")
    def begin(sent: Mapping[str, Any]) -> Response:
        """Start a draft from a published version; go on with the one that there is."""
        found = application.drafting.begin(admin(), sent["version"])
        if found is None:
            fault = FieldFault(
                field="version",
                message="was never published",
                right="a number of the list of versions",
            )
            raise not_valid([fault])
        return jsonify(shown_draft(application, found))

    @blueprint.put(_ENTRY)
    @blueprint.arguments(schemas.EntryIn())
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=schemas.DraftOut)
    @blueprint.alt_response(404, description="There is no draft")
    @blueprint.alt_response(409, description="The draft changed since that revision")
    def put(sent: Mapping[str, Any], section: str, key: str) -> Response:
        """Write one entry, new or in the place of the one with this key."""
        entry = {"key": key, **sent["entry"]}
        if faults := entry_faults(SECTIONS[section], entry, "entry"):
            raise not_valid(map(_fault, faults))
        if entry["key"] != key:
            fault = FieldFault(field="entry.key", message="is another", right=f"{key}, or none")
            raise not_valid([fault])
        document = with_entry(_current(application).document, section, key, entry)
        return _changed(application, document, sent["revision"])

    @blueprint.delete(_ENTRY)
    @blueprint.arguments(schemas.SeenIn())
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=schemas.DraftOut)
    @blueprint.alt_response(404, description="There is no draft, or no such entry in it")
    @blueprint.alt_response(409, description="The draft changed since that revision")
    def remove(sent: Mapping[str, Any], section: str, key: str) -> Response:
        """Take one entry out of the draft."""
        current = _current(application)
        if current.entry(section, key) is None:
            raise _none("The draft has no such entry.")
        document = without_entry(current.document, section, key)
        return _changed(application, document, sent["revision"])


def _writing_about(blueprint: Blueprint, application: Application) -> None:
    @blueprint.put(f"/draft/{ABOUT}")
    @blueprint.arguments(schemas.AboutIn())
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=schemas.DraftOut)
    @blueprint.alt_response(404, description="There is no draft")
    @blueprint.alt_response(409, description="The draft changed since that revision")
    def put_about(sent: Mapping[str, Any]) -> Response:
        """Write the promise, the three sides' duties and what is too vague, as a whole."""
        if faults := entry_faults(About, sent["about"], "about"):
            raise not_valid(map(_fault, faults))
        document = with_about(_current(application).document, sent["about"])
        return _changed(application, document, sent["revision"])


def _ending(blueprint: Blueprint, application: Application) -> None:
    @blueprint.post("/draft/publish")
    @blueprint.arguments(schemas.PublishIn())
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(201, schema=schemas.PublishedOut)
    @blueprint.alt_response(409, description="The draft changed since that revision")
    @blueprint.alt_response(422, description="Something is missing; every hole is named")
    def publish(sent: Mapping[str, Any]) -> Response:
        """Publish the draft as the next version, in force at once or from a day on."""
        plan = Plan(reason=sent["reason"], effective_from=sent.get("effective_from"))
        try:
            answer = application.drafting.publish(admin(), plan, seen=sent["revision"])
        except ModelFaults as faults:
            raise not_valid(map(_fault, faults.faults)) from faults
        if isinstance(answer, DraftChanged):
            raise stale()
        response = jsonify(version=answer)
        response.status_code = 201
        return response

    @blueprint.post("/draft/discard")
    @blueprint.arguments(schemas.SeenIn())
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(204, description="The draft is gone")
    @blueprint.alt_response(409, description="The draft changed since that revision")
    def discard(sent: Mapping[str, Any]) -> Response:
        """Throw the draft away."""
        if application.drafting.discard(admin(), seen=sent["revision"]) is not None:
            raise stale()
        return Response(status=204)


def _current(application: Application) -> ModelDraft:
    found = application.drafting.draft()
    if found is None:
        raise _none("There is no draft. Begin one from a published version.")
    return found


def _changed(application: Application, document: dict[str, Any], seen: int) -> Response:
    answer = application.drafting.change(admin(), document, seen=seen)
    if isinstance(answer, DraftChanged):
        raise stale()
    return jsonify(shown_draft(application, answer))


def shown_draft(application: Application, found: ModelDraft) -> dict[str, Any]:
    """The draft, what it changes and what is missing. Fits `schemas.DraftOut`."""
    newest = application.drafting.versions()[0].version
    before = application.drafting.document(newest) or found.document
    return {
        "revision": found.revision,
        "based_on": found.based_on,
        "changed_at": found.changed_at,
        "document": found.document,
        "against": newest,
        "changes": changes(before, found.document),
        "faults": found.faults,
    }


def _fault(line: str) -> FieldFault:
    place, _, message = line.partition(": ")
    return FieldFault(field=place, message=message, right="as the model's description says")


def _none(detail: str) -> ProblemError:
    return ProblemError(404, "not-found", detail)


def stale() -> ProblemError:
    """The refusal of the second of two writers."""
    return ProblemError(409, "draft-changed", _STALE)
