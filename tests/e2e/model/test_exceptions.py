"""Exceptions: granted by a person, counted against the month, booked as the model allows, and audited."""

from typing import Any

from tests.e2e.model.office import Office
from tests.support.running_stack import RunningStack, remit
from tests.support.stack_people import INTAKE, People, Program

_AS = {
    "topic": "number_sense",
    "coach_type": "math",
    "support_mode": "consultation",
    "reason": "The room is what her number corner stands or falls with.",
}


def appealed(people: People) -> tuple[Program, Any]:
    """A teacher whose ask was declined, and who says that it is coaching."""
    teacher = people.teacher()
    request = teacher.asks(words="New shelves for my number corner.", topic="facilities")
    assert request["status"] == "declined"
    teacher.appeals(request, "The corner is how I teach counting.")
    return teacher, teacher.sees(request)


def budget(office: Office) -> tuple[int, int]:
    """How many exceptions the month has, of how many."""
    found = office.admin.done("GET", f"{INTAKE}/reviews")["exceptions"]
    return found["used"], found["most"]


def grants(office: Office, request: Any, **changes: str) -> tuple[int, Any]:
    sent = {"version": request["version"], "answer": "exception"} | _AS | changes
    return office.admin.call("POST", f"{INTAKE}/reviews/{request['id']}/answer", sent)


def test_an_exception_is_granted_on_the_page_counted_and_booked_until_the_month_has_no_more(
    people: People, office: Office, stack: RunningStack
) -> None:
    used, most = budget(office)
    assert (used, most) == (0, 4)
    desk = people.at_her_browser(office.admin)
    teacher, request = appealed(people)
    page = f"/reviews/{request['id']}"
    assert f"0 of {most} exceptions used this month" in desk.get(page)

    outside = grants(office, request, coach_type="literacy")
    assert (outside[0], outside[1]["errors"][0]["field"]) == (422, "coach_type")
    sent = {"version": desk.version, "answer": "exception"} | _AS
    assert desk.post(f"{page}/answer", **sent) == 303
    booked = teacher.booked(request)
    assert booked["excepted"]
    assert booked["session"]["coach_type"] == "Math coach"
    told = people.at_her_browser(teacher).get(f"/requests/{request['id']}")
    assert "Granted as an exception" in told

    more = [appealed(people) for _ in range(most)]
    answers = [grants(office, request)[0] for _, request in more]
    assert answers == [200] * (most - 1) + [409]
    assert budget(office) == (most, most)
    _, over = more[-1]
    assert "No exception is left this month." in desk.get(f"/reviews/{over['id']}")
    assert desk.post(f"/reviews/{over['id']}/answer", **sent) == 409
    assert "No exception is left this month. Nothing was written." in desk.text
    assert more[-1][0].sees(over)["status"] == "under_review"
    for teacher, request in more[:-1]:
        teacher.booked(request)

    is_recorded_and_within_the_model(people, office, booked)
    for what in ("boundaries", "audit", "availability"):
        checked = remit("check", what, "--data", stack.data)
        assert checked.returncode == 0, checked.stdout


def is_recorded_and_within_the_model(people: People, office: Office, booked: Any) -> None:
    """A grant says who, why and which of the month's; its session is what the version allows."""
    assert people.sql(
        "SELECT g.number, g.budget, g.reason, g.granted_by,"
        " (s.topic, s.coach_type, s.support_mode, s.model_version)"
        " = (g.topic, g.coach_type, g.support_mode, g.model_version)"
        " FROM request_intake.exception_grant g"
        " JOIN scheduler.session s ON s.request_id = g.request_id WHERE g.request_id = %s",
        booked["id"],
    ) == [(1, 4, _AS["reason"], office.admin.person.id, True)]
    numbers = people.sql("SELECT number FROM request_intake.exception_grant ORDER BY 1")
    assert [number for (number,) in numbers] == [1, 2, 3, 4]
    audited = people.sql("SELECT count(*) FROM access.audit_entry WHERE action LIKE 'exception%%'")
    assert audited == [(4,)]
