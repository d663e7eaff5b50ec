"""The notifier rests while a meeting falls away and another is taken: then everybody is told what is true."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from tests.e2e.time.days import Days
from tests.support.running_stack import RunningStack
from tests.support.stack_people import SCHEDULER, People, Program, not_too_soon

_ASK = {
    "words": "We read a whole novel in class, and half of my pupils do not follow.",
    "topic": "reading_comprehension",
    "support_mode": "consultation",
}


@contextmanager
def no_notifier(stack: RunningStack) -> Iterator[None]:
    """Its worker stands still, and so does the ringer, which would soon do its work for it."""
    stopped = []
    for name in ("ringer", "telling"):
        master = stack.process(name)
        stopped += [master, *master.children(recursive=True)]
    for process in stopped:
        process.suspend()
    try:
        yield
    finally:
        for process in stopped:
            process.resume()


def test_after_it_starts_again_calendars_hold_the_new_time_and_nothing_else(
    stack: RunningStack, people: People, days: Days
) -> None:
    teacher = people.teacher("cottonwood-grove", timetable=False)
    request = teacher.booked(teacher.asks(**_ASK, windows=[not_too_soon()]))
    lost = request["session"]
    coach = days.coach_of(lost["session_id"])
    before = days.rest()
    assert days.in_calendar(teacher.person) == [datetime.fromisoformat(lost["starts_at"])]

    with no_notifier(stack):
        stretch = {key: lost[key] for key in ("starts_at", "ends_at")}
        assert coach.done("POST", f"{SCHEDULER}/covers", stretch)["released"] == 1
        offer = teacher.offered(request)
        taken = teacher.says_yes(offer)["session"]
        assert len(days.mail()) == before  # nobody was told of any of it yet
    days.rest()

    begins = datetime.fromisoformat(taken["starts_at"])
    now_with = days.coach_of(taken["session_id"])
    assert days.in_calendar(teacher.person) == [begins]
    assert days.in_calendar(now_with.person, with_=teacher.person) == [begins]
    # One letter a change and person, and no question about a time that she has answered already.
    assert told(people, teacher, request) == ["cancellation", "invitation", "invitation"]
    if now_with.person == coach.person:
        assert told(people, coach, request) == ["cancellation", "invitation", "invitation"]
    else:
        assert days.in_calendar(coach.person, with_=teacher.person) == []
        assert told(people, coach, request) == ["cancellation", "invitation"]
        assert told(people, now_with, request) == ["invitation"]


def told(people: People, somebody: Program, request: Any) -> list[str]:
    """What she was written about this request: each letter once."""
    rows = people.sql(
        "SELECT kind FROM notifier.notice WHERE request_id = %s AND recipient_id = %s"
        " AND state = 'sent' ORDER BY kind",
        request["id"],
        somebody.person.id,
    )
    return [row[0] for row in rows]
