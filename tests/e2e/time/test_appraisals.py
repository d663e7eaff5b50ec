"""Through the running stack, mail included: an admin says that a coach appraises the teacher she meets."""

import re
from email.message import EmailMessage
from uuid import UUID

from tests.e2e.time.days import Days, methods
from tests.support.running_stack import RunningStack, remit
from tests.support.stack_people import People, Program, Sitting, Somebody
from tests.support.waiting import until

_WORDS = "I would like to think through how I give feedback in writing."


def booked(teacher: Program) -> dict[str, object]:
    request = teacher.asks(words=_WORDS, topic="unit_planning", support_mode="consultation")
    return dict(teacher.booked(request))


def coach_of(people: People, request: dict[str, object]) -> Somebody:
    session = request["session"]
    assert isinstance(session, dict)
    ((id_, name, email),) = people.sql(
        "SELECT c.id, c.name, c.email FROM scheduler.session s"
        " JOIN scheduler.coach c ON c.id = s.coach_id WHERE s.id = %s",
        session["session_id"],
    )
    return Somebody(id=UUID(str(id_)), name=name, email=email, school="")


def says_so(office: Sitting, coach: Somebody, teacher: Somebody) -> str:
    """She finds the two by address and by name, looks, and saves; what the page says then."""
    office.get("/appraisals")
    typed = {"coach_typed": coach.email, "teacher_typed": teacher.name}
    assert office.post("/appraisals/find", **typed) == 200
    chosen = dict(re.findall(r'name="(coach|teacher)" value="([0-9a-f-]{36})"', office.page))
    assert chosen == {"coach": str(coach.id), "teacher": str(teacher.id)}
    assert "what is booked between them is called off" in office.text
    assert office.post("/appraisals", **typed, **chosen) == 303
    return office.get(office.location)


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert isinstance(body, EmailMessage)
    return " ".join(str(body.get_content()).split())


def entries_of(days: Days, somebody: Somebody, uid: str) -> list[EmailMessage]:
    """Her mails about this entry of her calendar."""
    mails = [mail for mail in days.mail_to(somebody) if methods([mail]) != [""]]
    return [mail for mail in mails if days.entry(mail)["UID"] == uid]


def test_what_is_booked_with_who_appraises_her_is_offered_with_a_colleague(
    stack: RunningStack, people: People, days: Days
) -> None:
    teacher, _school = days.on_a_six_day_cycle()
    request = booked(teacher)
    session, coach = request["session"], coach_of(people, request)
    assert isinstance(session, dict)
    office = people.at_her_browser(people.admin())
    page = says_so(office, coach, teacher.person)
    assert f"Saved: {coach.name} appraises {teacher.person.name}." in page

    # Another coach's time is held, and she is asked.
    offer = until(lambda: teacher.sees(request)["offer"])
    ((held_by,),) = people.sql(
        "SELECT coach_id FROM scheduler.session WHERE id = %s", offer["session_id"]
    )
    assert held_by != coach.id
    her = people.at_her_browser(teacher)
    why = f"{coach.name} appraises you, and nobody is coached by who appraises her."
    assert why in her.get(f"/requests/{request['id']}")

    # Both are told why, each as it is hers; the meeting leaves both calendars.
    mails = until(lambda: m if len(m := days.mail_to(teacher.person)) >= 2 else None)
    assert methods(mails) == ["REQUEST", "CANCEL"]
    assert why in text_of(mails[1])
    uid = days.entry(mails[1])["UID"]
    hers = until(lambda: m if len(m := entries_of(days, coach, uid)) >= 2 else None)
    assert methods(hers) == ["REQUEST", "CANCEL"]
    assert f"You appraise {teacher.person.name}, and nobody is coached" in text_of(hers[1])

    # One yes, and she has a coach again; who appraises her is never looked at any more.
    assert her.post(f"/offers/{offer['session_id']}/take") == 303
    after = teacher.booked(request)["session"]
    assert after["session_id"] == offer["session_id"]
    assert coach_of(people, booked(teacher)).id != coach.id

    # Said again in the terminal it changes nothing; taken back there, it is gone from the page.
    two = ("person", "appraises", coach.email, teacher.person.email, "--data", stack.data)
    assert "It was so already." in remit(*two).stdout
    assert coach.name in office.get("/appraisals")
    assert remit(*two, "--no-longer").returncode == 0
    assert f"of-{coach.id}" not in office.get("/appraisals") + office.page
    until(
        lambda: people.sql(
            "SELECT 1 FROM scheduler.appraisal WHERE coach_id = %s AND NOT stands", coach.id
        )
    )
    logs = "".join(path.read_text(errors="replace") for path in stack.data.rglob("*.log"))
    assert teacher.person.email not in logs
    assert coach.email not in logs
