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
    with pytest.raises(Unknown, match=f"Near it: .*{meant}"):
        choices().topic(given)


def test_a_topic_near_to_nothing_is_answered_with_all_keys() -> None:
    with pytest.raises(Unknown, match="There are: classroom_routines, device_repair"):
        choices().topic("qqqq")


def test_an_unknown_mode_is_answered_with_the_near_one() -> None:
    with pytest.raises(Unknown, match="Near it: consultation"):
        choices().mode("consulting")


@pytest.mark.parametrize("given", ["willow-grove", "Willow", "grove junior"])
def test_a_school_is_found_by_key_or_by_a_part_of_its_name(given: str) -> None:
    assert choices().school(given) == "willow-grove"


def test_a_name_of_several_schools_is_answered_with_those() -> None:
    with pytest.raises(Unknown, match=r"Several schools.*birch-creek.*birch-bluff"):
        choices().school("Birch")


def test_a_misspelt_school_is_answered_with_the_near_one() -> None:
    with pytest.raises(Unknown, match="Near it: willow-grove"):
        choices().school("Wilow Grove")


def test_the_nearest_key_comes_first() -> None:
    assert near("device_routine", choices().topics)[0] == "device_routines"


def test_choices_are_read_from_the_answers_of_the_api() -> None:
    read = Choices.read(
        {
            "topics": [{"key": "a", "title": "A"}],
            "out_of_remit": [{"key": "b", "title": "B"}],
            "support_modes": [{"key": "m", "name": "M"}],
        },
        [{"key": "s", "name": "S", "id": "1"}],
    )
    assert read == Choices(topics={"a": "A", "b": "B"}, modes={"m": "M"}, schools={"s": "S"})
