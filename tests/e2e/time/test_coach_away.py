"""Through the running stack, mail included: a coach changes her own time; nobody is left standing."""

from datetime import timedelta
from typing import Any

from shared.clock import utc_now
from tests.e2e.time.days import Days, methods
from tests.support.stack_people import SCHEDULER, People, Program, Somebody
from tests.support.waiting import until

_WORDS = "I would like to think through how I plan my next unit."


def coach_of(people: People, session_id: str) -> Program:
    """The coach of a session, with a token of her own."""
    row = people.sql(
        "SELECT c.id, c.name, c.email FROM scheduler.session s"
        " JOIN scheduler.coach c ON c.id = s.coach_id WHERE s.id = %s",
        session_id,
    )[0]
    return people.program(Somebody(id=row[0], name=row[1], email=row[2], school=""), "coach")


def test_a_coach_is_away_and_her_teacher_is_asked_about_another_time(
    people: People, days: Days
) -> None:
    teacher, _school = days.on_a_six_day_cycle()
    request = teacher.asks(words=_WORDS, topic="unit_planning", support_mode="consultation")
    session: Any = teacher.booked(request)["session"]
    coach = coach_of(people, session["session_id"])
    path = f"{SCHEDULER}/coaches/{coach.person.id}/hours"
    now = coach.done("GET", path)
    away = {
        "revision": now["revision"],
        "kind": "off",
        "first_day": days.date_of(session["starts_at"]).isoformat(),
    }
    status, problem = coach.call("POST", f"{path}/away", away)
    assert (status, problem["type"]) == (409, "urn:remit:problem:meetings-stand")
    shown = [fault["message"].split()[0] for fault in problem["errors"]]
    assert session["session_id"] in shown

    coach.done("POST", f"{path}/away", away | {"meetings": "release", "shown": shown})

    offer = until(lambda: teacher.sees(request)["offer"])
    assert days.date_of(offer["starts_at"]) != days.date_of(session["starts_at"]) or (
        coach_of(people, offer["session_id"]).person.id != coach.person.id
    )
    her = people.at_her_browser(teacher)
    assert "Does this time suit you?" in her.get(f"/requests/{request['id']}")
    assert her.post(f"/offers/{offer['session_id']}/take") == 303
    mails = until(lambda: m if len(m := days.mail_to(teacher.person)) >= 3 else None)
    assert methods(mails) == ["REQUEST", "CANCEL", "REQUEST"]
    assert "can not be there at that time any more" in str(mails[1].get_body())


def test_extra_hours_reach_a_teacher_who_waits_by_mail(people: People, days: Days) -> None:
    teacher, school = days.by_weekday()
    coach_id = people.sql(
        "SELECT c.id, c.name, c.email FROM scheduler.coach c"
        " JOIN scheduler.coach_school s ON s.coach_id = c.id AND s.school_id = %s"
        " JOIN scheduler.coach_offer o ON o.coach_id = c.id AND o.coach_type = 'instructional'"
        " AND o.support_mode = 'consultation' ORDER BY c.id",
        school.school_id,
    )[0]
    who = Somebody(id=coach_id[0], name=coach_id[1], email=coach_id[2], school="")
    coach = people.program(who, "coach")
    evening = utc_now().astimezone(days.zone).replace(hour=19, minute=0, second=0, microsecond=0)
    evening += timedelta(days=9 - evening.weekday())  # the Wednesday of next week
    window = {
        "starts_at": evening.isoformat(),
        "ends_at": (evening + timedelta(minutes=30)).isoformat(),
        "in_class": False,
    }
    request = teacher.asks(
        words=_WORDS,
        topic="unit_planning",
        support_mode="consultation",
        meeting="online",
        windows=[window],
    )
    until(lambda: teacher.sees(request)["status"] == "waiting")
    path = f"{SCHEDULER}/coaches/{coach.person.id}/hours"
    extra = {
        "revision": coach.done("GET", path)["revision"],
        "kind": "extra",
        "first_day": evening.date().isoformat(),
        "starts": "18:00",
        "ends": "20:00",
    }
    coach.done("POST", f"{path}/away", extra)
    offer = until(lambda: teacher.sees(request)["offer"])
    assert days.same_instant(offer["starts_at"], window["starts_at"])
    until(lambda: days.mail_to(teacher.person))
