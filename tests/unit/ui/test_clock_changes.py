"""Hours that a clock change leaves out, or brings twice, are asked about where they are typed; never guessed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from services.request_intake.domain.school_words import SchoolWords
from services.request_intake.entrypoints.pages import ask_form
from services.scheduler.entrypoints.pages import my_time
from services.scheduler.entrypoints.pages.my_time import MyTime
from shared.events.vocabulary import Window
from shared.ui import languages
from shared.wall_time import Odd

# The night on which an hour is lost, one that it loses, and the night that has one twice, and which.
CHANGES = {
    "America/Edmonton": (("2025-03-09", "02:30"), ("2025-11-02", "01:30")),
    "America/St_Johns": (("2027-03-14", "02:30"), ("2027-11-07", "01:30")),
    "Pacific/Auckland": (("2026-09-27", "02:30"), ("2027-04-04", "02:30")),
}
LOST = [(zone, *lost) for zone, (lost, _) in CHANGES.items()]
TWICE = [(zone, *twice) for zone, (_, twice) in CHANGES.items()]
JUMPS = "The clocks jump over this time that night. Please choose another."
SHOWS_TWICE = "The clocks show this time twice that night. Please choose an hour later or earlier."


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    app = Flask(__name__)
    languages.install(app, ("en", "fr"), lambda: "UTC")
    with app.test_request_context():
        yield


def checked(zone: str, day: str, starts: str, ends: str) -> tuple[tuple[Window, ...], Any]:
    """What the teacher's form makes of one time row, a week before."""
    typed = {"day_1": day, "from_1": starts, "to_1": ends}
    form = ask_form.read({"words": "Fractions", "when": "these", **typed})
    now = datetime.fromisoformat(f"{day}T12:00+00:00") - timedelta(days=7)
    found, faults = ask_form.check(form, ZoneInfo(zone), now, SchoolWords())
    return found.windows, faults


@pytest.mark.parametrize(("zone", "day", "clock"), LOST)
def test_a_teacher_is_asked_about_an_hour_that_never_comes(zone: str, day: str, clock: str) -> None:
    assert checked(zone, day, clock, "11:00") == ((), {"from_1": JUMPS})
    assert checked(zone, day, "00:30", clock) == ((), {"to_1": JUMPS})


@pytest.mark.parametrize(("zone", "day", "clock"), TWICE)
def test_a_teacher_is_asked_about_an_hour_that_comes_twice(zone: str, day: str, clock: str) -> None:
    assert checked(zone, day, clock, "11:00") == ((), {"from_1": SHOWS_TWICE})
    assert checked(zone, day, "00:30", clock) == ((), {"to_1": SHOWS_TWICE})


@pytest.mark.parametrize(("zone", "day", "_clock"), LOST + TWICE)
def test_the_school_hours_of_such_a_day_are_plain(zone: str, day: str, _clock: str) -> None:
    (window,), faults = checked(zone, day, "09:00", "10:00")
    assert faults == {}
    assert window.starts_at.astimezone(ZoneInfo(zone)).isoformat()[:16] == f"{day}T09:00"
    assert window.ends_at - window.starts_at == timedelta(hours=1)


@pytest.mark.parametrize(("_zone", "day", "clock"), LOST + TWICE)
def test_where_clocks_never_change_nothing_is_asked(_zone: str, day: str, clock: str) -> None:
    (window,), faults = checked("America/Regina", day, clock, "11:00")
    assert faults == {}
    assert (
        window.starts_at.astimezone(ZoneInfo("America/Regina")).time().isoformat("minutes") == clock
    )


def typed_by_a_coach(zone: str, clock: str, now: datetime) -> Any:
    """What the page of a coach who goes to cover a class makes of a time that she typed."""
    application: Any = SimpleNamespace(division=lambda: SimpleNamespace(zone=zone))
    return MyTime(application)._today(clock, now)


def midnight(zone: str, day: str) -> datetime:
    return datetime.combine(
        date.fromisoformat(day), datetime.min.time(), ZoneInfo(zone)
    ).astimezone(UTC)


@pytest.mark.parametrize(("zone", "day", "clock"), LOST)
def test_a_coach_is_asked_about_an_hour_that_never_comes(zone: str, day: str, clock: str) -> None:
    now = midnight(zone, day)
    assert typed_by_a_coach(zone, clock, now) is Odd.NEVER
    assert my_time._odd(now, Odd.NEVER) == f"Until: {JUMPS}"


@pytest.mark.parametrize(("zone", "day", "clock"), TWICE)
def test_a_coach_is_asked_about_an_hour_that_comes_twice_unless_it_is_now(
    zone: str, day: str, clock: str
) -> None:
    now = midnight(zone, day)
    assert typed_by_a_coach(zone, clock, now) is Odd.TWICE
    assert my_time._odd(Odd.TWICE, now) == f"From: {SHOWS_TWICE}"
    second = next(
        at
        for n in range(60, 0, -1)
        if (at := now + n * timedelta(minutes=5)).astimezone(ZoneInfo(zone)).strftime("%H:%M")
        == clock
    )
    assert typed_by_a_coach(zone, clock, second) == second
