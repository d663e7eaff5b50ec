"""Two people change one meeting in the same moment, one by program and one on a page: one of them wins."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from tests.e2e.time.days import Days
from tests.support.stack_people import SCHEDULER, People, Program, Sitting, not_too_soon

_ASK = {
    "words": "I would like to plan problems that my class can really think about.",
    "topic": "math_problem_solving",
    "support_mode": "consultation",
}
_TO = re.compile(r'name="to" value="([^" ]+)"')


def booked(people: People, school: str) -> tuple[Program, Any]:
    """A teacher with a meeting that leaves everybody time."""
    teacher = people.teacher(school, timetable=True)
    return teacher, teacher.booked(teacher.asks(**_ASK, windows=[not_too_soon()]))


def at_her_meeting(
    people: People, teacher: Program, session: Any
) -> tuple[Sitting, str, list[str]]:
    """Her window on the meeting, its address, and the times that it may move to."""
    window, path = people.at_her_browser(teacher), f"/meetings/{session['session_id']}"
    window.get(path)
    return window, path, _TO.findall(window.page)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each answers when all begin in the same moment."""
    start = Barrier(len(acts))

    def act(one: Callable[[], Any]) -> Any:
        start.wait(10)
        return one()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, acts))


def test_of_a_move_by_program_and_one_on_the_page_one_is_written_and_the_other_told(
    people: People, days: Days
) -> None:
    teacher, request = booked(people, "spruce-heights")
    session = request["session"]
    coach = days.coach_of(session["session_id"])
    window, path, times = at_her_meeting(people, teacher, session)
    days.rest()

    by_program, on_page = at_once(
        lambda: teacher.call(
            "POST", f"{SCHEDULER}{path}/move", {"sequence": 0, "starts_at": times[0]}
        ),
        lambda: window.post(f"{path}/move", sequence="0", to=times[1]),
    )
    assert (by_program[0], on_page) in ((200, 409), (409, 303))
    won = times[0] if on_page == 409 else times[1]
    if on_page == 409:
        assert "It was changed while you looked." in window.text
        assert 'name="sequence" value="1"' in window.page  # how it stands now
    else:
        assert by_program[1]["type"].endswith("meeting-changed")
    days.rest()
    assert days.same_instant(teacher.sees(request)["session"]["starts_at"], won)
    for whose in (teacher, coach):
        (shown,) = days.in_calendar(whose.person, with_=teacher.person)
        assert days.same_instant(shown.isoformat(), won)
        assert len(days.mail_to(whose.person, with_=teacher.person)) == 2


def test_of_a_teacher_who_moves_and_a_coach_who_is_called_away_the_later_is_told_how_it_stands(
    people: People, days: Days
) -> None:
    teacher, request = booked(people, "antler-hollow")
    session = request["session"]
    coach = days.coach_of(session["session_id"])
    window, path, times = at_her_meeting(people, teacher, session)
    farther = next(at for at in times if days.date_of(at) != days.date_of(session["starts_at"]))
    stretch = {key: session[key] for key in ("starts_at", "ends_at")}

    moved, covered = at_once(
        lambda: window.post(f"{path}/move", sequence="0", to=farther),
        lambda: coach.done("POST", f"{SCHEDULER}/covers", stretch),
    )
    days.rest()
    now = teacher.sees(request)
    in_calendars = [
        days.in_calendar(whose.person, with_=teacher.person) for whose in (teacher, coach)
    ]
    if moved == 303:  # it stood elsewhere already when she was called: she misses nobody
        assert covered["released"] == 0
        assert days.same_instant(now["session"]["starts_at"], farther)
        assert [len(shown) for shown in in_calendars] == [1, 1]
    else:  # it was off when its teacher moved it: she is told, and another time is held for her
        assert (moved, covered["released"]) == (409, 1)
        assert "This meeting does not stand any more" in window.text
        assert (now["status"], in_calendars) == ("waiting", [[], []])
        assert now["offer"]
        assert "Does this time suit you?" in window.goes_on(path)


def test_who_moves_a_meeting_that_was_called_off_while_she_looked_is_told_and_led_to_the_offer(
    people: People, days: Days
) -> None:
    teacher, request = booked(people, "antler-hollow")
    session = request["session"]
    window, path, times = at_her_meeting(people, teacher, session)
    stretch = {key: session[key] for key in ("starts_at", "ends_at")}
    days.coach_of(session["session_id"]).done("POST", f"{SCHEDULER}/covers", stretch)
    teacher.offered(request)

    assert window.post(f"{path}/move", sequence="0", to=times[0]) == 409
    assert "This meeting does not stand any more" in window.text
    move = {"sequence": 0, "starts_at": times[0]}
    status, problem = teacher.call("POST", f"{SCHEDULER}{path}/move", move)
    assert (status, problem["type"]) == (409, "urn:remit:problem:meeting-off")
    assert "Does this time suit you?" in window.goes_on(path)
