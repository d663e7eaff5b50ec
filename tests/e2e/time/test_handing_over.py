"""A coach hands a meeting over, and its teacher says yes to the times: pages, mails and calendars."""

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from tests.e2e.time.days import Days, methods
from tests.support.stack_people import People, Program, Sitting
from tests.support.waiting import until

_ASK = {
    "words": "My reading groups are of four levels, and I can not hear all of them.",
    "topic": "small_group_reading",
    "support_mode": "consultation",
}
_TO = re.compile(r'name="to" value="([^"]+)"')
_SEEN = re.compile(r'name="seen" value="([^"]+)"')
_STARTS = re.compile(r'name="starts_at" value="([^"]+)"')


def asked_over(days: Days, people: People, request: Any) -> tuple[Program, str]:
    """The coach asks on the page whether the first colleague may go on; the coach, the colleague's id."""
    coach = days.coach_of(request["session"]["session_id"])
    window = people.at_her_browser(coach)
    path = f"/hand-over/{request['id']}"
    window.get(path)
    to = _TO.findall(window.page)[0]
    assert window.post(f"{path}/ask", to=to, why="fits_better") == 303
    assert "Nothing changes until the answer is yes" in window.get(window.location)
    return coach, to


def answers(window: Sitting, request: Any, answer: str) -> str:
    """Its teacher answers to the times that the page shows; what the page says then."""
    path = f"/hand-over/{request['id']}"
    window.get(path)
    seen, starts = _SEEN.findall(window.page)[0], _STARTS.findall(window.page)
    assert window.post(f"{path}/{answer}", seen=seen, starts_at=starts) == 303
    return window.get(window.location)


def test_a_meeting_goes_to_a_colleague_once_its_teacher_says_yes_to_the_time(
    people: People, days: Days
) -> None:
    teacher = people.teacher("foxglove-grove")
    request = teacher.booked(teacher.asks(**_ASK))
    session = request["session"]
    days.rest()
    coach, to = asked_over(days, people, request)
    days.rest()
    question = days.mail_to(teacher.person)[-1]
    assert methods([question]) == [""]  # a question is no entry in a calendar
    assert teacher.sees(request)["session"] == session

    colleague, window = people.coach(UUID(to)), people.at_her_browser(teacher)
    assert "All of you are told by mail" in answers(window, request, "agree")
    now = until(
        lambda: s if (s := teacher.sees(request)["session"])["coach"] != session["coach"] else None
    )
    assert (now["session_id"], now["coach"]) == (session["session_id"], colleague.person.name)
    begins = datetime.fromisoformat(now["starts_at"])
    days.rest()
    assert days.in_calendar(teacher.person) == [begins]
    assert days.in_calendar(colleague.person, with_=teacher.person) == [begins]
    assert days.in_calendar(coach.person, with_=teacher.person) == []
    with_her = teacher.person
    assert methods(days.mail_to(coach.person, with_=with_her)) == ["REQUEST", "CANCEL"]
    assert methods(days.mail_to(colleague.person, with_=with_her)) == ["REQUEST"]


def test_a_no_keeps_the_coach_who_is_told_and_no_calendar_changes(
    people: People, days: Days
) -> None:
    teacher = people.teacher("foxglove-grove")
    request = teacher.booked(teacher.asks(**_ASK))
    coach, _to = asked_over(days, people, request)
    days.rest()
    before = len(days.mail_to(coach.person))
    assert "Your coach goes on" in answers(people.at_her_browser(teacher), request, "decline")
    sent = days.rest()
    assert teacher.sees(request)["session"] == request["session"]
    (told,) = days.mail_to(coach.person)[before:]
    assert methods([told]) == [""]
    begins = [datetime.fromisoformat(request["session"]["starts_at"])]
    assert days.in_calendar(teacher.person) == begins
    assert days.in_calendar(coach.person, with_=teacher.person) == begins
    assert days.rest() == sent
