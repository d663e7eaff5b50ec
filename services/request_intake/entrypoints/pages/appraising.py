"""An admin's page of who appraises whom: found by name or address, looked at, saved, taken away again.

What is typed is sent and shown, and stands in no address: addresses reach logs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.request_intake.bootstrap import Application
from services.request_intake.bootstrap.appraising import Found
from services.request_intake.domain.appraisal import COACH, TEACHER, Appraisal, Fault, Wrong
from services.request_intake.entrypoints.pages.sitting import myself
from services.request_intake.handlers.appraising import AppraisalRefused, Pair
from shared.http.fields import read_uuid
from shared.http.text import TextFault, clean
from shared.ui.languages import gettext as _

_MEND = 422
_LONGEST = 120
_FIELDS = (COACH, TEACHER)
Page = str | Response | tuple[str, int]


@dataclass(frozen=True, kw_only=True)
class AppraisalForm:
    """What was typed, whom it may mean, and whom she chose of them."""

    typed: Mapping[str, str] = field(default_factory=dict)
    found: Mapping[str, Found] = field(default_factory=dict)
    chosen: Mapping[str, UUID | None] = field(default_factory=dict)

    @property
    def is_found(self) -> bool:
        """Whether there is somebody to choose for each."""
        return all(name in self.found and self.found[name].people for name in _FIELDS)


@dataclass(frozen=True)
class AppraisalPages:
    """Two steps: find, then look and save. Said twice, the second is told that it was so already."""

    application: Application

    def install(self, blueprint: Blueprint) -> None:
        """Give the pages their addresses."""
        blueprint.get("/appraisals", endpoint="appraisals")(self.show)
        blueprint.post("/appraisals/find", endpoint="find_appraisal")(self.find)
        blueprint.post("/appraisals", endpoint="keep_appraisal")(self.keep)
        blueprint.post("/appraisals/end", endpoint="end_appraisal")(self.end)

    def show(self) -> str:
        return self._page(AppraisalForm(), said=self._said())

    def find(self) -> Page:
        """Whom she may mean, to be looked at; or what has to be mended."""
        form, faults = self._found()
        if faults:
            return self._page(form, faults), _MEND
        return _chosen_page(form)

    def keep(self) -> Page:
        """Let it stand, or say what is in the way."""
        pair = _pair()
        if pair is None:
            form, faults = self._found()
            if not form.is_found:
                return self._page(form, faults), _MEND
            unchosen = {
                name: _("Choose one of them.") for name in _FIELDS if form.chosen[name] is None
            }
            return _chosen_page(form, unchosen), _MEND
        answer = self.application.appraising.keep(myself().person.id, pair, stands=True)
        if isinstance(answer, AppraisalRefused):
            form, _faults = self._found()
            faults = _worded(answer.faults)
            if form.is_found:
                return _chosen_page(form, faults), _MEND
            return self._page(form, faults), _MEND
        return _back(pair, changed=answer.changed)

    def end(self) -> Page:
        """Let it stand no more; she can undo it at once."""
        pair = _pair()
        if pair is None:
            return self._page(AppraisalForm()), _MEND
        answer = self.application.appraising.keep(myself().person.id, pair, stands=False)
        if isinstance(answer, AppraisalRefused):
            abort(404)
        return _back(pair, changed=answer.changed)

    def _found(self) -> tuple[AppraisalForm, dict[str, str]]:
        typed, faults, found = {}, {}, {}
        for name in _FIELDS:
            sent = request.form.get(f"{name}_typed", "")
            text = clean(sent, shortest=1, longest=_LONGEST, lines=False)
            typed[name] = sent if isinstance(text, TextFault) else text
            if isinstance(text, TextFault):
                faults[name] = _unreadable(text)
                continue
            found[name] = self.application.appraising.find(text, name)
            if not found[name].people:
                faults[name] = _nobody(name)
        chosen = {name: read_uuid(request.form.get(name)) for name in _FIELDS}
        return AppraisalForm(typed=typed, found=found, chosen=chosen), faults

    def _said(self) -> Appraisal | None:
        """Of whom she has just said something, by the ids in the page's address."""
        coach, teacher = (read_uuid(request.args.get(name)) for name in _FIELDS)
        if coach is None or teacher is None:
            return None
        return self.application.appraising.one(Pair(coach_id=coach, teacher_id=teacher))

    def _page(
        self,
        form: AppraisalForm,
        faults: Mapping[str, str] | None = None,
        *,
        said: Appraisal | None = None,
    ) -> str:
        standing = self.application.appraising.standing()
        by_coach = groupby(standing, key=lambda one: one.coach)
        return render_template(
            "intake/appraisals.html",
            form=form,
            faults=faults or {},
            said=said,
            already="already" in request.args,
            coaches=[(coach, list(appraised)) for coach, appraised in by_coach],
        )


def _chosen_page(form: AppraisalForm, faults: Mapping[str, str] | None = None) -> str:
    return render_template("intake/appraisal_chosen.html", form=form, faults=faults or {})


def _pair() -> Pair | None:
    coach, teacher = (read_uuid(request.form.get(name)) for name in _FIELDS)
    if coach is None or teacher is None:
        return None
    return Pair(coach_id=coach, teacher_id=teacher)


def _back(pair: Pair, *, changed: bool) -> Response:
    already = None if changed else 1
    there = url_for(
        "pages.appraisals", coach=pair.coach_id, teacher=pair.teacher_id, already=already
    )
    return redirect(there, 303)


def _worded(faults: Sequence[Fault]) -> dict[str, str]:
    said = {
        Wrong.NOBODY: _("There is nobody like that here any more. Look for her again."),
        Wrong.NO_COACH: _("She is no coach. Only a person with the role coach can appraise."),
        Wrong.NO_TEACHER: _("She is no teacher. Only a teacher can be appraised."),
        Wrong.HERSELF: _("Nobody appraises herself. Choose two different people."),
    }
    return {fault.field: said[fault.wrong] for fault in faults}


def _nobody(name: str) -> str:
    if name == COACH:
        return _(
            "No coach has this name or address. Write a part of her name, or her whole address;"
            " only a person with the role coach can appraise."
        )
    return _(
        "No teacher has this name or address. Write a part of her name, or her whole address;"
        " only a teacher can be appraised."
    )


def _unreadable(fault: TextFault) -> str:
    if fault.message == "is empty":
        return _("Write her name or her address.")
    return _(
        "This can not be a name or an address. Write it anew, in at most %(most)s letters.",
        most=_LONGEST,
    )
