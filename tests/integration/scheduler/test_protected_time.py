"""Protected time: only the named modes use it, and nobody breaks its floor without a name and a reason."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from services.scheduler.adapters import checker
from services.scheduler.adapters.bulk_load import HoursSeed
from services.scheduler.domain.appointment import Offer
from tests.integration.scheduler.test_promises import refused
from tests.support.postgres import Database, Server
from tests.support.scheduler.builders import (
    COLLABORATION,
    CONSULTATION,
    LITERACY,
    MODES,
    MONDAY,
    TYPES,
    Division,
    a_coach,
    a_model,
    a_request,
    a_window,
    an_id,
    insert_session,
)

HOUR = timedelta(hours=1)
OFFICE = an_id("office")
# A cap of two hours a week, half of it protected: an hour is for every mode.
HALF = {
    "coach_types": tuple(replace(kind, protected_percent=50) for kind in TYPES),
    "support_modes": tuple(
        replace(mode, uses_protected=mode.key == COLLABORATION) for mode in MODES
    ),
}


def at(hour: float, minutes: int = 30) -> str:
    """A stretch on the Tuesday, so many hours after Monday at seven."""
    starts = MONDAY + (24 + hour) * HOUR
    return f"[{starts.isoformat()},{(starts + timedelta(minutes=minutes)).isoformat()})"


@pytest.fixture
def division(database: Database) -> Division:
    return Division(database).with_model(**HALF).with_coaches(a_coach("ana", weekly_minutes=120))


@pytest.fixture(scope="module")
def shared(postgres: Server) -> Iterator[Division]:
    with postgres.clone() as database:
        yield Division(database).with_model(**HALF).with_coaches(a_coach("ana", weekly_minutes=120))


@pytest.fixture
def connection(shared: Division) -> Iterator[Connection]:
    with shared.engine.connect() as open_connection:
        yield open_connection
        open_connection.rollback()


def fill(connection: Connection) -> None:
    """What other modes may have of the week is had."""
    insert_session(connection, during=at(3))
    insert_session(connection, during=at(4))


def grant(connection: Connection, reason: str = "The last week of term", minutes: int = 30) -> None:
    connection.execute(
        text(
            "INSERT INTO scheduler.protected_grant (id, coach_id, week, minutes, granted_by, reason,"
            " granted_at) VALUES (gen_random_uuid(), :ana, '2026-11-23', :minutes, :by, :reason, now())"
        ),
        {"ana": an_id("ana"), "by": OFFICE, "reason": reason, "minutes": minutes},
    )


def test_the_floor_is_left_to_the_named_modes(connection: Connection) -> None:
    fill(connection)
    insert_session(connection, during=at(5, 45), support_mode=COLLABORATION)
    with refused(by="coach_week_within_floor"):
        insert_session(connection, during=at(6, 15))


def test_a_session_does_not_change_into_another_mode_behind_the_floor(
    connection: Connection,
) -> None:
    fill(connection)
    insert_session(connection, during=at(5), support_mode=COLLABORATION)
    with refused(by="coach_week_within_floor"):
        connection.execute(
            text("UPDATE scheduler.session SET support_mode = 'consultation' WHERE during = :d"),
            {"d": at(5)},
        )


def test_a_grant_with_a_person_and_a_reason_opens_so_many_minutes_of_one_week(
    connection: Connection,
) -> None:
    fill(connection)
    grant(connection)
    insert_session(connection, during=at(5))
    with refused(by="coach_week_within_floor"):
        insert_session(connection, during=at(6))


@pytest.mark.parametrize("reason", ["", "  ", "x"])
def test_a_grant_says_why(connection: Connection, reason: str) -> None:
    with refused(by="protected_grant_reason_check"):
        grant(connection, reason)


@pytest.mark.parametrize(
    "behind",
    [
        "UPDATE scheduler.coach SET protected_percent = 0",
        "UPDATE scheduler.coach_week SET unprotected_ceiling = 999",
        "UPDATE scheduler.protected_grant SET minutes = 999",
        "DELETE FROM scheduler.protected_grant",
        "SELECT scheduler.protect(NULL)",
        "SELECT scheduler.follow_weeks(NULL, NULL)",
    ],
)
def test_nothing_else_breaks_the_floor(connection: Connection, behind: str) -> None:
    grant(connection)
    with pytest.raises(DBAPIError, match="permission denied"):
        connection.execute(text(behind))


def test_the_share_is_the_models_and_follows_it(division: Division) -> None:
    def percent() -> Any:
        return division.database.sql("SELECT protected_percent FROM scheduler.coach")[0][0]

    assert percent() == 50
    less = tuple(replace(kind, protected_percent=20) for kind in TYPES)
    division.hear(a_model_with(2, coach_types=less))
    assert percent() == 20
    division.application.appoint(
        OFFICE,
        an_id("ana"),
        frozenset({Offer(coach_type=LITERACY, support_mode=CONSULTATION)}),
        seen=frozenset({Offer(coach_type=LITERACY, support_mode=mode.key) for mode in MODES}),
    )
    assert percent() == 0  # she offers nothing that could use it


def a_model_with(version: int, **other: Any) -> Any:
    return a_model(version, **(HALF | other))


def test_who_finds_only_protected_time_waits_and_is_told_so(division: Division) -> None:
    for _ in range(3):
        division.hear(a_request(windows=(a_window(MONDAY + 25 * HOUR, 360),)))
    assert len(division.sessions()) == 2
    (told,) = division.announced("request.waiting")
    assert "protected" in {reason["code"] for reason in told["reasons"]}
    division.hear(
        a_request(support_mode=COLLABORATION, windows=(a_window(MONDAY + 25 * HOUR, 360),))
    )
    assert len(division.sessions()) == 3
    with division.engine.begin() as connection:
        assert checker.differences(connection) == []


def test_protected_hours_are_for_the_named_modes_alone(database: Database) -> None:
    hours = (
        HoursSeed(iso_weekday=2, starts=time(8), ends=time(10), protected=True),
        HoursSeed(iso_weekday=2, starts=time(10), ends=time(12)),
    )
    division = Division(database).with_model(**HALF).with_coaches(a_coach("ana", hours=hours))
    division.hear(a_request(windows=(a_window(MONDAY + 25 * HOUR, 60),)))
    assert len(division.announced("request.waiting")) == 1
    division.hear(
        a_request(support_mode=COLLABORATION, windows=(a_window(MONDAY + 25 * HOUR, 60),))
    )
    (session,) = division.sessions()
    assert session.starts_at == MONDAY + 25 * HOUR
