"""A coach's own time: what she has today, and the one tap with which she goes to cover a class."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.scheduler.bootstrap import Application
from services.scheduler.domain.covering import NOTED_ALREADY, NotCovered
from services.scheduler.domain.local_week import instant_of
from services.scheduler.domain.release import LiveSession
from shared.access.actors import Actor
from shared.clock import utc_now
from shared.ui.languages import gettext as _
from shared.wall_time import Odd, instant

_END_OF_DAY = time(17)
_COMING = timedelta(days=14)
_STEP = timedelta(minutes=5)
Page = str | Response | tuple[str, int]


@dataclass(frozen=True)
class MyTime:
    """The page of a coach's day."""

    application: Application

    def install(self, blueprint: Blueprint) -> None:
        """Give the pages their addresses."""
        blueprint.get("/my-time", endpoint="my_time")(self.show)
        blueprint.get("/my-time/<uuid:handed_id>", endpoint="with_teacher")(self.with_teacher)
        blueprint.post("/my-time/cover", endpoint="cover_class")(self.cover)
        blueprint.post("/my-time/cover/<uuid:entry_id>/back", endpoint="cover_back")(self.back)

    def show(self) -> str:
        return self._page(replanned=request.args.get("moved", default=-1, type=int))

    def with_teacher(self, handed_id: UUID) -> str:
        """What she has with one teacher: when, where, and what she can do about it."""
        actor: Actor = g.actor
        found = self.application.covering.with_teacher(actor.id, handed_id)
        if found is None:
            abort(404)
        now = utc_now()
        to_come = any(s == "scheduled" and one.starts_at > now for one, s in found.sessions)
        return render_template("scheduler/with_teacher.html", found=found, may_hand_over=to_come)

    def cover(self) -> Page:
        """She goes to cover a class, from now or from when she says."""
        actor: Actor = g.actor
        now = utc_now()
        starts_at = self._today(request.form.get("from", ""), now) or _rounded(now)
        ends_at = self._today(request.form.get("until", ""), now)
        if ends_at is None:
            return self._page(wrong=_("Say until when, as in 15:00.")), 422
        if isinstance(starts_at, Odd) or isinstance(ends_at, Odd):
            return self._page(wrong=_odd(starts_at, ends_at)), 422
        answer = self.application.covering.cover(actor.id, starts_at, ends_at)
        if answer is None:
            abort(404)
        if isinstance(answer, NotCovered):
            return self._page(wrong=_refused(answer)), 422
        return redirect(url_for("pages.my_time", moved=answer.replanned.released), 303)

    def back(self, entry_id: UUID) -> Page:
        actor: Actor = g.actor
        if not self.application.covering.take_back(actor.id, entry_id):
            abort(404)
        return redirect(url_for("pages.my_time"), 303)

    def _page(self, *, wrong: str = "", replanned: int = -1) -> str:
        actor: Actor = g.actor
        now = utc_now()
        zone = self._zone()
        today = now.astimezone(zone).date()
        begins = instant_of(today, time(), zone)
        tomorrow = instant_of(today + timedelta(days=1), time(), zone)
        covered = self.application.covering.covered(actor.id)
        return render_template(
            "scheduler/my_time.html",
            meetings=self.application.covering.meetings(actor.id, begins, tomorrow),
            coming=_by_day(
                self.application.covering.meetings(actor.id, tomorrow, tomorrow + _COMING), zone
            ),
            to_close=self.application.completing.to_close(actor.id),
            said=_said(),
            covered=covered,
            hours=round(sum(entry.minutes for entry in covered) / 60, 1),
            now=now,
            starts=_rounded(now).astimezone(zone).strftime("%H:%M"),
            until=_END_OF_DAY.strftime("%H:%M"),
            wrong=wrong,
            replanned=replanned,
        )

    def _today(self, text: str, now: datetime) -> datetime | Odd | None:
        try:
            wall = time.fromisoformat(text).replace(tzinfo=None)
        except ValueError:
            return None
        zone = self._zone()
        just_now = _rounded(now)
        if wall == just_now.astimezone(zone).time():
            return just_now  # the page filled it in: of a time that comes twice, this one
        return instant(now.astimezone(zone).date(), wall, zone)

    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.application.division().zone)


def _odd(starts_at: datetime | Odd, ends_at: datetime | Odd) -> str:
    """Which of the two the clocks show never or twice today; neither is guessed."""
    which, odd = (_("From"), starts_at) if isinstance(starts_at, Odd) else (_("Until"), ends_at)
    if odd is Odd.NEVER:
        why = _("The clocks jump over this time that night. Please choose another.")
    else:
        why = _(
            "The clocks show this time twice that night. Please choose an hour later or earlier."
        )
    return f"{which}: {why}"


def _refused(answer: NotCovered) -> str:
    if answer == NOTED_ALREADY:
        return _("You have noted a class in that time already.")
    return _("The end must be later than the beginning, and to come.")


def _by_day(
    sessions: Sequence[LiveSession], zone: ZoneInfo
) -> list[tuple[datetime, list[LiveSession]]]:
    """By local day, each called by its first meeting's beginning."""
    days: dict[date, list[LiveSession]] = {}
    for session in sessions:
        days.setdefault(session.starts_at.astimezone(zone).date(), []).append(session)
    return [(then[0].starts_at, then) for then in days.values()]


def _said() -> str:
    """What became of the last tap."""
    if "closed" in request.args:
        return _("Thank you. It is closed.")
    if "missed" in request.args:
        return _("Noted. Another time is looked for, and its teacher is asked.")
    if "unsaid" in request.args:
        return _("Nothing was written: tap what you did together.")
    return ""


def _rounded(now: datetime) -> datetime:
    """The five minutes that have begun."""
    beginning = datetime(1970, 1, 1, tzinfo=UTC)
    return beginning + (now - beginning) // _STEP * _STEP
