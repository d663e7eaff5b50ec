"""A cycle through the running stack, as its teacher and her coach find it in their calendars."""

from datetime import datetime
from typing import Any

from tests.e2e.time.days import Days, methods
from tests.support.stack_people import SCHEDULER, People, Program, Sitting
from tests.support.waiting import until

_ASK = {
    "words": "I would like somebody to think with me about how I use tablets.",
    "topic": "tech_integration",
    "support_mode": "cognitive_coaching",
    "meetings": 4,
}


def meetings(cycle: Any) -> list[datetime]:
    """When a cycle's meetings begin, as its teacher's page has them."""
    return [datetime.fromisoformat(one["starts_at"]) for one in cycle["meetings"]]


def stands(teacher: Program, request: Any, **expected: Any) -> Any:
    """The cycle, once her page says that of it."""

    def seen() -> Any:
        cycle = teacher.sees(request)["cycle"]
        return cycle if all(cycle[key] == value for key, value in expected.items()) else None

    return until(seen)


def changes(window: Sitting, request: Any, what: str) -> None:
    """She taps a button of her cycle's page."""
    path = f"/cycles/{request['id']}"
    window.get(path)
    assert window.post(f"{path}/{what}", version=window.version) == 303
    assert "Whom it concerns is told by mail" in window.get(window.location)


def in_both_calendars(days: Days, teacher: Program, coach: Program) -> list[datetime]:
    """What both calendars show of it, once all mail is out."""
    days.rest()
    hers = days.in_calendar(teacher.person)
    assert days.in_calendar(coach.person, with_=teacher.person) == hers
    return hers


def test_a_cycle_is_booked_moved_paused_taken_up_extended_and_ended_in_both_calendars(
    people: People, days: Days
) -> None:
    teacher = people.teacher("spruce-heights")
    request = teacher.booked(teacher.asks(**_ASK))
    cycle = request["cycle"]
    coach = days.coach_of(cycle["meetings"][0]["session_id"])
    booked = meetings(cycle)
    assert (len(booked), cycle["state"], cycle["owed"]) == (4, "open", 0)
    weeks = {at.astimezone(days.zone).isocalendar()[:2] for at in booked}
    assert len(weeks) == 4  # one a week; weeks without school are left out
    assert in_both_calendars(days, teacher, coach) == booked
    (invited,) = days.mail_to(teacher.person)
    assert methods([invited]) == ["REQUEST"]
    assert "RRULE" in days.entry(invited)  # one entry that recurs, and no heap of four

    second = cycle["meetings"][1]
    path = f"{SCHEDULER}/meetings/{second['session_id']}"
    found = teacher.done("GET", path)
    wanted = {"sequence": found["sequence"], "starts_at": found["times"][0]}
    teacher.done("POST", f"{path}/move", wanted)
    moved = sorted([*booked[:1], datetime.fromisoformat(found["times"][0]), *booked[2:]])
    assert meetings(until(lambda: c if meetings(c := sees(teacher, request)) == moved else None))
    assert in_both_calendars(days, teacher, coach) == moved
    updated = days.mail_to(teacher.person)[-1]
    assert days.entry(updated)["UID"] == days.entry(invited)["UID"]
    assert int(days.entry(updated)["SEQUENCE"]) > int(days.entry(invited)["SEQUENCE"])

    window = people.at_her_browser(teacher)
    changes(window, request, "pause")
    stands(teacher, request, state="paused", meetings=[])
    assert in_both_calendars(days, teacher, coach) == []
    assert methods(days.mail_to(teacher.person)) == ["REQUEST", "REQUEST", "CANCEL"]

    changes(window, request, "resume")
    again = meetings(stands(teacher, request, state="open", owed=0))
    assert len(again) == 4
    assert in_both_calendars(days, teacher, coach) == again

    changes(window, request, "extend")
    longer = meetings(stands(teacher, request, planned=5, owed=0))
    assert longer[:4] == again
    assert in_both_calendars(days, teacher, coach) == longer

    changes(window, request, "end")
    stands(teacher, request, state="ended", meetings=[])
    assert in_both_calendars(days, teacher, coach) == []
    # Six changes, six letters each; nobody was told twice of one.
    assert len(days.mail_to(teacher.person)) == 6


def sees(teacher: Program, request: Any) -> Any:
    """Her cycle as it stands now."""
    return teacher.sees(request)["cycle"]
