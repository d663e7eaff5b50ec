"""A new version changes nothing that was agreed: open requests keep their decision, and are listed."""

import pytest

from services.request_intake.handlers.publishing import Publication
from tests.support.pages import Hand, PagesDivision, waiting
from tests.support.request_intake.builders import starter_document
from tests.support.request_intake.division import OFFICE, SYSTEM

LIST = "/api/intake/v1/open-requests"


def publishes_without(division: PagesDivision, topic: str) -> None:
    """The next version in which a topic is another coach type's."""
    document = starter_document()
    for one in document["topics"]:
        if one["key"] == topic:
            one["coach_types"] = ["technology"]
            one["modes"] = ["consultation"]
    division.application.publish(
        Publication(document=document, published_by=SYSTEM, reason="another coach type")
    )


@pytest.fixture
def admin(division: PagesDivision) -> Hand:
    return Hand(division, OFFICE)


def test_what_the_new_version_would_decide_otherwise_is_listed_and_stays(
    division: PagesDivision, admin: Hand
) -> None:
    words = "CANARY-7f3a could we plan my unit?"
    moved = division.asks(topic="unit_planning", words=words)
    same = division.asks(topic="number_sense")
    division.scheduler_says(waiting(moved), waiting(same))
    assert "None is open" in admin.get("/model/open-requests").text
    assert "decided by an earlier version" not in admin.get("/model").text

    publishes_without(division, "unit_planning")
    assert "2 open requests were decided by an earlier version" in admin.get("/model").text
    page = admin.get("/model/open-requests").text
    assert page.count("<del>") == 1
    assert "Tamarack School" in page
    assert "CANARY" not in page

    answer = division.client(OFFICE, "admin").get(LIST)
    assert answer.status_code == 200
    assert answer.json
    assert (answer.json["version"], answer.json["open"], answer.json["judged"]) == (2, 2, 2)
    (listed,) = answer.json["elsewhere"]
    assert listed["id"] == str(moved.id)
    assert listed["model_version"] == 1
    assert listed["before"]["goes_to"] == list(moved.coach_types)
    assert listed["after"]["goes_to"] == ["technology"]
    assert "CANARY" not in answer.text

    kept = division.application.request(moved.teacher_id, moved.id)
    assert kept
    assert (kept.model_version, kept.coach_types, kept.state) == (
        1,
        moved.coach_types,
        "waiting",
    )


def test_what_is_over_or_was_decided_by_the_version_in_force_is_not_listed(
    division: PagesDivision, admin: Hand
) -> None:
    asked = division.asks(topic="unit_planning")
    division.application.cancel(asked.teacher_id, asked.id, seen_version=None)
    division.asks(topic="payroll")
    publishes_without(division, "unit_planning")
    division.asks(topic="unit_planning", support_mode="consultation")
    assert "None is open" in admin.get("/model/open-requests").text


def test_words_under_review_are_read_anew(division: PagesDivision, admin: Hand) -> None:
    vague = division.asks(topic=None, support_mode=None, words="help")
    assert vague.state == "under_review"
    publishes_without(division, "unit_planning")
    page = admin.get("/model/open-requests").text
    assert "1 request was decided by an earlier version" in page
    assert "Nothing would change" in page
