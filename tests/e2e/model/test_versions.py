"""Compare, roll back and edit at once: on the real pages and over the API of a running stack."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.e2e.model.office import Office, out_of_remit
from tests.support.running_stack import RunningStack, remit
from tests.support.stack_people import INTAKE, People, Program, Sitting


@pytest.fixture
def at_her_desk(people: People, office: Office) -> Sitting:
    return people.at_her_browser(office.admin)


def saves(desk: Sitting, path: str, **fields: str | list[str]) -> int:
    """Open an entry's form and send it."""
    desk.get(path)
    return desk.post(path, revision=desk.revision, **fields)


def test_a_draft_is_compared_with_what_is_published_in_plain_words_and_over_the_api(
    office: Office, at_her_desk: Sitting, draft: dict[str, Any]
) -> None:
    assert draft["changes"] == []
    assert "None yet." in at_her_desk.get("/model/draft")
    math = office.entry("coach_types", "math")
    math["covers"] = [*math["covers"][1:], "Math at home."]
    office.writes("coach_types", math | {"caps": math["caps"] | {"weekly_minutes": 900}})
    garden = office.entry("topics", "peer_visits") | {"key": "garden_visits", "near": []}
    office.writes("topics", garden | {"title": "Visiting a garden"})
    compared = office.removes("out_of_remit", "yard_supervision")

    assert compared["against"] == office.newest
    assert compared["faults"] == []
    told = [(one["section"], one["key"], one["kind"]) for one in compared["changes"]]
    assert sorted(set(told)) == [
        ("coach_types", "math", "changed"),
        ("out_of_remit", "yard_supervision", "removed"),
        ("topics", "garden_visits", "added"),
    ]
    by_field = {one["field"]: one for one in compared["changes"]}
    minutes, covers = by_field["caps.weekly_minutes"], by_field["covers"]
    assert (minutes["was"], minutes["now"]) == ("1050", "900")
    assert covers["more"] == ["Math at home."]
    assert covers["less"] == ["Number sense, number talks and facts."]

    seen = at_her_desk.get("/model/draft")
    assert f"Changes against version {office.newest}" in seen
    for sentence in (
        "Coach types: math · Minutes a week at most: 1050 900",
        "Coach types: math · Covers, one a line: Math at home. Number sense, number talks",
        "Topics in remit: garden_visits is new",
        "Not coaching, and where it goes: yard_supervision is taken out",
    ):
        assert sentence in seen
    assert "<del>1050</del> <ins>900</ins>" in at_her_desk.page


def test_an_older_version_is_published_anew_and_the_same_ask_is_in_remit_and_booked_again(
    people: People, office: Office, at_her_desk: Sitting, stack: RunningStack
) -> None:
    before = office.newest
    office.begins()
    office.writes("out_of_remit", out_of_remit(office.entry("topics", "growth_plan")))
    office.removes("topics", "growth_plan")
    assert office.publishes("Growth plans go to the studio.") == before + 1
    ask = {
        "words": "Two goals for my year, and I do not know how to begin.",
        "topic": "growth_plan",
        "meeting": "online",
    }
    declined = people.teacher().asks(**ask)
    assert (declined["status"], declined["model_version"]) == ("declined", before + 1)
    assert declined["redirect"]["label"] == "The studio"

    assert f"start a draft from version {before}" in at_her_desk.get("/model")
    assert at_her_desk.post("/model/draft", version=str(before)) == 303
    back = at_her_desk.get("/model/draft")
    assert "Topics in remit: growth_plan is new" in back
    assert "Not coaching, and where it goes: growth_plan is taken out" in back
    reason = "Growth plans are coaching after all."
    published = at_her_desk.post(
        "/model/draft/publish", revision=at_her_desk.revision, reason=reason
    )
    assert (published, at_her_desk.location) == (303, "/model")
    assert f"In force Version {before + 2} {reason}" in at_her_desk.get("/model")

    teacher = people.teacher()
    booked = teacher.booked(teacher.asks(**ask))
    assert (booked["decision"], booked["model_version"]) == ("in_remit", before + 2)
    assert booked["session"]["coach_type"] == "Instructional coach"
    made_under = people.sql(
        "SELECT model_version, topic FROM scheduler.session WHERE request_id = %s", booked["id"]
    )
    assert made_under == [(before + 2, "growth_plan")]
    proved = remit("check", "boundaries", "--data", stack.data)
    assert proved.returncode == 0, proved.stdout


def test_the_second_of_two_admins_is_told_on_the_page_and_overwrites_nothing(
    people: People, office: Office, draft: dict[str, Any]
) -> None:
    hers = people.at_her_browser(office.admin)
    his = people.at_her_browser(people.second_admin())
    path = "/model/draft/topics/student_media"
    hers.get(path)
    his.get(path)
    typed = {
        "key": "student_media",
        "description": "Pupils make films.",
        "coach_types": "technology",
        "modes": ["consultation", "collaboration"],
        "examples": "We want to make a film.",
    }
    assert hers.post(path, revision=hers.revision, title="Films by pupils", **typed) == 303

    assert his.post(path, revision=his.revision, title="Radio by pupils", **typed) == 409
    assert "Somebody changed the draft while you typed. Nothing is lost" in his.text
    assert 'value="Radio by pupils"' in his.page
    assert office.entry("topics", "student_media")["title"] == "Films by pupils"

    hers.get("/model/draft")
    seen = hers.revision
    assert his.post(path, revision=his.revision, title="Radio by pupils", **typed) == 303
    for ending in ("publish", "discard"):
        answer = hers.post(f"/model/draft/{ending}", revision=seen, reason="Films.")
        assert answer == 409
        assert "Somebody changed the draft while you looked." in hers.text
    assert office.entry("topics", "student_media")["title"] == "Radio by pupils"


def test_of_admins_who_write_at_the_same_moment_one_writes_and_the_others_are_told(
    people: People, office: Office, draft: dict[str, Any]
) -> None:
    entry = office.entry("topics", "student_media")
    path = f"{INTAKE}/draft/topics/student_media"

    def write(who: tuple[Program, str]) -> int:
        admin, title = who
        sent = {"revision": draft["revision"], "entry": entry | {"title": title}}
        status, answer = admin.call("PUT", path, sent)
        assert status == 200 or answer["type"].endswith("draft-changed"), answer
        return status

    titles = [f"Title {number}" for number in range(6)]
    with ThreadPoolExecutor(len(titles)) as pool:
        admins = [office.admin, people.second_admin()] * 3
        statuses = list(pool.map(write, zip(admins, titles, strict=True)))

    assert sorted(statuses) == [200, 409, 409, 409, 409, 409]
    assert office.draft["revision"] == draft["revision"] + 1
    assert office.entry("topics", "student_media")["title"] == titles[statuses.index(200)]
    for ending in ({"reason": "Mine."}, {}):
        path = f"{INTAKE}/draft/{'publish' if ending else 'discard'}"
        status, _ = office.admin.call("POST", path, {"revision": draft["revision"], **ending})
        assert status == 409
    status, _ = office.admin.call("POST", f"{INTAKE}/draft/replay", {"revision": draft["revision"]})
    assert status == 409
