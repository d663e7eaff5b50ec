"""An admin's pages of the coaching model: what is in force, the draft, its preview, and publishing."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.request_intake.bootstrap import Application
from services.request_intake.domain.model_changes import changes
from services.request_intake.domain.model_document import ModelFaults, read
from services.request_intake.domain.model_draft import (
    ABOUT,
    SECTIONS,
    About,
    Document,
    Entry,
    ModelDraft,
    about,
    with_about,
    with_entry,
    without_entry,
)
from services.request_intake.domain.school_words import SchoolWords
from services.request_intake.entrypoints.pages import ask_form
from services.request_intake.entrypoints.pages.entry_form import (
    drawn,
    label,
    read_entry,
    section_title,
)
from services.request_intake.entrypoints.pages.school_rows import named
from services.request_intake.entrypoints.pages.sitting import myself
from services.request_intake.entrypoints.pages.views import examples, topics_by_type
from services.request_intake.handlers.drafting import DraftChanged, Plan
from shared.clock import Clock
from shared.http.text import TextFault, clean
from shared.ui.languages import gettext as _

_MEND, _CONFLICT = 422, 409
_DRAFT = "/model/draft"
_ENTRY = f"{_DRAFT}/<any({', '.join(SECTIONS)}):section>/<key>"
_NEW = f"{_DRAFT}/<any({', '.join(SECTIONS)}):section>"
_KINDS = {**SECTIONS, ABOUT: About}
_LONGEST_REASON = 300
Page = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Modelling:
    """The model's pages. Every form carries the revision that it was drawn from."""

    application: Application
    clock: Clock

    def install(self, blueprint: Blueprint) -> None:
        """Give the pages their addresses."""
        blueprint.add_app_template_global(label, "field_label")
        blueprint.add_app_template_global(section_title, "section_title")
        blueprint.get("/model", endpoint="model")(self.show)
        blueprint.post(_DRAFT, endpoint="begin_draft")(self.begin)
        blueprint.get(_DRAFT, endpoint="draft")(self.show_draft)
        blueprint.get(f"{_DRAFT}/preview", endpoint="preview")(self.preview)
        blueprint.post(f"{_DRAFT}/discard", endpoint="discard")(self.discard)
        blueprint.post(f"{_DRAFT}/publish", endpoint="publish")(self.publish)
        blueprint.get(f"{_DRAFT}/{ABOUT}", endpoint="about")(self.edit_about)
        blueprint.post(f"{_DRAFT}/{ABOUT}", endpoint="save_about")(self.save_about)
        blueprint.get(_NEW, endpoint="new_entry")(self.edit)
        blueprint.post(_NEW, endpoint="add_entry")(self.save)
        blueprint.get(_ENTRY, endpoint="entry")(self.edit)
        blueprint.post(_ENTRY, endpoint="save_entry")(self.save)
        blueprint.post(f"{_ENTRY}/remove", endpoint="remove_entry")(self.remove)

    def show(self) -> str:
        return render_template(
            "intake/model.html",
            versions=self.application.drafting.versions(),
            in_force=self.application.model().version,
            draft=self.application.drafting.draft(),
            reached=self.application.understanding.reached(),
            still_open=self.application.rejudging.count(),
            now=self.clock(),
        )

    def begin(self) -> Response:
        """Start a draft of a version, or go on with the one that there is."""
        version = request.form.get("version", type=int)
        if version is None or not self.application.drafting.begin(myself().person.id, version):
            abort(422)
        return _to_draft()

    def show_draft(self) -> Page:
        draft = self.application.drafting.draft()
        return self._draft_page(draft) if draft else redirect(url_for("pages.model"), 303)

    def preview(self) -> Page:
        """The form as a teacher would see it, which can not be sent."""
        draft = self._draft()
        if draft.faults:
            return _to_draft()
        model = read(draft.document)
        return render_template(
            "intake/ask.html",
            words=SchoolWords(),
            named=named,
            form=ask_form.draw(room=""),
            faults={},
            model=model,
            topics_by_type=topics_by_type(model),
            examples=examples(model),
            preview=True,
        )

    def edit(self, section: str, key: str | None = None) -> Page:
        draft = self._draft()
        entry = {} if key is None else draft.entry(section, key)
        if entry is None:
            abort(404)
        return self._entry_page(draft, section, key, entry)

    def save(self, section: str, key: str | None = None) -> Page:
        """Keep what was typed, unless another entry has this key or the draft changed meanwhile."""
        draft = self._draft()
        entry = read_entry(SECTIONS[section], request.form)
        if not entry["key"] or (entry["key"] != key and draft.entry(section, entry["key"])):
            wrong = _("Give it a key of its own: this one is empty or taken.")
            return self._entry_page(draft, section, key, entry, wrong=wrong), _MEND
        document = with_entry(draft.document, section, key, entry)
        if self._is_stale(self._change(document)):
            return self._entry_page(self._draft(), section, key, entry, stale=True), _CONFLICT
        return _to_draft(section)

    def edit_about(self) -> Page:
        """What the model says of coaching as a whole."""
        draft = self._draft()
        return self._entry_page(draft, ABOUT, None, about(draft.document))

    def save_about(self) -> Page:
        draft = self._draft()
        part = read_entry(About, request.form)
        if self._is_stale(self._change(with_about(draft.document, part))):
            return self._entry_page(self._draft(), ABOUT, None, part, stale=True), _CONFLICT
        return _to_draft(ABOUT)

    def remove(self, section: str, key: str) -> Page:
        document = without_entry(self._draft().document, section, key)
        if self._is_stale(self._change(document)):
            return self._draft_page(self._draft(), stale=True), _CONFLICT
        return _to_draft(section)

    def discard(self) -> Page:
        if self._is_stale(self.application.drafting.discard(myself().person.id, seen=_seen())):
            return self._stale_page()
        return redirect(url_for("pages.model"), 303)

    def publish(self) -> Page:
        """Publish what was seen; holes, a missing reason and a past date are named."""
        draft, plan = self._draft(), _plan()
        if isinstance(plan, str):
            return self._draft_page(draft, wrong=plan), _MEND
        try:
            answer = self.application.drafting.publish(myself().person.id, plan, seen=_seen())
        except ModelFaults:
            return self._draft_page(draft, wrong=_("Mend what is named below first.")), _MEND
        if self._is_stale(answer):
            return self._stale_page()
        return redirect(url_for("pages.model"), 303)

    def _change(self, document: Document) -> ModelDraft | DraftChanged:
        return self.application.drafting.change(myself().person.id, document, seen=_seen())

    def _draft(self) -> ModelDraft:
        draft = self.application.drafting.draft()
        if draft is None:
            abort(redirect(url_for("pages.model"), 303))
        return draft

    @staticmethod
    def _is_stale(answer: Any) -> bool:
        return isinstance(answer, DraftChanged)

    def _stale_page(self) -> Page:
        return self._draft_page(self._draft(), stale=True), _CONFLICT

    def _draft_page(self, draft: ModelDraft, *, stale: bool = False, wrong: str = "") -> str:
        newest = self.application.drafting.versions()[0].version
        published = self.application.drafting.document(newest) or draft.document
        return render_template(
            "intake/model_draft.html",
            draft=draft,
            sections=SECTIONS,
            newest=newest,
            changes=changes(published, draft.document),
            faults=draft.faults,
            stale=stale,
            wrong=wrong,
            reason=request.form.get("reason", ""),
            effective_from=request.form.get("effective_from", ""),
        )

    def _entry_page(
        self,
        draft: ModelDraft,
        section: str,
        key: str | None,
        entry: Entry,
        *,
        stale: bool = False,
        wrong: str = "",
    ) -> str:
        return render_template(
            "intake/model_entry.html",
            draft=draft,
            section=section,
            key=key,
            fields=drawn(_KINDS[section], entry, draft.document),
            faults=[fault for fault in draft.faults if fault.startswith(f"{section}[{key}]")],
            stale=stale,
            wrong=wrong,
        )


def _seen() -> int:
    return request.form.get("revision", -1, type=int)


def _to_draft(section: str = "") -> Response:
    return redirect(url_for("pages.draft", _anchor=section or None), 303)


def _plan() -> Plan | str:
    """How it is to be published, or what is wrong with that."""
    reason = clean(
        request.form.get("reason", "").strip(), shortest=1, longest=_LONGEST_REASON, lines=False
    )
    if isinstance(reason, TextFault):
        return _("Say in a sentence why you publish: everybody can read it later.")
    typed = request.form.get("effective_from", "").strip()
    try:
        return Plan(reason=reason, effective_from=date.fromisoformat(typed) if typed else None)
    except ValueError:
        return _("Choose a day, or leave it empty for at once.")
