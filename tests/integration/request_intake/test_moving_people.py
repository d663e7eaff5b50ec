"""Somebody moves to another school: she asks from there, what is open goes with her, and it is told."""

from collections.abc import Iterator

import pytest

from services.request_intake.adapters.moving_people import move_person
from shared.clock import utc_now
from shared.database.transaction import transaction
from tests.support.postgres import Database, Server
from tests.support.request_intake.division import (
    MAYA,
    OTHER_SCHOOL_ID,
    REQUESTS,
    SCHOOL_ID,
    SYSTEM,
    SmallDivision,
    an_ask_body,
)


@pytest.fixture
def division(postgres: Server) -> Iterator[SmallDivision]:
    with postgres.clone() as database:
        yield SmallDivision(database)


def moves(division: SmallDivision, school: str = "birch", room: str = "3") -> bool:
    with transaction(division.engine, SYSTEM) as connection:
        return move_person(connection, MAYA, school, room, utc_now())


def told(database: Database) -> list[dict[str, object]]:
    query = "SELECT body->'data' AS data FROM bus.event WHERE name = 'person.moved' ORDER BY recorded_at"
    return [row.data for row in database.sql(query)]


def asked(division: SmallDivision, **changes: object) -> str:
    answer = division.client().post(REQUESTS, json=an_ask_body(**changes))
    assert answer.json
    return str(answer.json["id"])


def test_she_asks_from_there_and_what_is_open_goes_with_her(division: SmallDivision) -> None:
    still_open = asked(division)
    over = asked(division, topic="payroll")  # declined: it stays where it was asked
    assert moves(division)
    assert division.asker().school
    later = asked(division)
    rows = division.database.sql("SELECT id::text AS id, school_id FROM request_intake.request")
    assert {row.id: row.school_id for row in rows} == {
        still_open: OTHER_SCHOOL_ID,
        over: SCHOOL_ID,
        later: OTHER_SCHOOL_ID,
    }
    roles = division.database.sql(
        "SELECT school_id FROM access.role WHERE actor_id = :id AND role = 'teacher'", id=MAYA
    )
    assert [row.school_id for row in roles] == [OTHER_SCHOOL_ID]


def test_it_is_told_once_for_each_move_and_counted(division: SmallDivision) -> None:
    assert moves(division)
    assert not moves(division)
    assert moves(division, "tamarack", "12")
    events = told(division.database)
    assert [one["version"] for one in events] == [1, 2]
    assert [one["school"]["name"] for one in events] == ["Birch School", "Tamarack School"]  # type: ignore[index]
    assert [one["room"] for one in events] == ["3", "12"]
