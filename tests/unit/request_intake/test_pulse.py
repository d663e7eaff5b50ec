"""What a pulse asks, how it is scored, and what is never shown of few."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.request_intake.domain.pulse import (
    FEWEST_SHOWN,
    STATEMENTS,
    SchoolScore,
    scored,
    shown,
    statements,
)
from tests.support.events import an_id
from tests.support.request_intake.builders import starter

MODEL = starter()


def test_everybody_is_asked_as_much_that_is_coaching_as_is_not_and_always_the_same() -> None:
    hers = statements(MODEL, an_id(1), an_id(2))
    assert len(hers) == STATEMENTS
    assert sum(one.is_coaching for one in hers) == STATEMENTS // 2
    assert len({one.text for one in hers}) == STATEMENTS
    assert hers == statements(MODEL, an_id(1), an_id(2))
    assert hers != statements(MODEL, an_id(1), an_id(3))


def test_not_being_sure_is_no_right_answer_and_none_may_be_missing() -> None:
    hers = statements(MODEL, an_id(1), an_id(2))
    right = {place: "yes" if one.is_coaching else "no" for place, one in enumerate(hers)}
    found = scored(hers, right)
    assert found
    assert all(one.is_right for one in found)
    unsure = scored(hers, dict.fromkeys(range(STATEMENTS), "not_sure"))
    assert unsure
    assert not any(one.is_right for one in unsure)
    assert scored(hers, {**right, 3: "maybe"}) is None
    assert scored(hers, {place: right[place] for place in range(STATEMENTS - 1)}) is None


SCHOOLS = st.lists(st.integers(1, 12), max_size=8).map(
    lambda sizes: [
        SchoolScore(school=f"{UUID(int=place)}", people=people, asked=people * 8, right=people * 3)
        for place, people in enumerate(sizes)
    ]
)


@given(scores=SCHOOLS)
def test_no_few_people_can_be_worked_out_from_the_whole_and_what_is_shown(
    scores: list[SchoolScore],
) -> None:
    table = shown(scores)
    assert {one.school for one in table} == {one.school for one in scores}
    assert all(one.people >= FEWEST_SHOWN for one in table if one.is_shown)
    assert all((one.people, one.right) == (0, 0) for one in table if not one.is_shown)
    whole = sum(one.people for one in scores)
    rest = whole - sum(one.people for one in table if one.is_shown)
    assert rest == 0 or rest >= FEWEST_SHOWN or whole < FEWEST_SHOWN
