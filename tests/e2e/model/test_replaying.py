"""Replay: before a draft is published, the workers judge what was asked by it, and the admin sees what flips."""

import re
from typing import Any

from tests.e2e.model.office import Office, in_remit, out_of_remit
from tests.support.running_stack import RunningStack
from tests.support.stack_people import INTAKE, People, words_of
from tests.support.waiting import until

# More than two workers take at once.
_MORE_ASKS, _A_MINUTE = 210, 50
_READ_AS_CODING = (
    "How do I start Scratch coding with my grade 4 class?",
    "I want to teach coding with robots and have never done it.",
)
_SHEET = re.compile(r'<span class="badge-line">(\d+)</span>(.*?)</section>', re.DOTALL)
_BAR = re.compile(r'<progress [^>]*max="(\d+)" value="(\d+)"')


def asked_of_coding(people: People) -> None:
    """Three choose the topic, two are read as it."""
    for number in range(3):
        people.teacher().asks(words=f"Robots, club {number}", topic="coding_robotics")
    for words in _READ_AS_CODING:
        assert people.teacher().asks(words=words)["topic"] == "coding_robotics"


def many_more(people: People) -> None:
    """Asks that no draft of this story touches."""
    for number in range(_MORE_ASKS):
        if number % _A_MINUTE == 0:
            teacher = people.teacher()
        teacher.asks(words=f"Pay stub number {number} is short.", topic="payroll")


def flips_of(replay: dict[str, Any], topic: str) -> list[dict[str, Any]]:
    return [flip for flip in replay["flips"] if flip["before"]["topic"] == topic]


def test_an_admin_sees_on_the_page_what_would_flip_by_which_clause_when_workers_have_judged_all(
    people: People, office: Office, stack: RunningStack
) -> None:
    asked_of_coding(people)
    many_more(people)
    sent, kept = people.teacher(), people.teacher()
    to_a_person = sent.asks(words="Two gyms, one bell, and my plan.", topic="timetable_changes")
    kept.asks(words="Nobody else may read this of me.", topic="timetable_changes")
    sent.appeals(to_a_person, "It is about how I plan around it.")
    desk = people.at_her_browser(office.admin)

    desk.get("/model")
    assert desk.post("/model/draft", version=str(office.newest)) == 303
    coding, times = (
        office.entry("topics", "coding_robotics"),
        office.entry("out_of_remit", "timetable_changes"),
    )
    office.removes("out_of_remit", "timetable_changes")
    office.writes("topics", in_remit(times, "instructional", "consultation"))
    desk.get("/model/draft/topics/coding_robotics")
    assert desk.post("/model/draft/topics/coding_robotics/remove", revision=desk.revision) == 303
    desk.get("/model/draft/out_of_remit")
    assert desk.post("/model/draft/out_of_remit", revision=desk.revision, **form_of(coding)) == 303

    desk.get("/model/draft")
    assert desk.post("/model/draft/replay", revision=desk.revision) == 303
    assert desk.location == "/model/draft/replay"
    seen: list[int] = []

    def finished() -> bool:
        desk.get("/model/draft/replay")
        found = _BAR.search(desk.page)
        assert found
        seen.append(int(found.group(2)))
        return seen[-1] == int(found.group(1))

    until(finished, limit=60, every=0.05)
    replay = office.replayed()
    (everything,) = people.sql("SELECT count(*) FROM request_intake.request")[0]
    assert replay["asks"] == replay["judged"] == seen[-1]
    assert _MORE_ASKS + 7 <= replay["asks"] <= everything
    assert seen == sorted(seen)

    (of_coding,) = flips_of(replay, "coding_robotics")
    assert of_coding["count"] == 5
    assert of_coding["before"]["goes_to"] == ["technology"]
    assert of_coding["after"]["decision"] == "out_of_remit"
    (of_times,) = flips_of(replay, "timetable_changes")
    assert (of_times["count"], of_times["after"]["goes_to"]) == (2, ["instructional"])
    assert flips_of(replay, "payroll") == []

    sheets = [(int(count), words_of(rest)) for count, rest in _SHEET.findall(desk.page)]
    assert [count for count, _ in sheets] == [flip["count"] for flip in replay["flips"]]
    assert f"{sum(count for count, _ in sheets)} asks would go elsewhere" in desk.text
    (shown,) = (text for _, text in sheets if coding["description"] in text)
    assert f"{coding['title']} (Technology coach) → Not coaching: {coding['title']}" in shown
    (shown,) = (text for _, text in sheets if times["description"] in text)
    assert "Two gyms, one bell, and my plan." in shown
    assert "Nobody else may read this of me." not in desk.text
    assert workers_did_it(people)


def form_of(topic: dict[str, Any]) -> dict[str, str]:
    """A topic in remit as the form of one that is not."""
    entry = out_of_remit(topic)
    place = {f"destination.{name}": value for name, value in entry["destination"].items()}
    lists = {name: "\n".join(entry[name]) for name in ("near", "examples", "phrases")}
    plain = {name: entry[name] for name in ("key", "title", "description", "boundary_note")}
    return plain | lists | place


def workers_did_it(people: People) -> bool:
    """Every chunk was a delivery to intake's workers, and each was handled."""
    rows = people.sql(
        "SELECT d.state, count(*) FROM bus.delivery d JOIN bus.event e ON e.id = d.event_id"
        " WHERE e.name = 'replay.chunk_ready' GROUP BY 1"
    )
    return [state for state, _ in rows] == ["done"]


def test_a_replay_of_a_draft_that_changed_meanwhile_is_refused_and_a_stopped_one_stands_still(
    people: People, office: Office, draft: dict[str, Any]
) -> None:
    people.teacher().asks(words="My pay stub is short.", topic="payroll")
    path = f"{INTAKE}/draft/replay"
    office.removes("out_of_remit", "payroll")
    status, told = office.admin.call("POST", path, {"revision": draft["revision"]})
    assert (status, told["detail"]) == (409, "The draft changed. Read it again.")

    office.admin.done("POST", path, {"revision": office.draft["revision"]})
    office.admin.done("DELETE", path)
    stopped = office.admin.done("GET", path)
    assert stopped["stopped_at"]
    assert stopped["judged"] <= stopped["asks"]
