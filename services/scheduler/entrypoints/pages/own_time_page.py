"""The page of a coach's own time, as it is drawn: for herself, or for an admin who looks at hers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import abort, g, render_template, request, url_for

from services.scheduler.bootstrap import Application
from services.scheduler.bootstrap.own_time import OwnTimeAsKept
from services.scheduler.domain.own_time import LONGEST_BUFFER
from services.scheduler.domain.release import LiveSession
from services.scheduler.domain.week_caps import LONGEST_REASON, CapWhy
from services.scheduler.domain.worked_days import WorkedStretch
from services.scheduler.entrypoints.pages.own_time_form import (
    Faults,
    OwnTimeForm,
    a_number,
    drawn,
    titles,
)
from shared.access.actors import Actor
from shared.identity import new_id
from shared.ui.languages import gettext as _
from shared.ui.languages import long_date

COACH_HOURS = "/coaches/<uuid:coach_id>/hours"
_NOTICES = (120, 240, 1_440, 2_880, 4_320, 10_080)
_HOUR, _DAY = 60, 1_440


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Meetings of which it is to be said what becomes of them, and the form that asks."""

    sessions: Sequence[LiveSession]
    form: str
    action: str


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """What differs from the page as it stands: what was sent, what is wrong with it, what to ask."""

    form: OwnTimeForm | None = None
    stored: Mapping[str, str] | None = None
    away: Mapping[str, str] = field(default_factory=dict)
    grant: Mapping[str, str] = field(default_factory=dict)
    faults: Faults = field(default_factory=dict)
    wrong: str = ""
    standing: Standing | None = None


_AS_IT_STANDS = Drawing()


def whose(coach_id: UUID | None) -> UUID:
    """Her whose page it is: herself, or the one that an admin looks at."""
    actor: Actor = g.actor
    return coach_id or actor.id


def page(application: Application, coach_id: UUID | None, drawing: Drawing = _AS_IT_STANDS) -> str:
    """The page; without `coach_id` it is her own."""
    found = application.own_times.of(whose(coach_id))
    if found is None:
        if coach_id is not None:
            abort(404)
        return render_template("scheduler/my_hours_none.html")
    form = drawing.form or drawn(found.kept, found.known)
    return render_template(
        "scheduler/my_hours.html",
        **_facts(found, form, ZoneInfo(application.division().zone)),
        drawing=drawing,
        form=form,
        urls=_addresses(coach_id),
        titles=titles(),
        said=_said(),
        hers=coach_id is None,
        grant_id=drawing.grant.get("grant_id") or str(new_id()),
        in_words=long_date,
    )


def _facts(found: OwnTimeAsKept, form: OwnTimeForm, zone: ZoneInfo) -> dict[str, object]:
    weeks = found.weeks
    own_notice = a_number(form.numbers["notice_minutes"])
    notices = {*_NOTICES, *([] if own_notice is None else [own_notice])}
    return {
        "kept": found.kept,
        "known": found.known,
        "example": found.known.schools[0].key if found.known.schools else "oak",
        "most": {
            "buffer_minutes": LONGEST_BUFFER,
            "sessions_per_day": found.most.sessions_per_day,
            "weekly_minutes": found.most.weekly_minutes,
            "cycles_at_once": found.most.cycles_at_once,
        },
        "weeks": weeks,
        "next_week": weeks[1] if len(weeks) > 1 else None,
        "new_here": [week for week in weeks if CapWhy.RAMP_UP in week.less],
        "open_weeks": [week for week in weeks if week.protected > 0],
        "grants": found.grants,
        "days": _by_day(found.worked, zone),
        "school_names": {school.id: school.name for school in found.known.schools},
        "notices": [(str(minutes), _duration(minutes)) for minutes in sorted(notices)],
        "usual_notice": _duration(int(found.notice.total_seconds()) // 60),
        "longest_reason": LONGEST_REASON,
    }


def _by_day(
    worked: Sequence[WorkedStretch], zone: ZoneInfo
) -> list[tuple[date, list[WorkedStretch]]]:
    days: dict[date, list[WorkedStretch]] = {}
    for stretch in worked:
        days.setdefault(stretch.starts_at.astimezone(zone).date(), []).append(stretch)
    return list(days.items())


def _duration(minutes: int) -> str:
    """One day, two hours, or so many minutes."""
    if minutes and minutes % _DAY == 0:
        days = minutes // _DAY
        return _("1 day") if days == 1 else _("%(num)s days", num=days)
    if minutes and minutes % _HOUR == 0:
        hours = minutes // _HOUR
        return _("1 hour") if hours == 1 else _("%(num)s hours", num=hours)
    return _("%(num)s minutes", num=minutes)


def address(coach_id: UUID | None, **values: Any) -> str:
    """Where the page is."""
    if coach_id is None:
        return url_for("pages.my_hours", **values)
    return url_for("pages.coach_hours", coach_id=coach_id, **values)


def away_back(coach_id: UUID | None, away_id: UUID) -> str:
    """Where noted days are taken back."""
    if coach_id is None:
        return url_for("pages.my_away_back", away_id=away_id)
    return url_for("pages.coach_away_back", coach_id=coach_id, away_id=away_id)


def _addresses(coach_id: UUID | None) -> dict[str, object]:
    def back(away_id: UUID) -> str:
        return away_back(coach_id, away_id)

    if coach_id is None:
        return {
            "save": url_for("pages.save_my_hours"),
            "away": url_for("pages.note_my_away"),
            "back": back,
        }
    return {
        "save": url_for("pages.save_coach_hours", coach_id=coach_id),
        "away": url_for("pages.note_coach_away", coach_id=coach_id),
        "back": back,
        "ramp_up": url_for("pages.end_ramp_up", coach_id=coach_id),
        "grant": url_for("pages.grant_protected", coach_id=coach_id),
    }


def _said() -> list[str]:
    """What became of the last step."""
    done = {
        "saved": _("Saved. Whoever waits and could use this time is asked now."),
        "noted": _("Noted. You can take it back below."),
        "back": _("Taken back: the weekly hours hold again."),
        "lighter": _("Next week is lighter now. What is booked stays. You can take it back below."),
        "as_usual": _("Next week is as any other again."),
        "ramped": _("Done: every week holds the full cap now."),
        "granted": _("Granted. It stands on her page, with your name and the reason."),
    }
    said = [text for name, text in done.items() if request.args.get("done") == name]
    released = request.args.get("released", 0, type=int)
    if released == 1:
        said.append(_("1 meeting was released, and its teacher is asked about another time."))
    elif released:
        said.append(
            _(
                "%(num)s meetings were released, and their teachers are asked about other times.",
                num=released,
            )
        )
    return said
