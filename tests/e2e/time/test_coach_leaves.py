"""A coach leaves: each of her meetings is offered elsewhere, and stands only with its teacher's yes."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tests.e2e.time.days import Days, methods
from tests.support.stack_people import People, Program, not_too_soon
from tests.support.waiting import until

_TOPICS = (
    "coding_robotics",
    "digital_portfolios",
    "interactive_display",
    "learning_platform",
    "student_media",
)
_WORDS = "My class has new tablets, and I have not found out how to teach with them."


def three_with_one_coach(teacher: Program, days: Days) -> tuple[Program, list[Any], list[Any]]:
    """She asks until one coach has three of her meetings: that coach, those three, and the others."""
    by_coach: dict[UUID, list[Any]] = defaultdict(list)
    for topic in _TOPICS:
        ask = {"words": _WORDS, "topic": topic, "support_mode": "consultation"}
        request = teacher.booked(teacher.asks(**ask, windows=[not_too_soon()]))
        coach = days.coach_of(request["session"]["session_id"])
        by_coach[coach.person.id].append(request)
        if len(by_coach[coach.person.id]) == 3:
            three = by_coach.pop(coach.person.id)
            return coach, three, [one for others in by_coach.values() for one in others]
    raise AssertionError("her school has more than two coaches of this type")


def instants(sessions: list[Any]) -> list[datetime]:
    """When these begin, in order."""
    return sorted(datetime.fromisoformat(one["starts_at"]) for one in sessions)


def test_of_three_meetings_one_is_taken_one_turned_down_and_one_left_unanswered(
    people: People, days: Days
) -> None:
    teacher = people.teacher("spruce-bend", timetable=True)
    leaving, lost, others = three_with_one_coach(teacher, days)
    stays = [one["session"] for one in others]
    before = [one["session"] for one in lost]
    days.rest()
    assert days.in_calendar(teacher.person) == instants([*before, *stays])

    office = people.at_her_browser(people.admin())
    path = f"/coaches/{leaving.person.id}"
    office.get(path)
    last_day = min(days.date_of(one["starts_at"]) for one in before) - timedelta(days=1)
    assert office.post(f"{path}/last-day", last_day=last_day.isoformat()) == 303

    offers = [teacher.offered(one) for one in lost]
    assert leaving.person.name not in {one["coach"] for one in offers}
    days.rest()
    # What is held is in nobody's calendar yet, and what was hers with the coach who leaves is out of it.
    assert days.in_calendar(teacher.person) == instants(stays)
    assert days.in_calendar(leaving.person, with_=teacher.person) == []

    her = people.at_her_browser(teacher)
    assert "Does this time suit you?" in her.get(f"/requests/{lost[0]['id']}")
    assert her.post(f"/offers/{offers[0]['session_id']}/take") == 303
    taken = teacher.booked(lost[0])["session"]
    assert taken["session_id"] == offers[0]["session_id"]
    assert days.same_instant(taken["starts_at"], offers[0]["starts_at"])
    teacher.says_no(offers[1])
    days.let_hold_end(offers[2])

    def no_more_held() -> bool:
        held = [teacher.sees(one)["offer"] for one in lost[1:]]
        return not {one["session_id"] for one in held if one} & {
            one["session_id"] for one in offers
        }

    until(no_more_held)
    assert (
        teacher.call("POST", f"/api/scheduler/v1/offers/{offers[2]['session_id']}/take")[0] == 409
    )
    days.rest()
    # Neither a no nor silence books anything: those two wait on, or are asked about yet another time.
    assert {teacher.sees(one)["status"] for one in lost[1:]} == {"waiting"}
    assert days.in_calendar(teacher.person) == instants([*stays, taken])
    colleague = days.coach_of(taken["session_id"])
    assert datetime.fromisoformat(taken["starts_at"]) in days.in_calendar(
        colleague.person, with_=teacher.person
    )
    assert [one["session"] for one in map(teacher.sees, others)] == stays
    told = methods(days.mail_to(leaving.person, with_=teacher.person))
    assert (told.count("REQUEST"), told.count("CANCEL")) == (3, 3)
