"""An admin words the promise, the three sides' duties and the rules of intake; nothing is lost to another."""

import pytest

from tests.support.pages import Hand, PagesDivision
from tests.support.postgres import Database
from tests.support.request_intake.division import OFFICE

_API = "/api/intake/v1/draft"
_ABOUT = {
    "promise": "Ask us anything about teaching.",
    "roles.leadership": "We guard the time for coaching.\nWe never ask what was said.",
    "roles.coaches": "We answer within a day.",
    "roles.coachees": "We come prepared.",
    "vague": "help\nsomething with my class",
}


@pytest.fixture
def admin(division: PagesDivision) -> Hand:
    hand = Hand(division, OFFICE)
    hand.get("/model")
    assert hand.post("/model/draft", version="1").status_code == 303
    return hand


def test_the_promise_and_duties_are_worded_published_and_read_by_everybody(
    admin: Hand, division: PagesDivision, database: Database
) -> None:
    admin.get("/model/draft/about")
    assert admin.post("/model/draft/about", revision="1", **_ABOUT).status_code == 303
    admin.get("/model/draft")
    assert "<ins>We guard the time for coaching.</ins>" in admin.page
    assert "something with my class" not in admin.page  # words to tell apart by are counted
    admin.post("/model/draft/publish", revision="2", reason="Worded anew.")
    everybody = Hand(division, None)
    everybody.get("/what-coaches-do")
    assert "We never ask what was said." in everybody.page
    model = division.application.model().model
    assert model.promise == _ABOUT["promise"]
    assert model.vague == ("help", "something with my class")


def test_the_second_writer_is_told_and_keeps_what_she_typed(admin: Hand) -> None:
    admin.get("/model/draft/about")
    admin.post("/model/draft/about", revision="1", **_ABOUT)
    admin.get("/model/draft/about")
    late = admin.post("/model/draft/about", revision="1", **_ABOUT | {"promise": "Mine."})
    assert late.status_code == 409
    assert "Mine." in admin.page
    assert 'value="2"' in admin.page
    assert "Ask us anything" in admin.get("/model/draft").text


def test_a_rule_of_intake_is_an_entry_like_any_other(admin: Hand) -> None:
    admin.get("/model/draft/intake_rules")
    sent = {"revision": "1", "key": "substitutes", "text": "A substitute asks like anybody."}
    assert admin.post("/model/draft/intake_rules", **sent).status_code == 303
    assert "A substitute asks" in admin.get("/model/draft/intake_rules/substitutes").text
    assert "Rules of intake: substitutes" in admin.get("/model/draft").text


def test_the_same_over_the_api_with_every_fault_named(admin: Hand, division: PagesDivision) -> None:
    program = division.client(OFFICE, "admin")
    about = {
        "promise": "Ask.",
        "roles": {"leadership": ["a"], "coaches": ["b"], "coachees": ["c"]},
        "vague": ["help"],
    }
    wrong = about | {"promise": 7, "roles": {"leadership": ["a"]}, "other": 1}
    refused = program.put(f"{_API}/about", json={"revision": 1, "about": wrong})
    assert refused.status_code == 422
    assert refused.json
    assert {fault["field"] for fault in refused.json["errors"]} == {
        "about.promise",
        "about.roles.coaches",
        "about.roles.coachees",
        "about.other",
    }
    done = program.put(f"{_API}/about", json={"revision": 1, "about": about})
    assert done.status_code == 200
    assert done.json
    assert done.json["document"]["promise"] == "Ask."
    assert {(one["section"], one["field"]) for one in done.json["changes"]} >= {
        ("about", "promise"),
        ("about", "roles.leadership"),
    }
    stale = program.put(f"{_API}/about", json={"revision": 1, "about": about})
    assert stale.status_code == 409
