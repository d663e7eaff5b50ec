"""Being understood: who asks answers the pulse; an admin sends copies and reads what a pulse found."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.request_intake.bootstrap import Application
from services.request_intake.domain.pulse import STATEMENTS
from services.request_intake.entrypoints.pages.sitting import myself
from shared.clock import Clock
from shared.http.text import TextFault, clean
from shared.ui.languages import gettext as _

_MEND, _CONFLICT = 422, 409
_LONGEST_NAME = 80
Page = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Pulsing:
    """The pages."""

    application: Application
    clock: Clock

    def install(self, blueprint: Blueprint) -> None:
        """Give the pages their addresses, and those who ask a word that a pulse is open."""
        blueprint.add_app_template_global(self.waits, "pulse_waits")
        blueprint.get("/pulse", endpoint="pulse")(self.ask)
        blueprint.post("/pulse", endpoint="answer_pulse")(self.answer)
        blueprint.get("/understanding", endpoint="understanding")(self.show)
        blueprint.post("/understanding/copies", endpoint="send_copies")(self.send_copies)
        blueprint.post("/understanding/pulse", endpoint="open_pulse")(self.open)
        blueprint.post("/understanding/pulse/<uuid:pulse_id>/close", endpoint="close_pulse")(
            self.close
        )

    def waits(self) -> bool:
        """Whether she who looks has a pulse to answer."""
        return self.application.pulsing.waits_for(myself())

    def ask(self) -> Page:
        return self._form({})

    def answer(self) -> Page:
        """Take all answers at once, and say which were right; one that is missing is asked for."""
        pulsing = self.application.pulsing
        pulse = pulsing.current()
        if pulse is None or pulsing.has_answered(pulse, myself()):
            return redirect(url_for("pages.pulse"), 303)
        given = {place: request.form.get(f"answer.{place}", "") for place in range(STATEMENTS)}
        found = pulsing.answer(pulse, myself(), given)
        if found is None:
            return self._form(given), _MEND
        return render_template("intake/pulse_answered.html", pulse=pulse, answered=found)

    def show(self) -> str:
        return self._page()

    def send_copies(self) -> Page:
        self.application.understanding.begin_sending(myself().person.id)
        return redirect(url_for("pages.understanding"), 303)

    def open(self) -> Page:
        """Open a pulse until a day; one at a time."""
        name = clean(
            request.form.get("name", "").strip(), shortest=1, longest=_LONGEST_NAME, lines=False
        )
        if isinstance(name, TextFault):
            return self._page(wrong=_("Give it a name, such as this term's.")), _MEND
        closes_on = _day(request.form.get("closes_on", ""))
        today = self.clock().astimezone(self.application.model().model.zone).date()
        if closes_on is None or closes_on < today:
            return self._page(
                wrong=_("Say until which day it takes answers: today or later.")
            ), _MEND
        if not self.application.pulsing.begin(myself().person.id, name, closes_on):
            return self._page(wrong=_("A pulse is open already. Close it first.")), _CONFLICT
        return redirect(url_for("pages.understanding"), 303)

    def close(self, pulse_id: UUID) -> Page:
        if not self.application.pulsing.close(myself().person.id, pulse_id):
            abort(404)
        return redirect(url_for("pages.understanding"), 303)

    def _form(self, given: dict[int, str]) -> str:
        pulsing = self.application.pulsing
        pulse = pulsing.current()
        done = pulse is not None and pulsing.has_answered(pulse, myself())
        asked = pulsing.statements(pulse, myself()) if pulse and not done else ()
        return render_template(
            "intake/pulse.html", pulse=pulse, done=done, statements=asked, given=given
        )

    def _page(self, wrong: str = "") -> str:
        return render_template(
            "intake/understanding.html",
            reached=self.application.understanding.reached(),
            current=self.application.pulsing.current(),
            results=self.application.pulsing.results(),
            wrong=wrong,
            name=request.form.get("name", ""),
            closes_on=request.form.get("closes_on", ""),
        )


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        return None
