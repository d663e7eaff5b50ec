"""The model's document: read whole, or refused with every hole named."""

from typing import Any

import pytest

from services.request_intake.domain.model_document import ModelFaults, read, write
from tests.support.request_intake.builders import starter, starter_document


def _faults(document: Any) -> tuple[str, ...]:
    with pytest.raises(ModelFaults) as caught:
        read(document)
    return caught.value.faults


def test_the_starter_model_is_whole() -> None:
    model = starter()
    assert (len(model.topics), len(model.out_of_remit)) == (51, 23)
    assert model.division.zone == "America/Edmonton"
    combinations = list(model.combinations())
    assert len(combinations) == len(set(combinations)) > 100


def test_a_model_survives_its_own_document() -> None:
    assert read(write(starter())) == starter()


def test_every_fault_is_named_at_once_with_its_place() -> None:
    document = starter_document()
    document["topics"][0]["coach_types"] = ["wizard"]
    document["topics"][1]["modes"] = []
    document["division"]["zone"] = "Mars/X"
    document["out_of_remit"][0]["destination"]["kind"] = "pigeon"
    document["support_modes"][0]["minutes"] = 3
    document["topics"][2]["near"] = ["nowhere"]

    faults = "\n".join(_faults(document))

    for place in (
        "topics[classroom_routines].coach_types: there is no 'wizard'",
        "topics[student_engagement].modes: there must be at least one",
        "division.zone",
        "destination.kind",
        "support_modes[consultation].minutes",
        "near: there is no topic 'nowhere'",
    ):
        assert place in faults


def test_a_topic_whose_types_offer_none_of_its_modes_is_a_hole() -> None:
    document = starter_document()
    for kind in document["coach_types"]:
        kind["modes"] = ["consultation"]
    assert any("none of its coach types offers collaboration" in f for f in _faults(document))


def test_a_topic_narrows_where_in_her_day_and_never_contradicts_its_modes() -> None:
    document = starter_document()
    topics = {topic["key"]: topic for topic in document["topics"]}
    assert topics["model_coteach"]["where_in_day"] == "in_class"
    topics["finding_resources"]["where_in_day"] = "in_class"
    topics["lesson_planning"]["where_in_day"] = "on the bus"
    document["support_modes"][0]["where_in_day"] = "at home"

    assert _faults(document) == (
        "support_modes[consultation].where_in_day: must be one of either, in_class, outside_class",
        "topics[lesson_planning].where_in_day: must be empty or one of either, in_class, outside_class",
        (
            "topics[lesson_planning].where_in_day: consultation says at home;"
            " a topic may narrow it, not contradict it"
        ),
        (
            "topics[lesson_planning].where_in_day: cognitive_coaching says outside_class;"
            " a topic may narrow it, not contradict it"
        ),
        (
            "topics[finding_resources].where_in_day: coordination says outside_class;"
            " a topic may narrow it, not contradict it"
        ),
    )


def test_a_key_used_on_both_sides_of_the_remit_is_a_hole() -> None:
    document = starter_document()
    document["out_of_remit"][0]["key"] = document["topics"][0]["key"]
    assert any("the key is used 2 times" in fault for fault in _faults(document))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"format": "other"}, "format"),
        ({"surprise": 1}, "surprise: is not known here"),
        ({"promise": None}, "promise: must be a text"),
        ({"topics": "none"}, "topics: must be a list"),
        ({"division": []}, "division: must be an object"),
        ({"support_modes": []}, "support_modes: there must be at least one"),
    ],
)
def test_a_wrong_shape_is_named(change: dict[str, Any], fault: str) -> None:
    assert any(line.startswith(fault) for line in _faults({**starter_document(), **change}))


@pytest.mark.parametrize("document", [None, [], "x", 5, {}])
def test_what_is_no_document_is_refused(document: Any) -> None:
    assert _faults(document)


def test_true_is_no_number_and_a_number_no_truth() -> None:
    document = starter_document()
    document["support_modes"][0]["minutes"] = True
    document["support_modes"][1]["online_ok"] = 1
    assert len(_faults(document)) == 2
