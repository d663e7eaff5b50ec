"""What one school adds: seen there alone, and the same decision, type and mode in every school."""

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.model.office import Office
from tests.support.running_stack import RunningStack
from tests.support.stack_people import INTAKE, People, Program
from tests.support.waiting import until

_OWN = {
    "redirect": "software_approval",
    "label": "Ms. Rivers, Room 12",
    "kind": "email",
    "target": "rivers@alder.example.org",
}
_NAME = "Our Friday media hour"
_DECIDED = ("decision", "status", "topic", "support_mode", "coach_types", "clause")


@pytest.fixture
def schools(people: People) -> tuple[str, str]:
    """The one that adds, and another."""
    return people.schools[2], people.schools[3]


def adds(office: Office, school: str, **additions: Any) -> Any:
    """What the school adds from now on."""
    path = f"{INTAKE}/schools/{school}/additions"
    revision = office.admin.done("GET", path)["revision"]
    sent = {"revision": revision, "contacts": [], "topics": []} | additions
    return office.admin.done("PUT", path, sent)


def decided(request: dict[str, Any]) -> dict[str, Any]:
    return {name: request[name] for name in _DECIDED}


def by_page(people: People, teacher: Program, **fields: str) -> Any:
    """She asks on the form; her request as it was decided."""
    sitting = people.at_her_browser(teacher)
    sitting.get("/ask")
    assert sitting.post("/ask", key=sitting.key, when="any", meeting="either", **fields) == 303
    return teacher.sees({"id": sitting.location.rpartition("/")[2]})


def test_a_school_s_own_contact_is_shown_and_mailed_there_alone_and_the_decision_is_the_same(
    people: People, office: Office, schools: tuple[str, str], stack: RunningStack
) -> None:
    adds(office, schools[0], contacts=[_OWN])
    ask = {"words": "Please install a bridge simulator.", "topic": "software_approval"}
    hers, others = people.teacher(schools[0]), people.teacher(schools[1])
    here, there = hers.asks(**ask), others.asks(**ask)
    on_page = by_page(people, hers, **ask)

    assert decided(here) == decided(there) == decided(on_page)
    assert here["decision"] == "out_of_remit"
    assert [here["redirect"][name] for name in ("label", "kind", "target")] == [
        _OWN[name] for name in ("label", "kind", "target")
    ]
    assert on_page["redirect"] == here["redirect"]
    assert there["redirect"]["label"] == "Software request form"
    assert here["redirect"]["sentence"] == there["redirect"]["sentence"]
    shown = people.at_her_browser(hers).get(f"/requests/{on_page['id']}")
    assert _OWN["label"] in shown
    assert _OWN["label"] not in people.at_her_browser(others).get(f"/requests/{there['id']}")
    assert until(lambda: mailed(stack, hers, _OWN["target"]))
    assert until(lambda: mailed(stack, others, "help.example.org/software"))
    assert not mailed(stack, others, _OWN["target"])


def mailed(stack: RunningStack, to: Program, words: str) -> bool:
    """Whether a mail to her says this."""
    mails = [path.read_text() for path in Path(stack.address.mail_folder).glob("*.eml")]
    return any(to.person.email in mail and words in mail for mail in mails)


def test_a_school_s_own_name_is_offered_there_alone_means_the_model_s_topic_and_is_booked(
    people: People, office: Office, schools: tuple[str, str]
) -> None:
    adds(office, schools[0], topics=[{"title": _NAME, "inside": "digital_citizenship"}])
    hers, others = people.teacher(schools[0]), people.teacher(schools[1])
    at_hers, at_others = people.at_her_browser(hers), people.at_her_browser(others)
    assert _NAME in at_hers.get("/ask")
    assert f'<option value="digital_citizenship">{_NAME}</option>' in at_hers.page
    assert _NAME not in at_others.get("/ask")

    ask = {"words": "They believe every post.", "topic": "digital_citizenship"}
    local, plain = by_page(people, hers, **ask), by_page(people, others, **ask)
    assert decided(local) == decided(plain)
    assert (local["decision"], local["coach_types"]) == ("in_remit", ["technology"])
    booked, elsewhere = hers.booked(local), others.booked(plain)
    for name in ("coach_type", "support_mode"):
        assert booked["session"][name] == elsewhere["session"][name]


def test_what_contradicts_the_model_is_refused_and_the_second_of_two_writers_is_told(
    people: People, office: Office
) -> None:
    school = people.schools[4]
    path = f"{INTAKE}/schools/{school}/additions"
    nothing = office.admin.done("GET", path)
    stolen = {"title": "Pay at our school", "inside": "payroll"}
    status, told = office.admin.call(
        "PUT",
        path,
        {"revision": nothing["revision"], "contacts": [], "topics": [stolen]},
    )
    assert (status, told["errors"][0]["field"]) == (422, "topics[0].inside")
    assert office.admin.done("GET", path) == nothing

    adds(office, school, contacts=[_OWN])
    late = {"revision": nothing["revision"], "contacts": [], "topics": []}
    assert office.admin.call("PUT", path, late)[0] == 409
    desk = people.at_her_browser(office.admin)
    assert "1 contact of its own" in desk.get("/schools")
    assert office.admin.done("GET", path)["contacts"] == [_OWN]
