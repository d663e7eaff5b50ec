"""The kind no on pages: a teacher's appeal; its readers' queue, and the one-key answers to each ask."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.request_intake.bootstrap import UNAVAILABLE, Application
from services.request_intake.domain.remit import NotOffered
from services.request_intake.domain.request import Request
from services.request_intake.domain.review import (
    LONGEST_SENTENCE,
    ByException,
    Closed,
    Coaching,
    Elsewhere,
    Keep,
    Review,
    Verdict,
    mode_for,
)
from services.request_intake.entrypoints.pages.rights import ADMIN, COACH
from services.request_intake.entrypoints.pages.sitting import myself
from services.request_intake.entrypoints.pages.views import topics_by_type, view
from services.request_intake.handlers.reviewing import Appeal, BudgetSpent
from shared.clock import Clock
from shared.http.text import TextFault, clean
from shared.ui.languages import gettext as _

_MEND, _CONFLICT = 422, 409
_ONE = "/reviews/<uuid:review_id>"
Page = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Reviewing:
    """The pages of appeals and reviews."""

    application: Application
    clock: Clock

    def install(self, blueprint: Blueprint) -> None:
        """Give the pages their addresses, and the navigation of admins its count."""
        blueprint.add_app_template_global(self.waiting, "reviews_waiting")
        blueprint.post("/requests/<uuid:request_id>/appeal", endpoint="appeal")(self.appeal)
        blueprint.get("/reviews", endpoint="reviews")(self.queue)
        blueprint.get(_ONE, endpoint="review")(self.show)
        blueprint.post(f"{_ONE}/answer", endpoint="answer_review")(self.answer)

    def waiting(self) -> int:
        """How many wait for her answer; none that can be told while the database is away."""
        asker = g.get("asker")
        if asker is None or asker.role not in (ADMIN, COACH):
            return 0
        try:
            return self.application.reviewing.waiting(asker.person.id, as_coach=asker.role == COACH)
        except UNAVAILABLE:
            return 0

    def appeal(self, request_id: UUID) -> Page:
        """Take her word that it is coaching; what is too long is shown again, to be mended."""
        asked = self.application.request(myself().person.id, request_id)
        if asked is None:
            abort(404)
        typed = request.form.get("sentence", "")
        sentence = clean(typed, shortest=0, longest=LONGEST_SENTENCE, lines=True)
        if isinstance(sentence, TextFault):
            return self._appeal_page(asked, typed), _MEND
        appeal = Appeal(sentence=sentence, for_coaches="coaches" in request.form)
        self.application.reviewing.appeal(myself(), request_id, appeal)
        return redirect(url_for("pages.request_page", request_id=request_id), 303)

    def _appeal_page(self, asked: Request, typed: str) -> str:
        wrong = _("Please use at most %(most)s visible characters.", most=LONGEST_SENTENCE)
        return render_template(
            "intake/request.html",
            asked=view(asked, self.application.model().model),
            refresh=None,
            now=self.clock(),
            faults={"sentence": wrong},
            typed=typed,
        )

    def queue(self) -> str:
        reviewing, reader = self.application.reviewing, myself().person.id
        queue = reviewing.queue(reader, as_coach=_as_coach())
        waiting = [(one, reviewing.is_overdue(one)) for one in queue]
        return render_template(
            "intake/reviews.html", reviews=waiting, budget=reviewing.budget(reader)
        )

    def show(self, review_id: UUID) -> Page:
        return self._page(self._found(review_id))

    def answer(self, review_id: UUID) -> Page:
        """Answer what she saw; if somebody was first or it changed, she sees that and nothing is done."""
        found = self._found(review_id)
        if not isinstance(found, Review):
            return self._page(found)
        verdict = _verdict()
        if isinstance(verdict, str):
            return self._review_page(found, verdict), _MEND
        seen = request.form.get("version", 0, type=int)
        answer = self.application.reviewing.answer(
            myself().person.id, review_id, verdict, seen_version=seen, as_coach=_as_coach()
        )
        if isinstance(answer, NotOffered):
            return self._review_page(found, _explained(answer.field)), _MEND
        return self._answered(found, answer)

    def _found(self, review_id: UUID) -> Review | Closed | None:
        return self.application.reviewing.one(myself().person.id, review_id, as_coach=_as_coach())

    def _answered(
        self, found: Review, answer: Request | BudgetSpent | Closed | Review | None
    ) -> Page:
        match answer:
            case Request():
                return redirect(url_for("pages.reviews"), 303)
            case BudgetSpent():
                wrong = _("No exception is left this month. Nothing was written.")
                return self._review_page(found, wrong), _CONFLICT
            case Review() as changed:
                wrong = _("It changed while you looked. Nothing was written: please read it again.")
                return self._review_page(changed, wrong), _CONFLICT
            case closed:
                return self._page(closed)

    def _page(self, found: Review | Closed | None) -> Page:
        if found is None:
            abort(404)
        if isinstance(found, Closed):
            status = _CONFLICT if request.method == "POST" else 200
            return render_template("intake/review_closed.html", closed=found), status
        return self._review_page(found)

    def _review_page(self, found: Review, wrong: str = "") -> str:
        reviewing = self.application.reviewing
        suggestion = reviewing.suggestion(found)
        model = suggestion.read.published.model
        modes = [(topic, mode_for(model, topic, found.request)) for topic in suggestion.topics]
        return render_template(
            "intake/review.html",
            review=found,
            asked=view(found.request, model),
            suggestion=suggestion,
            likely=[(topic, model.mode_of[mode]) for topic, mode in modes if mode],
            model=model,
            topics_by_type=topics_by_type(model),
            overdue=reviewing.is_overdue(found),
            budget=reviewing.budget(myself().person.id),
            wrong=wrong,
            typed=request.form,
        )


def _as_coach() -> bool:
    return myself().role == COACH


def _verdict() -> Verdict | str:
    """The answer that was chosen, or what is missing of it."""
    sent = {name: request.form.get(name, "").strip() for name in _FIELDS}
    topic, mode = sent["topic"], sent["support_mode"]
    match sent["answer"]:
        case "coaching":
            return Coaching(topic=topic, support_mode=mode or None)
        case "elsewhere":
            return Elsewhere(topic=topic)
        case "keep":
            return Keep()
        case "exception":
            return _exception(topic, mode, sent)
        case _:
            return _("Choose one of the answers.")


_FIELDS = ("answer", "topic", "support_mode", "coach_type", "reason")


def _exception(topic: str, mode: str, sent: dict[str, str]) -> Verdict | str:
    reason = clean(sent["reason"], shortest=1, longest=LONGEST_SENTENCE, lines=True)
    if isinstance(reason, TextFault):
        return _("Say in a sentence why there is an exception.")
    return ByException(topic=topic, coach_type=sent["coach_type"], support_mode=mode, reason=reason)


def _explained(field: str) -> str:
    match field:
        case "support_mode":
            return _("This topic is not offered in this way of helping, or not where she can meet.")
        case "coach_type":
            return _("This coach type does not take this topic in this way of helping.")
        case "answer" if _as_coach():
            return _("To say no is the division's office's. You may say that it is coaching.")
        case "answer":
            return _("The decline can not be kept: by the model in force it is no decline.")
        case _:
            return _("Choose a topic of the model in force, on the side that you mean.")
