"""Ways between schools as lines: what is written reads back, and every fault is known by its line."""

from collections.abc import Mapping
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scheduler.domain.ways import (
    SAID,
    Way,
    WayWrong,
    faults,
    read_ways,
    table_of,
    written_ways,
)
from tests.support.scheduler.builders import an_id

_ODD = ("oak", "pine", "to", "min", "12", "x-1", "a_b")
SCHOOLS: Mapping[str, UUID] = {key: an_id(key) for key in _ODD}
KEYS = {id_: key for key, id_ in SCHOOLS.items()}
_WAYS = st.tuples(st.sampled_from(list(KEYS)), st.sampled_from(list(KEYS)))
TABLES = st.dictionaries(_WAYS.filter(lambda way: way[0] != way[1]), st.integers(0, 480))


@given(TABLES)
def test_what_is_written_reads_back_as_the_same_ways(table: dict[tuple[UUID, UUID], int]) -> None:
    read = read_ways(written_ways(table, KEYS))
    assert (read.unread, list(faults(read.ways, 50, SCHOOLS))) == ([], [])
    assert table_of(read.ways, SCHOOLS) == table


@given(st.text())
def test_whatever_is_typed_is_answered(typed: str) -> None:
    read = read_ways(typed)
    assert len(read.ways) == len(read.lines)
    list(faults(read.ways, 50, SCHOOLS))


def way(start: str, end: str, minutes: int = 12) -> Way:
    return Way(start=start, end=end, minutes=minutes)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("oak pine 12", [way("oak", "pine")]),
        ("  Oak, PINE: 12 min", [way("oak", "pine")]),
        ("oak to pine 12", [way("oak", "pine")]),
        ("oak -> pine 12 minutes", [way("oak", "pine")]),
        ("oak <-> pine 12", [way("oak", "pine"), way("pine", "oak")]),
        ("to min 12", [way("to", "min")]),
        ("\n\n", []),
    ],
)
def test_a_way_is_read_as_people_write_it(typed: str, meant: list[Way]) -> None:
    assert read_ways(typed).ways == meant


@pytest.mark.parametrize("typed", ["oak pine", "oak pine soon", "oak pine -5", "oak by pine 12"])
def test_a_line_that_names_no_way_is_known(typed: str) -> None:
    assert read_ways(f"oak pine 1\n{typed}").unread == [2]


@pytest.mark.parametrize(
    ("ways", "kmh", "found"),
    [
        ([way("oak", "yew")], 50, [(0, WayWrong.NO_SCHOOL)]),
        ([way("oak", "pine"), way("oak", "oak")], 50, [(1, WayWrong.NOWHERE)]),
        ([way("oak", "pine"), way("oak", "pine", 9)], 50, [(1, WayWrong.TWICE)]),
        ([way("oak", "pine", 481)], 50, [(0, WayWrong.MINUTES)]),
        ([], 4, [(-1, WayWrong.SPEED)]),
        ([way("oak", "pine")] * 5_001, 50, [(-1, WayWrong.TOO_MANY)]),
    ],
)
def test_every_way_that_can_not_be_is_found(
    ways: list[Way], kmh: int, found: list[tuple[int, WayWrong]]
) -> None:
    seen = [(fault.index, fault.wrong) for fault in faults(ways, kmh, SCHOOLS)]
    assert seen[: len(found)] == found
    assert all(SAID[wrong] for _, wrong in seen)
