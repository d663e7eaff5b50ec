"""An admin's pages of packs: hand the model on as a file, lay another's beside it, take parts of it."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.request_intake.adapters.packs import PackFaultsError
from services.request_intake.bootstrap import Application
from services.request_intake.domain.adopting import Part, named
from services.request_intake.domain.model_draft import ModelDraft
from services.request_intake.domain.pack import LONGEST_TITLE, Pack, licences_for
from services.request_intake.entrypoints import pack_files
from services.request_intake.entrypoints.pages.sitting import myself
from shared.ui.languages import gettext as _

_MEND, _CONFLICT = 422, 409
_PACKS = "/model/packs"
_TAKE_FILES = ("pages.compare_pack", "pages.adopt_parts", "pages.import_pack")
Page = str | Response | tuple[str, int]


def install_limits(blueprint: Blueprint) -> None:
    """Let these pages take a file; to be installed before whatever reads a form."""

    @blueprint.before_request
    def take_a_whole_model() -> None:
        if request.endpoint in _TAKE_FILES:
            request.max_content_length = pack_files.LARGEST
            request.max_form_memory_size = pack_files.LARGEST
            request.max_form_parts = 1000


@dataclass(frozen=True)
class Packs:
    """The pages. What was uploaded is kept nowhere: the form that adopts carries it along."""

    application: Application

    def install(self, blueprint: Blueprint) -> None:
        """Give the pages their addresses."""
        blueprint.get(_PACKS, endpoint="packs")(self.show)
        blueprint.get("/model/pack.yaml", endpoint="pack_file")(self.file)
        blueprint.post(_PACKS, endpoint="compare_pack")(self.compare)
        blueprint.post(f"{_PACKS}/adopt", endpoint="adopt_parts")(self.adopt)
        blueprint.post(f"{_PACKS}/import", endpoint="import_pack")(self.take)

    def show(self) -> str:
        return self._packs_page()

    def file(self) -> Page:
        """The draft or a version (else the one in force) as a file, or on the page why not."""
        chosen = request.args.get("of", "")
        in_force = self.application.model().version
        version = None if chosen == "draft" else request.args.get("of", in_force, type=int)
        if version is not None and not 0 < version < 2**31:
            abort(404)
        document = self.application.packing.document(version)
        if document is None:
            abort(404)
        title, licence = request.args.get("title", "").strip(), request.args.get("licence", "")
        if pack_files.wrong_header(document, title, licence):
            may = ", ".join(licences_for(document))
            wrong = _("Give it a title on one line, and one of these licences: %(may)s.", may=may)
            return self._packs_page(wrong=wrong), _MEND
        return pack_files.answer(self.application, document, title, licence)

    def compare(self) -> Page:
        """Their model beside ours, or every fault of the file with its line."""
        sent = request.files.get("pack")
        raw = sent.read() if sent else b""
        if not raw:
            return self._packs_page(wrong=_("Choose a file first.")), _MEND
        pack = self._read(raw)
        return self._compared_page(pack, raw) if isinstance(pack, Pack) else pack

    def adopt(self) -> Page:
        """Take what was ticked into the draft; the second of two writers sees it as it is now."""
        raw = request.form.get("pack", "").encode()
        pack = self._read(raw)
        if not isinstance(pack, Pack):
            return pack
        parts = _ticked(pack)
        if not parts:
            wrong = _("Tick what you would like to take.")
            return self._compared_page(pack, raw, wrong=wrong), _MEND
        seen = request.form.get("revision", -1, type=int)
        answer = self.application.packing.adopt(myself().person.id, pack, parts, seen=seen)
        if isinstance(answer, ModelDraft):
            return redirect(url_for("pages.draft"), 303)
        return self._compared_page(pack, raw, stale=True, ticked=parts), _CONFLICT

    def take(self) -> Page:
        """Make the whole pack the draft, unless there is one with changes."""
        raw = request.form.get("pack", "").encode()
        pack = self._read(raw)
        if not isinstance(pack, Pack):
            return pack
        if isinstance(self.application.packing.take(myself().person.id, pack), ModelDraft):
            return redirect(url_for("pages.draft"), 303)
        wrong = _("There is a draft with changes: publish it or throw it away first.")
        return self._compared_page(pack, raw, wrong=wrong), _CONFLICT

    def _read(self, raw: bytes) -> Pack | tuple[str, int]:
        try:
            return self.application.packing.read(raw)
        except PackFaultsError as wrong:
            return self._packs_page(faults=wrong.faults), _MEND

    def _packs_page(self, *, faults: tuple[str, ...] = (), wrong: str = "") -> str:
        draft = self.application.drafting.draft()
        versions = self.application.drafting.versions()
        document = self.application.packing.document(versions[0].version)
        licences = {
            key for one in (document, draft and draft.document) if one for key in licences_for(one)
        }
        return render_template(
            "intake/packs.html",
            draft=draft,
            versions=versions,
            licences=[key for key in licences_for({}) if key in licences],
            longest_title=LONGEST_TITLE,
            faults=faults,
            wrong=wrong,
        )

    def _compared_page(self, pack: Pack, raw: bytes, **said: Any) -> str:
        return render_template(
            "intake/packs_compared.html",
            pack=pack,
            text=raw.decode("utf-8-sig"),
            beside=self.application.packing.compare(pack),
            **{"wrong": "", "stale": False, "ticked": [], **said},
        )


def _ticked(pack: Pack) -> list[Part]:
    """What was ticked and is in the pack."""
    parts = [named(text) for text in request.form.getlist("part")]
    return [part for part in parts if part and part.of(pack.document)]
