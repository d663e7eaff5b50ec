"""A coach's page of her own time, and an admin's of hers: hours typed by lines, days that differ."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from flask import Blueprint, abort, g, redirect, request
from werkzeug.wrappers import Response

from services.scheduler.bootstrap import Application
from services.scheduler.domain.availability import ExceptionKind
from services.scheduler.domain.away import FARTHEST, LONGEST, SAID, Away, AwayWrong
from services.scheduler.domain.release import LiveSession
from services.scheduler.domain.typed_time import a_clock, a_date
from services.scheduler.entrypoints.pages.own_time_form import (
    OwnTimeForm,
    decision,
    differing,
    drawn,
    read,
    sent,
)
from services.scheduler.entrypoints.pages.own_time_page import (
    COACH_HOURS,
    Drawing,
    Standing,
    address,
    away_back,
    page,
    whose,
)
from services.scheduler.handlers.own_time import (
    AwayRefused,
    Change,
    MeetingsStand,
    TimeChanged,
    TimeKept,
    TimeRefused,
)
from shared.access.actors import Actor
from shared.identity import new_id
from shared.ui.languages import gettext as _

_CLOCKS = ("starts", "ends")
_AWAY = ("kind", "first_day", "last_day", *_CLOCKS)
_MEND, _CONFLICT = 422, 409
Page = str | Response | tuple[str, int]


@dataclass(frozen=True)
class MyHours:
    """The forms carry the revision that they were drawn from, so that the second of two is told."""

    application: Application

    def install(self, blueprint: Blueprint) -> None:
        """Give the pages their addresses."""
        blueprint.get("/my-hours", endpoint="my_hours")(self.show)
        blueprint.post("/my-hours", endpoint="save_my_hours")(self.save)
        blueprint.post("/my-hours/away", endpoint="note_my_away")(self.note)
        blueprint.post("/my-hours/away/<uuid:away_id>/back", endpoint="my_away_back")(self.back)
        blueprint.get(COACH_HOURS, endpoint="coach_hours")(self.show)
        blueprint.post(COACH_HOURS, endpoint="save_coach_hours")(self.save)
        blueprint.post(f"{COACH_HOURS}/away", endpoint="note_coach_away")(self.note)
        blueprint.post(f"{COACH_HOURS}/away/<uuid:away_id>/back", endpoint="coach_away_back")(
            self.back
        )

    def show(self, coach_id: UUID | None = None) -> str:
        return page(self.application, coach_id)

    def save(self, coach_id: UUID | None = None) -> Page:
        """Keep what was typed, name what has to be mended, or ask about meetings that stand there."""
        found = self.application.own_times.of(whose(coach_id))
        if found is None:
            abort(404)
        form = sent()
        reading = read(form, found.known, found.kept.own)
        if reading.faults:
            return self._drawn(coach_id, _MEND, Drawing(form=form, faults=reading.sentences()))
        change = Change(coach_id=whose(coach_id), seen=form.seen, decision=decision())
        answer = self.application.own_times.change(_actor(), change, reading.own)
        match answer:
            case None:
                abort(404)
            case TimeRefused(faults=faults):
                said = reading.sentences(faults)
                return self._drawn(coach_id, _MEND, Drawing(form=form, faults=said))
            case TimeChanged():
                return self._overtaken(coach_id, form, answer)
            case MeetingsStand(sessions=sessions):
                asked = Standing(sessions=sessions, form="own-time", action="")
                return self._drawn(coach_id, _CONFLICT, Drawing(form=form, standing=asked))
            case TimeKept():
                pass
        return _done(coach_id, "saved", answer)

    def note(self, coach_id: UUID | None = None) -> Page:
        """She is away, or has extra hours."""
        typed = {name: request.form.get(name, "").strip() for name in _AWAY}
        given = _away(typed)
        if isinstance(given, AwayWrong):
            return self._not_noted(coach_id, typed, given)
        seen = request.form.get("revision", -1, type=int)
        change = Change(coach_id=whose(coach_id), seen=seen, decision=decision())
        answer = self.application.own_times.add(_actor(), change, given)
        match answer:
            case None:
                abort(404)
            case AwayRefused(wrong=wrong):
                return self._not_noted(coach_id, typed, wrong)
            case TimeChanged():
                wrong_now = _(
                    "Somebody changed these hours while you looked. Nothing was written: look at"
                    " what stands now, and note your days again."
                )
                return self._drawn(coach_id, _CONFLICT, Drawing(away=typed, wrong=wrong_now))
            case MeetingsStand(sessions=sessions):
                asked = Standing(sessions=sessions, form="away", action="")
                return self._drawn(coach_id, _CONFLICT, Drawing(away=typed, standing=asked))
            case TimeKept():
                pass
        return _done(coach_id, "noted", answer)

    def back(self, away_id: UUID, coach_id: UUID | None = None) -> Page:
        """The weekly hours hold again on these days."""
        change = Change(coach_id=whose(coach_id), seen=0, decision=decision())
        answer = self.application.own_times.take_back(_actor(), change, away_id)
        match answer:
            case None:
                abort(404)
            case MeetingsStand(sessions=sessions):
                return self._asked_back(coach_id, away_id, sessions)
            case TimeKept():
                pass
        return _done(coach_id, "back", answer)

    def _asked_back(
        self, coach_id: UUID | None, away_id: UUID, sessions: Sequence[LiveSession]
    ) -> Page:
        asked = Standing(sessions=sessions, form="back", action=away_back(coach_id, away_id))
        return self._drawn(coach_id, _CONFLICT, Drawing(standing=asked))

    def _overtaken(self, coach_id: UUID | None, form: OwnTimeForm, answer: TimeChanged) -> Page:
        found = self.application.own_times.of(whose(coach_id))
        if found is None:
            abort(404)
        stored = differing(form, drawn(answer.now, found.known), found.known)
        mine = replace(form, seen=answer.now.revision)  # put in the place of what stands now
        return self._drawn(coach_id, _CONFLICT, Drawing(form=mine, stored=stored))

    def _not_noted(self, coach_id: UUID | None, typed: dict[str, str], wrong: AwayWrong) -> Page:
        faults = {SAID[wrong][0]: [_wrong_days()[wrong]]}
        return self._drawn(coach_id, _MEND, Drawing(away=typed, faults=faults))

    def _drawn(self, coach_id: UUID | None, status: int, drawing: Drawing) -> tuple[str, int]:
        return page(self.application, coach_id, drawing), status


def _actor() -> UUID:
    actor: Actor = g.actor
    return actor.id


def _done(coach_id: UUID | None, what: str, answer: TimeKept) -> Response:
    more = {"released": answer.released} if answer.released else {}
    return redirect(address(coach_id, done=what, **more), 303)


def _away(typed: dict[str, str]) -> Away | AwayWrong:
    first = a_date(typed["first_day"])
    last = a_date(typed["last_day"] or typed["first_day"])
    if first is None or last is None:
        return AwayWrong.NO_DATE
    clocks = [a_clock(typed[name]) for name in _CLOCKS]
    if any(typed[name] and found is None for name, found in zip(_CLOCKS, clocks, strict=True)):
        return AwayWrong.NO_CLOCK
    extra = typed["kind"] == ExceptionKind.EXTRA.value
    return Away(
        id=new_id(),
        kind=ExceptionKind.EXTRA if extra else ExceptionKind.OFF,
        first_day=first,
        last_day=last,
        starts=clocks[0],
        ends=clocks[1],
    )


def _wrong_days() -> dict[AwayWrong, str]:
    odd = _(
        "On one of these days clocks change and show this time never or twice. Choose an hour beside it."
    )
    ends_first = _("It ends before it begins. Write an end that is later.")
    return {
        AwayWrong.NO_DATE: _("This is no date. Write it as 2026-09-01."),
        AwayWrong.NO_CLOCK: _("This is no time of day. Write it as 8:30."),
        AwayWrong.NO_TIMES: _("Say from when until when the extra hours are."),
        AwayWrong.ONE_TIME: _("Give both times, or neither for whole days."),
        AwayWrong.OFF_STEP: _("Write times in steps of five minutes, as 8:30 or 8:35."),
        AwayWrong.ENDS_FIRST: ends_first,
        AwayWrong.LAST_FIRST: ends_first,
        AwayWrong.PASSED: _("These days have passed. Choose today or later."),
        AwayWrong.TOO_FAR: _("It is too far ahead: at most %(most)s days.", most=FARTHEST),
        AwayWrong.TOO_LONG: _("It is too long: at most %(most)s days.", most=LONGEST),
        AwayWrong.TWICE: _("These days are noted already."),
        AwayWrong.STARTS_ODD: odd,
        AwayWrong.ENDS_ODD: odd,
    }
