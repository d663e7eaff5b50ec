"""What an admin reads of a draft before she publishes it."""

from copy import deepcopy
from typing import Any

from services.request_intake.domain.model_changes import Change, changes
from services.request_intake.domain.model_draft import with_entry, without_entry
from tests.support.request_intake.builders import starter_document


def topic(document: dict[str, Any], key: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in document["topics"] if one["key"] == key)
    return deepcopy(found)


def test_the_same_document_has_no_changes() -> None:
    assert changes(starter_document(), starter_document()) == []


def test_a_text_says_what_it_was_and_is_and_a_list_what_came_and_went() -> None:
    before = starter_document()
    entry = topic(before, "unit_planning")
    entry["title"] = "A year's plan"
    entry["modes"] = ["consultation", "coordination"]
    found = {
        change.field: change
        for change in changes(before, with_entry(before, "topics", "unit_planning", entry))
    }
    assert found["title"].now == "A year's plan"
    assert found["title"].was == topic(before, "unit_planning")["title"]
    assert set(found["modes"].less) == set(topic(before, "unit_planning")["modes"]) - {
        "consultation",
        "coordination",
    }


def test_only_the_order_of_a_list_is_a_change_too() -> None:
    before = starter_document()
    entry = topic(before, "unit_planning")
    entry["modes"] = entry["modes"][::-1]
    (change,) = changes(before, with_entry(before, "topics", "unit_planning", entry))
    assert (change.field, change.now) == ("modes", ", ".join(entry["modes"]))


def test_phrases_are_counted_and_not_listed() -> None:
    before = starter_document()
    entry = topic(before, "unit_planning")
    entry["phrases"] = [*entry["phrases"], "Another way to say it"]
    (change,) = changes(before, with_entry(before, "topics", "unit_planning", entry))
    assert int(change.now) == int(change.was) + 1


def test_a_part_of_a_part_is_named_with_its_place() -> None:
    before = starter_document()
    kind = deepcopy(before["coach_types"][0])
    kind["caps"]["sessions_per_day"] += 1
    (change,) = changes(before, with_entry(before, "coach_types", kind["key"], kind))
    assert change.field == "caps.sessions_per_day"


def test_that_a_topic_went_is_said_once_though_others_were_near_it() -> None:
    before = starter_document()
    after = without_entry(before, "out_of_remit", "website_updates")
    assert changes(before, after) == [
        Change(section="out_of_remit", key="website_updates", kind="removed")
    ]


def test_a_topic_that_moves_to_the_other_side_stays_near_to_what_it_was_near_to() -> None:
    before = starter_document()
    entry = topic(before, "unit_planning") | {"key": "website_updates"}
    moved = without_entry(
        with_entry(before, "topics", "website_updates", entry), "out_of_remit", "website_updates"
    )
    assert {(change.section, change.key, change.kind) for change in changes(before, moved)} == {
        ("topics", "website_updates", "added"),
        ("out_of_remit", "website_updates", "removed"),
    }
