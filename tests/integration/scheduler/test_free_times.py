"""When a coach is free, over HTTP: exactly what can be booked, to whoever may ask, and nothing of anybody else."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from services.scheduler.adapters.bulk_load import HoursSeed
from services.scheduler.domain.deciding import decide
from services.scheduler.entrypoints.web import create_app
from services.scheduler.handlers import matching
from shared.database.statements import Statements
from shared.identity import new_id
from tests.support.postgres import Server
from tests.support.scheduler.builders import (
    Division,
    a_coach,
    a_person,
    a_request,
    a_window,
    an_id,
    off,
)
from tests.support.scheduler.people import token_for

ANA, BO = an_id("ana"), an_id("bo")
TUESDAY = date(2026, 11, 24)
MIDNIGHT = datetime.fromisoformat("2026-11-24T07:00:00+00:00")  # Tuesday's, in Denver


def a_teacher_of(division: Division) -> FlaskClient:
    client = create_app(division.application).test_client()
    token = token_for(division, an_id("maya"), "teacher")
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return client


@pytest.fixture
def client(division: Division) -> FlaskClient:
    return a_teacher_of(division)


@pytest.fixture(scope="module")
def reader(postgres: Server) -> Iterator[FlaskClient]:
    """A teacher in a division in which nothing is written."""
    with postgres.clone() as database:
        yield a_teacher_of(Division(database).with_model().with_coaches(a_coach("ana")))


def ask(client: FlaskClient, coach: UUID | str = ANA, **query: Any) -> Any:
    wanted = {"day": TUESDAY.isoformat(), "minutes": 30} | query
    return client.get(f"/api/scheduler/v1/coaches/{coach}/free", query_string=wanted)


def clock(starts: list[str]) -> list[str]:
    """The starts by the clocks of that Tuesday."""
    told = (datetime.fromisoformat(start) - MIDNIGHT for start in starts)
    return [f"{minutes // 60:02}:{minutes % 60:02}" for minutes in (t.seconds // 60 for t in told)]


def quarters(first: str, last: str) -> list[str]:
    """Every quarter of an hour between two, both with."""
    start, end = (time.fromisoformat(t) for t in (first, last))
    span = range(start.hour * 60 + start.minute, end.hour * 60 + end.minute + 1, 15)
    return [f"{minutes // 60:02}:{minutes % 60:02}" for minutes in span]


def free(client: FlaskClient, coach: UUID = ANA, **query: Any) -> list[str]:
    answer = ask(client, coach, **query)
    assert answer.status_code == 200
    return clock(answer.json["starts"])


def test_an_empty_day_is_free_from_her_first_hour_to_the_last_start_that_fits(
    reader: FlaskClient,
) -> None:
    answer = ask(reader)
    assert answer.json == {
        "coach_id": str(ANA),
        "day": "2026-11-24",
        "minutes": 30,
        "zone": "America/Denver",
        "starts": answer.json["starts"],
    }
    assert answer.json["starts"][0] == "2026-11-24T15:00:00Z"
    assert clock(answer.json["starts"]) == quarters("08:00", "15:30")
    assert free(reader, minutes=50)[-1] == "15:00"
    assert free(reader, day="2026-11-28") == []  # a Saturday


def test_what_is_told_is_what_can_be_booked(division: Division, client: FlaskClient) -> None:
    division.with_coaches(a_coach("ana", exceptions=(off(TUESDAY, time(10), time(11)),)))
    division.hear(a_request(windows=(a_window(MIDNIGHT + timedelta(hours=13), 30),)))
    told = free(client)
    assert told == [
        *quarters("08:00", "09:30"),
        *quarters("11:00", "12:30"),
        *quarters("13:30", "15:30"),
    ]
    for start in quarters("08:00", "15:30"):
        hour, minute = map(int, start.split(":"))
        window = a_window(MIDNIGHT + timedelta(hours=hour, minutes=minute), 30)
        request = a_request(windows=(window,))
        with division.engine.connect() as connection:
            plan = division.application.works.at(connection)
            booked = _would_book(plan, request)
        assert booked == (start in told), start


def _would_book(work: Any, request: Any) -> bool:
    asked = [matching._request_of(request)]
    bookings, _ = decide(asked, work.terms({1}), work.picture(asked), new_id)
    return len(bookings) == 1


def test_a_full_day_and_a_full_week_are_free_at_no_time(
    division: Division, client: FlaskClient
) -> None:
    division.with_coaches(
        a_coach("ana", sessions_per_day=1), a_coach("bo", weekly_minutes=45, school_ids=())
    )
    division.hear(a_request(windows=(a_window(MIDNIGHT + timedelta(hours=8), 30),)))
    assert free(client) == []
    assert free(client, day="2026-11-25") != []
    assert free(client, BO, minutes=45) != []
    assert free(client, BO, minutes=50) == []


def test_time_in_which_she_is_taught_herself_is_not_free(
    division: Division, client: FlaskClient
) -> None:
    division.with_coaches(a_coach("bo"))
    division.with_coaches(a_coach("ana", sessions_per_day=0))  # so that Bo takes it
    division.with_coaches(a_coach("cy", school_ids=()))
    nine = MIDNIGHT + timedelta(hours=9)
    division.hear(a_request(teacher=a_person("cy"), windows=(a_window(nine, 30),)))
    assert free(client, an_id("cy"))[:5] == [*quarters("08:00", "08:30"), "09:30", "09:45"]


def test_the_notice_and_the_end_of_the_horizon_hold(reader: FlaskClient) -> None:
    today = ask(reader, day="2026-11-23").json["starts"]  # it is 7:00, and notice is an hour
    assert today[0] == "2026-11-23T15:00:00Z"
    assert ask(reader, day="2027-01-03").status_code == 200
    for day in ("2026-11-22", "2027-01-04", "0001-01-01", "9999-12-31"):
        answer = ask(reader, day=day)
        assert answer.status_code == 422
        assert answer.json["errors"] == [
            {
                "field": "day",
                "message": "is not offered",
                "right": "a day from 2026-11-23 to 2027-01-03",
            }
        ]


def test_a_meeting_may_run_into_the_next_week(division: Division, client: FlaskClient) -> None:
    late = (
        HoursSeed(iso_weekday=7, starts=time(23), ends=time(23, 59)),
        HoursSeed(iso_weekday=1, starts=time(0), ends=time(1)),
    )
    division.with_coaches(a_coach("ana", hours=late))
    starts = ask(client, day="2026-11-29", minutes=30).json["starts"]
    assert starts[0] == "2026-11-30T06:00:00Z"
    assert len(starts) == 2  # 23:00 and 23:15: at 23:55 her Sunday ends, as wall hours can say it


@pytest.mark.parametrize(
    ("query", "field", "right"),
    [
        ({"day": "tomorrow"}, "day", "a day such as 2027-03-01"),
        ({"day": "2026-02-30"}, "day", "a day such as 2027-03-01"),
        ({"day": "20261124"}, "day", "a day such as 2027-03-01"),
        ({"day": "٢٠٢٦-11-24"}, "day", "a day such as 2027-03-01"),
        ({"day": ""}, "day", "a day such as 2027-03-01"),
        ({"minutes": "half an hour"}, "minutes", "a whole number from 10 to 480"),
        ({"minutes": "-30"}, "minutes", "a whole number from 10 to 480"),
        ({"minutes": "5"}, "minutes", "a whole number from 10 to 480"),
        ({"minutes": "485"}, "minutes", "a whole number from 10 to 480"),
        ({"minutes": "9" * 5_000}, "minutes", "a whole number from 10 to 480"),
        ({"minutes": "32"}, "minutes", "a whole number from 10 to 480 in steps of 5"),
        ({"minutes": ["30", "45"]}, "minutes", "one value"),
        ({"hour": "9"}, "hour", "only the described fields"),
    ],
)
def test_a_wrong_day_or_length_is_named_with_what_would_be_right(
    reader: FlaskClient, query: dict[str, Any], field: str, right: str
) -> None:
    answer = ask(reader, **query)
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert [(e["field"], e["right"]) for e in answer.json["errors"]] == [(field, right)]


def test_day_and_length_must_be_said(reader: FlaskClient) -> None:
    answer = reader.get(f"/api/scheduler/v1/coaches/{ANA}/free")
    assert answer.status_code == 422
    assert [e["field"] for e in answer.json["errors"]] == ["day", "minutes"]


@pytest.mark.parametrize("role", ["teacher", "coach", "admin"])
def test_teachers_coaches_and_admins_read_the_same(
    division: Division, client: FlaskClient, role: str
) -> None:
    token = token_for(division, an_id("somebody"), role)
    answer = client.get(
        f"/api/scheduler/v1/coaches/{ANA}/free?day=2026-11-24&minutes=30",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.json == ask(client).json


def test_for_a_school_leader_there_is_nothing(division: Division, client: FlaskClient) -> None:
    token = token_for(division, an_id("leader"), "leader")
    answer = client.get(
        f"/api/scheduler/v1/coaches/{ANA}/free?day=2026-11-24&minutes=30",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 404


@pytest.mark.parametrize("coach", [new_id(), "ana", "%00", "' OR 1=1 --", str(ANA).upper()])
def test_who_is_no_coach_is_not_found(reader: FlaskClient, coach: Any) -> None:
    assert ask(reader, coach).status_code == 404


def test_without_a_token_nothing_is_read(client: FlaskClient) -> None:
    del client.environ_base["HTTP_AUTHORIZATION"]
    assert ask(client).status_code == 401


def test_it_takes_one_statement_and_waits_for_no_planner(
    division: Division, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    run = Statements.run

    def noting(self: Statements, sql: str, values: Sequence[Any]) -> Any:
        asked.append(sql)
        return run(self, sql, values)

    monkeypatch.setattr(Statements, "run", noting)
    monkeypatch.setattr(division.engine, "connect", None)  # whatever else would be asked
    with division.database.engine("scheduler").connect() as planning:
        division.application.works.at(planning).take_turn()
        assert ask(client).status_code == 200
    _who_bears, diary = asked
    assert "take_turn" not in diary
    assert "FOR UPDATE" not in diary


def test_before_the_first_model_there_is_no_coach(database: Any) -> None:
    division = Division(database)
    assert ask(a_teacher_of(division)).status_code == 404
