"""A fifth coach type by the API alone: created, seen, replayed, published, appointed, and asked for."""

from typing import Any

from tests.e2e.model.office import Office, in_remit
from tests.support.running_stack import RunningStack, remit
from tests.support.stack_people import INTAKE, People

_WEB_COACH: dict[str, Any] = {
    "key": "web",
    "name": "Web coach",
    "aliases": ["page coach"],
    "summary": "Helps teachers write pages that families read.",
    "covers": ["School pages that families understand."],
    "does_not_cover": ["Photographs of pupils without consent."],
    "modes": ["consultation"],
    "caps": {
        "sessions_per_day": 4,
        "cycles_at_once": 3,
        "weekly_minutes": 600,
        "protected_share": 0.2,
    },
}
_ASK = {
    "words": "Our page about kindergarten is out of date and nobody reads it.",
    "topic": "website_updates",
}


def test_a_fifth_coach_type_is_made_by_the_api_alone_and_takes_the_ask_that_was_declined(
    people: People, office: Office, stack: RunningStack
) -> None:
    teacher = people.teacher()
    before = teacher.asks(**_ASK)
    assert (before["decision"], before["status"]) == ("out_of_remit", "declined")
    assert before["redirect"]["key"] == "website_updates"

    office.begins()
    office.writes("coach_types", _WEB_COACH | {"covers": [], "does_not_cover": []})
    assert office.draft["faults"]
    assert office.admin.call("GET", f"{INTAKE}/draft/preview")[0] == 422
    office.writes("coach_types", _WEB_COACH)
    topic = in_remit(office.entry("out_of_remit", "website_updates"), "web", "consultation")
    office.writes("topics", topic)
    preview = office.removes("out_of_remit", "website_updates")
    assert preview["faults"] == []
    assert {(one["section"], one["key"], one["kind"]) for one in preview["changes"]} == {
        ("coach_types", "web", "added"),
        ("topics", "website_updates", "added"),
        ("out_of_remit", "website_updates", "removed"),
    }
    seen = office.preview
    assert "web" in [kind["key"] for kind in seen["coach_types"]]
    assert "website_updates" in [topic["key"] for topic in seen["topics"]]
    (flip,) = (f for f in office.replays()["flips"] if f["before"]["topic"] == "website_updates")
    assert (flip["count"], flip["after"]["goes_to"]) == (1, ["web"])

    version = office.publishes("Families asked for pages that they understand.")
    offered = teacher.done("GET", f"{INTAKE}/model")
    assert offered == seen
    assert offered["version"] == version
    assert "web" in [kind["key"] for kind in offered["coach_types"]]
    again = teacher.asks(**_ASK)
    assert (again["decision"], again["coach_types"]) == ("in_remit", ["web"])
    teacher.waits(again)
    assert office.appoints("technology", "web", "consultation") == 3

    offer = teacher.offered(again)
    booked = teacher.says_yes(offer)
    assert booked["session"]["session_id"] == offer["session_id"]
    assert booked["session"]["coach_type"] == "Web coach"
    assert booked["model_version"] == version
    assert teacher.sees(before)["status"] == "declined"
    assert people.sql(
        "SELECT coach_type, topic, support_mode, model_version FROM scheduler.session"
        " WHERE request_id = %s",
        booked["id"],
    ) == [("web", "website_updates", "consultation", version)]
    proved = remit("check", "boundaries", "--data", stack.data)
    assert proved.returncode == 0, proved.stdout
