"""A coach is called to cover a class: the day is planned anew, and the hours are counted."""

from datetime import datetime, timedelta
from typing import Any

from tests.e2e.time.days import Days, methods
from tests.support.stack_people import SCHEDULER, People, Program, not_too_soon

_COVERS = f"{SCHEDULER}/covers"
_ASK = {
    "words": "I would like to plan how my pupils write longer texts.",
    "topic": "writing_instruction",
    "support_mode": "consultation",
}


def on_one_day(people: People, days: Days) -> tuple[Program, list[tuple[Program, Any]], Any]:
    """A coach with meetings of two teachers on one day, and a third teacher whom she has on another."""
    found: dict[Any, list[tuple[Program, Any]]] = {}
    for number in range(16):
        teacher = people.teacher("birch-creek", timetable=True)
        window = not_too_soon(weeks_later=number % 2)
        request = teacher.booked(teacher.asks(**_ASK, windows=[window]))
        coach = days.coach_of(request["session"]["session_id"])
        key = coach.person.id, days.date_of(request["session"]["starts_at"])
        found.setdefault(key, []).append((teacher, request))
        days_of_hers = [k for k in found if k[0] == coach.person.id]
        full = next((k for k in days_of_hers if len(found[k]) >= 2), None)
        other = next((k for k in days_of_hers if k != full), None)
        if full and other:
            return coach, found[full][:2], found[other][0]
    raise AssertionError("no coach has two meetings on one day and one on another")


def test_whom_she_misses_is_offered_another_time_and_the_hours_are_counted(
    people: People, days: Days
) -> None:
    coach, missed, (elsewhere, untouched) = on_one_day(people, days)
    day = [request["session"] for _, request in missed]
    begins = min(datetime.fromisoformat(one["starts_at"]) for one in day)
    ends = max(datetime.fromisoformat(one["ends_at"]) for one in day)
    sent = days.rest()

    stretch = {"starts_at": begins.isoformat(), "ends_at": ends.isoformat()}
    noted = coach.done("POST", _COVERS, stretch)
    assert (noted["released"], noted["held"]) == (2, 2)
    assert timedelta(minutes=noted["minutes"]) == ends - begins
    assert coach.call("POST", _COVERS, stretch)[0] == 422  # a second tap counts no hour twice
    assert [c["minutes"] for c in coach.done("GET", _COVERS)["covers"]] == [noted["minutes"]]

    offers = [(teacher, teacher.offered(request)) for teacher, request in missed]
    for teacher, offer in offers:
        starts = datetime.fromisoformat(offer["starts_at"])
        assert offer["coach"] != coach.person.name or not begins <= starts < ends
        assert "Does this time suit you?" in people.at_her_browser(teacher).get(
            f"/requests/{offer_of(missed, teacher)['id']}"
        )
    days.rest()
    written = [str(mail["To"]) for mail in days.mail(sent)]
    assert sum(coach.person.email in to for to in written) == 2
    assert all(sum(t.person.email in to for to in written) == 1 for t, _ in missed)
    assert len(written) == 4
    assert methods(days.mail(sent)) == ["CANCEL"] * 4
    assert elsewhere.sees(untouched)["session"] == untouched["session"]

    (taker, offer), (doubter, other) = offers
    booked = taker.says_yes(offer)["session"]
    days.rest()
    assert days.in_calendar(taker.person) == [datetime.fromisoformat(booked["starts_at"])]
    doubter.says_no(other)
    days.rest()
    assert days.in_calendar(doubter.person) == []
    assert "Classes that you covered" in people.at_her_browser(coach).get("/my-time")


def offer_of(missed: list[tuple[Program, Any]], teacher: Program) -> Any:
    """The request of this teacher among those missed."""
    return next(request for one, request in missed if one is teacher)
