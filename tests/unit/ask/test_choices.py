"""Keys are taken exactly; what is not one is answered with what is near."""

import pytest

from deploy.asking.choices import Choices, Unknown
from deploy.asking.nearness import near
from tests.unit.ask.builders import choices


@pytest.mark.parametrize("key", ["classroom_routines", "device_repair"])
def test_a_topic_of_either_side_of_the_remit_may_be_chosen(key: str) -> None:
    assert choices().topic(key) == key


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("clasroom_routine", "classroom_routines"),
        ("repair", "device_repair"),
        ("reading", "early_reading"),
        ("Early Reeding", "early_reading"),
    ],
)
def test_an_unknown_topic_is_answered_with_near_keys(given: str, meant: str) -> None:
    with pytest.raises(Unknown, match=f"Near it:\n(?:.*\n)*  {meant} "):
        choices().topic(given)


def test_a_topic_near_to_nothing_is_answered_with_where_all_are() -> None:
    with pytest.raises(Unknown, match=r"no topic 'qqqq'\.\nAll of them: remit ask --topics$"):
        choices().topic("qqqq")


def test_near_keys_stand_one_on_a_line_with_their_titles() -> None:
    with pytest.raises(Unknown) as unknown:
        choices().topic("routines")
    lines = str(unknown.value).splitlines()
    assert lines[1:3] == [
        "  classroom_routines  Classroom routines and transitions",
        "  device_routines     Routines for devices in class",
    ]


def test_topics_are_listed_under_who_helps() -> None:
    lines = list(choices().listed("topics"))
    assert lines[0] == "Instructional coach"
    assert lines[-2:] == ["Not coaching", "  device_repair  Repairing a device"]
    assert len(lines) == 6


def test_modes_and_schools_are_listed_by_key() -> None:
    assert next(choices().listed("modes")) == "  consultation   Consultation"
    assert list(choices().listed("schools"))[2].startswith("  willow-grove  Willow Grove")


def test_an_unknown_mode_is_answered_with_the_near_one() -> None:
    with pytest.raises(Unknown, match="Near it:\n  consultation "):
        choices().mode("consulting")


@pytest.mark.parametrize("given", ["willow-grove", "Willow", "grove junior"])
def test_a_school_is_found_by_key_or_by_a_part_of_its_name(given: str) -> None:
    assert choices().school(given) == "willow-grove"


def test_a_name_of_several_schools_is_answered_with_those() -> None:
    with pytest.raises(Unknown, match=r"Several schools.*\n  birch-creek .*\n  birch-bluff "):
        choices().school("Birch")


def test_a_misspelt_school_is_answered_with_the_near_one() -> None:
    with pytest.raises(Unknown, match="Near it:\n  willow-grove "):
        choices().school("Wilow Grove")


def test_the_nearest_key_comes_first() -> None:
    assert near("device_routine", choices().topics)[0] == "device_routines"


def test_choices_are_read_from_the_answers_of_the_api() -> None:
    read = Choices.read(
        {
            "topics": [{"key": "a", "title": "A", "coach_types": ["i", "j"]}],
            "coach_types": [{"key": "i", "name": "I"}, {"key": "j", "name": "J"}],
            "out_of_remit": [{"key": "b", "title": "B"}],
            "support_modes": [{"key": "m", "name": "M"}],
            "zone": "America/Regina",
        },
        [{"key": "s", "name": "S", "id": "1"}],
    )
    assert (read.topics, read.modes, read.schools) == ({"a": "A", "b": "B"}, {"m": "M"}, {"s": "S"})
    assert read.zone == "America/Regina"
    assert [list(keys) for keys in read.sides.values()] == [["a"], [], ["b"]]
