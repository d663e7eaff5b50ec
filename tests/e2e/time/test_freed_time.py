"""A freed time goes round those who wait for it, one after the other; nobody else is written to."""

from collections.abc import Sequence
from typing import Any

from tests.e2e.time.days import Days, methods
from tests.support.stack_people import People, Program, not_too_soon
from tests.support.waiting import until

_ASK = {
    "words": "Three of my pupils in grade 2 still guess at words.",
    "topic": "early_reading",
    "support_mode": "consultation",
    "meeting": "in_person",
}
_MOST = 7


def settled(teacher: Program, request: Any) -> Any:
    """Her request, once it has a time or waits for one."""

    def seen() -> Any:
        found = teacher.sees(request)
        return found if found["session"] or found["reasons"] else None

    return until(seen)


def who_wait(people: People, school: str, window: Any, count: int) -> list[tuple[Program, Any]]:
    """Colleagues who ask for this very time until so many have to wait, in the order of their asking."""
    waiting = []
    for _ in range(_MOST):
        teacher = people.teacher(school, timetable=False)
        request = settled(teacher, teacher.asks(**_ASK, windows=[window]))
        if request["status"] == "waiting":
            waiting.append((teacher, request))
        if len(waiting) == count:
            return waiting
    raise AssertionError(f"only {len(waiting)} of {_MOST} had to wait")


def written_to(days: Days, after: int) -> Sequence[str]:
    """Whom all mail went to since the first so many, once everything is out."""
    days.rest()
    return sorted(str(mail["To"]) for mail in days.mail(after))


def test_it_is_offered_to_who_waits_longest_and_after_her_no_to_the_next(
    people: People, days: Days
) -> None:
    first = people.teacher("goldeneye-lake", timetable=False)
    theirs = first.booked(first.asks(**_ASK, windows=[not_too_soon()]))
    session = theirs["session"]
    window = {key: session[key] for key in ("starts_at", "ends_at")}
    (longest, her_ask), (next_, next_ask), (last, last_ask) = who_wait(
        people, "goldeneye-lake", window, 3
    )
    coach = days.coach_of(session["session_id"])
    sent = days.rest()

    first.cancels(theirs)
    offer = longest.offered(her_ask)
    assert days.same_instant(offer["starts_at"], session["starts_at"])
    addresses = sorted(one.person.email for one in (first, coach, longest))
    assert only(written_to(days, sent), addresses)
    assert methods(days.mail(sent)).count("CANCEL") == 2
    assert next_.sees(next_ask)["offer"] is last.sees(last_ask)["offer"] is None

    sent = days.rest()
    longest.says_no(offer)
    second = next_.offered(next_ask)
    assert days.same_instant(second["starts_at"], session["starts_at"])
    assert only(written_to(days, sent), sorted(one.person.email for one in (longest, next_)))
    assert last.sees(last_ask)["offer"] is None

    sent = days.rest()
    booked = next_.says_yes(second)["session"]
    assert booked["session_id"] == second["session_id"]
    assert only(written_to(days, sent), sorted(one.person.email for one in (next_, coach)))
    assert methods(days.mail(sent)) == ["REQUEST", "REQUEST"]
    assert last.sees(last_ask)["status"] == longest.sees(her_ask)["status"] == "waiting"


def only(written: Sequence[str], addresses: Sequence[str]) -> bool:
    """Whether each of these was written to once, and nobody else."""
    assert len(written) == len(addresses), written
    return all(address in to for to, address in zip(written, addresses, strict=True))
