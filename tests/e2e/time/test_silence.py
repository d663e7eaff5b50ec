"""A snow day takes a meeting away, and its teacher does not answer: she comes first for the next time."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from shared.clock import utc_now
from tests.e2e.time.days import Days
from tests.e2e.time.test_freed_time import only, settled, written_to
from tests.support.stack_people import SCHEDULER, People, Program, not_too_soon
from tests.support.waiting import until

_MINUTES = 30
_ASK = {
    "words": "My grade 8s spell as they speak. How would you begin?",
    "topic": "vocabulary_spelling",
    "support_mode": "consultation",
    "meeting": "in_person",
}


def one_who_waits(people: People, school: str, window: Any) -> tuple[Program, Any]:
    """A colleague who wants this very time when nobody has it any more."""
    for _ in range(4):
        teacher = people.teacher(school, timetable=False)
        request = settled(teacher, teacher.asks(**_ASK, windows=[window]))
        if request["status"] == "waiting":
            return teacher, request
    raise AssertionError("that time seems to be endless")


def free_windows(days: Days, coach: Program, but: date) -> Sequence[dict[str, str]]:
    """A meeting's length on each of two coming days when she has time; on other days than `but`."""
    found = []
    first = utc_now().astimezone(days.zone).date() + timedelta(days=4)
    for day in (first + timedelta(days=step) for step in range(14)):
        path = f"{SCHEDULER}/coaches/{coach.person.id}/free?day={day}&minutes={_MINUTES}"
        starts = [datetime.fromisoformat(at) for at in coach.done("GET", path)["starts"]]
        late = [at for at in starts if at.astimezone(days.zone).hour >= 10]
        if day != but and late:
            ends = late[0] + timedelta(minutes=_MINUTES)
            found.append({"starts_at": late[0].isoformat(), "ends_at": ends.isoformat()})
        if len(found) == 2:
            return found
    raise AssertionError("no coach has time on two days of the coming two weeks")


def snows(people: People, school_id: object, day: date) -> None:
    """The office closes one school for that day, as it would at ten to six that morning."""
    sent = {"day": day.isoformat(), "reason": "Snow", "school_ids": [str(school_id)]}
    people.admin().done("POST", f"{SCHEDULER}/closures", sent)


def test_silence_after_a_snow_day_is_no_yes_and_she_is_asked_before_who_waited_longer(
    people: People, days: Days
) -> None:
    somebody, school = days.on_a_six_day_cycle()
    key = somebody.person.school
    first = people.teacher(key, timetable=False)
    theirs = first.booked(first.asks(**_ASK, windows=[not_too_soon()]))
    wanted = {name: theirs["session"][name] for name in ("starts_at", "ends_at")}
    waits, her_ask = one_who_waits(people, key, wanted)

    teacher = people.teacher(key, timetable=False)
    helper = days.coach_of(theirs["session"]["session_id"])
    soon, later = free_windows(days, helper, but=days.date_of(wanted["starts_at"]))
    request = teacher.booked(teacher.asks(**_ASK, windows=[soon, later, wanted]))
    lost = request["session"]
    assert days.same_instant(lost["starts_at"], soon["starts_at"])
    coach = days.coach_of(lost["session_id"])

    sent = days.rest()
    snows(people, school.school_id, days.date_of(lost["starts_at"]))
    offer = teacher.offered(request)
    assert days.same_instant(offer["starts_at"], later["starts_at"])
    both = sorted(one.person.email for one in (teacher, coach))
    assert only(written_to(days, sent), both)  # nobody whose time did not change

    sent = days.rest()
    days.let_hold_end(offer)
    until(lambda: teacher.sees(request)["offer"] is None)
    assert only(written_to(days, sent), [teacher.person.email])
    assert teacher.sees(request)["status"] == "waiting"

    sent = days.rest()
    first.cancels(theirs)
    again = teacher.offered(request)
    assert days.same_instant(again["starts_at"], wanted["starts_at"])
    off = sorted(one.person.email for one in (first, teacher, helper))
    assert only(written_to(days, sent), off)
    assert waits.sees(her_ask)["offer"] is None
    booked = teacher.says_yes(again)["session"]
    days.rest()
    assert days.in_calendar(teacher.person) == [datetime.fromisoformat(booked["starts_at"])]
