"""PostgreSQL's own plans: the statements of the hot path look sessions up by person and time.

One missing cast, or statistics from before the first booking, makes such a query a hundred times
slower, and nothing else shows it.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text

from services.scheduler.adapters import picture
from services.scheduler.adapters.bulk_load import SessionSeed, load_past_sessions
from tests.support.postgres import Server
from tests.support.scheduler.builders import (
    CONSULTATION,
    LARCH,
    LITERACY,
    MONDAY,
    READING,
    Division,
    a_coach,
    a_request,
    an_id,
)


def a_past_session(number: int) -> SessionSeed:
    starts_at = MONDAY - timedelta(days=7 + number // 5, hours=-2 - number % 5)
    return SessionSeed(
        id=an_id(f"past {number}"),
        request_id=an_id(f"past request {number}"),
        coach_id=an_id("ana"),
        teacher_id=an_id(f"teacher {number % 50}"),
        teacher_name="Maya",
        teacher_email="maya@example.org",
        school_id=LARCH.id,
        school_name=LARCH.name,
        model_version=1,
        coach_type=LITERACY,
        topic=READING,
        support_mode=CONSULTATION,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=30),
    )


@pytest.fixture(scope="module")
def busy_division(postgres: Server) -> Iterator[Division]:
    """A thousand past sessions and a hundred to come, of which the statistics know nothing."""
    with postgres.clone() as database:
        division = Division(database).with_model()
        division.with_coaches(a_coach("ana"), a_coach("bo"), a_coach("cy"))
        with division.engine.begin() as connection:
            assert load_past_sessions(connection, map(a_past_session, range(1_000))) == 1_000
        database.sql("ANALYZE")
        division.hear(*(a_request() for _ in range(100)))
        yield division


@pytest.fixture
def connection(busy_division: Division) -> Iterator[Connection]:
    with busy_division.engine.connect() as open_connection:
        yield open_connection


def scans(connection: Connection, query: str, parameters: dict[str, Any]) -> dict[str, str]:
    """The condition of every index scan in the plan of a query, by index."""
    connection.execute(text("SET LOCAL enable_seqscan = off"))
    plan = connection.scalar(text(f"EXPLAIN (FORMAT JSON) {query}"), parameters)
    found, todo = {}, [plan[0]["Plan"]]
    while todo:
        node = todo.pop()
        todo += node.get("Plans", [])
        if "Index Name" in node:
            name = node["Index Name"]
            found[name] = f"{found.get(name, '')} {node.get('Index Cond', '')}"
    return found


@pytest.mark.parametrize("analysed", [False, True])
def test_the_sessions_of_a_picture_are_found_by_person(
    busy_division: Division, connection: Connection, *, analysed: bool
) -> None:
    if analysed:
        busy_division.database.sql("ANALYZE")
    teachers = [an_id(f"teacher {number}") for number in range(50)]
    parameters = {
        "people": [an_id("ana"), *teachers],
        "teachers": teachers,
        "from": "2026-11-23",
        "to": "2026-12-31",
    }
    found = scans(connection, str(picture._TAKEN), parameters)
    for part in ("coach", "teacher"):
        (name,) = [name for name in found if name.startswith(f"session_{part}_")]
        assert f"{part}_id = p" in found[name]
    assert len(found) == 2


def test_a_candidates_weeks_are_read_by_key(connection: Connection) -> None:
    parameters = {
        "schools": [LARCH.id],
        "types": [LITERACY],
        "modes": [CONSULTATION],
        "first": MONDAY.date(),
        "last": MONDAY.date() + timedelta(weeks=5),
    }
    found = scans(connection, str(picture._COACHES), parameters)
    assert "coach_id = c.id" in found["coach_week_pkey"]
    assert "week >= " in found["coach_week_pkey"]


def test_a_coach_whom_a_teacher_met_before_is_known(busy_division: Division) -> None:
    (request,) = [a_request()]
    busy_division.hear(request)
    with busy_division.engine.connect() as connection:
        rows = connection.execute(
            picture._MET, {"teachers": [an_id("teacher 3")], "coaches": [an_id("ana")]}
        ).all()
    assert [tuple(row) for row in rows] == [(an_id("teacher 3"), an_id("ana"))]
