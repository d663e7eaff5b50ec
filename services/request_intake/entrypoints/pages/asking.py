"""The page on which a teacher asks: drawn, checked, sent, and drawn again with all she typed."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.request_intake.bootstrap import Application
from services.request_intake.domain.coaching_model import CoachingModel, Topic
from services.request_intake.domain.remit import NotOffered
from services.request_intake.domain.request import LONGEST_WORDS, Ask
from services.request_intake.domain.school_additions import SchoolAdditions
from services.request_intake.entrypoints.pages import ask_form
from services.request_intake.entrypoints.pages.ask_form import AskForm, Faults, Times
from services.request_intake.entrypoints.pages.school_rows import named
from services.request_intake.entrypoints.pages.sitting import myself
from services.request_intake.entrypoints.pages.views import examples, read_as, topics_by_type
from services.request_intake.entrypoints.rate_limits import Limiters
from services.request_intake.handlers.submitting import KeyReused, Submitted
from services.request_intake.ports import ByPerson, Nobody
from shared.clock import Clock
from shared.ui.languages import gettext as _

_MEND = 422
_SENT_BEFORE = 409


@dataclass(frozen=True)
class Asking:
    """The form: drawn, and sent."""

    application: Application
    limiters: Limiters
    clock: Clock

    def install(self, blueprint: Blueprint) -> None:
        """Give the form its address."""
        blueprint.get("/ask", endpoint="ask")(self.draw)
        blueprint.post("/ask", endpoint="send")(self.send)
        blueprint.post("/ask/reading", endpoint="reading")(self.read)

    def draw(self) -> str:
        return self._page(ask_form.draw(room=myself().room, topic=request.args.get("topic", "")))

    def send(self) -> Response | tuple[str, int]:
        """Send what she asked, or draw it again with what has to be mended."""
        self.limiters.asks.check(account=str(myself().person.id), address=request.remote_addr)
        form = ask_form.read(request.form)
        model = self.application.model().model
        words = self.application.school_words.of(myself())
        times, faults = ask_form.check(form, model.zone, self.clock(), words)
        if faults:
            return self._page(form, faults), _MEND
        by = ByPerson(myself().person.id, myself().role)
        match self.application.submit(by, _ask(form, times), key=str(form.key)):
            case Submitted(request=asked):
                return redirect(url_for("pages.request_page", request_id=asked.id), 303)
            case NotOffered() as refused:
                return self._page(form, _explained(refused, form, model)), _MEND
            case Nobody():
                return redirect(url_for("pages.who"), 303)
            case KeyReused():
                return self._page(form.as_second(), again=True), _SENT_BEFORE

    def read(self) -> str:
        """What her words sound like so far, as a piece of the page. They are not kept."""
        self.limiters.readings.check(account=str(myself().person.id), address=request.remote_addr)
        words = request.form.get("words", "").strip()[:LONGEST_WORDS]
        if not words:
            return ""
        return render_template(
            "intake/_reading.html",
            reading=read_as(self.application.read_need(words), self._additions()),
        )

    def _additions(self) -> SchoolAdditions:
        """What her school adds."""
        school = myself().school
        return self.application.schooling.of(school.id if school else None)

    def _page(self, form: AskForm, faults: Faults | None = None, *, again: bool = False) -> str:
        model = self.application.model().model
        return render_template(
            "intake/ask.html",
            form=form,
            faults=faults or {},
            sent_before=again,
            model=model,
            topics_by_type=topics_by_type(model),
            examples=examples(model),
            words=self.application.school_words.of(myself()),
            named=named,
            local_topics=[one for one in self._additions().topics if one.inside in model.topic_of],
            has_copy=self.application.understanding.has_copy(myself().person.id),
        )


def _ask(form: AskForm, times: Times) -> Ask:
    return Ask(
        words=form.words,
        topic=form.topic or None,
        support_mode=form.support_mode or None,
        meeting=form.meeting,
        windows=times.windows,
        school_windows=times.school_windows,
        room=form.room,
        meetings=int(form.meetings) if form.meetings else None,
        needed_by=ask_form.as_day(form.needed_by),
    )


def _explained(refused: NotOffered, form: AskForm, model: CoachingModel) -> Faults:
    """What the use case refused, at the field where she can mend it, in her language."""
    place = refused.field.split(".")
    match place[0]:
        case "windows":
            row = form.filled[int(place[1])]
            return {f"day_{row}": _("Nobody can meet at this time any more.")}
        case "school_windows":
            field, said = "when", _("Your timetable is not known. Choose days and periods instead.")
        case "meetings":
            field, said = "meetings", _how_many(form, model)
        case "needed_by":
            field, said = "needed_by", _("Choose a day to come, within a year.")
        case "meeting":
            field, said = (
                "meeting",
                _("This way of helping is not held online. Is your room fine too?"),
            )
        case "school":
            said = _("You have no school in this division yet. Please ask your admin.")
            field = "words"
        case "support_mode":
            field, said = "support_mode", _mode_refused(form, model)
        case _:
            field, said = "topic", _("Choose a topic of the list, or leave it open.")
    return {field: said}


def _how_many(form: AskForm, model: CoachingModel) -> str:
    mode = model.mode_of[form.support_mode]
    if mode.sessions.min == mode.sessions.max:
        return _("%(mode)s always takes %(least)s.", mode=mode.name, least=mode.sessions.min)
    return _(
        "%(mode)s takes %(least)s to %(most)s meetings.",
        mode=mode.name,
        least=mode.sessions.min,
        most=mode.sessions.max,
    )


def _mode_refused(form: AskForm, model: CoachingModel) -> str:
    topic = model.topic_of.get(form.topic)
    if not isinstance(topic, Topic):
        return _("This way of helping does not fit what you describe. Leave it open?")
    names = ", ".join(model.mode_of[key].name for key in topic.modes)
    return _("For this topic you can be helped by: %(modes)s.", modes=names)
