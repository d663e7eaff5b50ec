"""Coaches brought in again, changed; and past sessions, under the same promises."""

from datetime import date, time

import pytest
from psycopg.errors import ForeignKeyViolation

from services.scheduler.adapters import checker
from tests.support.scheduler.builders import (
    CONSULTATION,
    LITERACY,
    Division,
    HoursSeed,
    a_coach,
    a_request,
    an_id,
    off,
)


def test_a_coach_brought_in_again_is_as_given_now(division: Division) -> None:
    oak = an_id("oak")
    division.with_coaches(
        a_coach(
            "ana",
            offers=((LITERACY, CONSULTATION),),
            school_ids=(oak,),
            hours=(HoursSeed(iso_weekday=2, starts=time(9), ends=time(10)),),
            exceptions=(off(date(2026, 12, 1)),),
            sessions_per_day=2,
        )
    )
    sql = division.database.sql
    assert [row.school_id for row in sql("SELECT * FROM scheduler.coach_school")] == [oak]
    assert len(sql("SELECT * FROM scheduler.coach_offer")) == 1
    assert len(sql("SELECT * FROM scheduler.weekly_hours")) == 1
    opened = sql(
        "SELECT week, length(replace(CAST(open AS text), '0', '')) AS slots"
        " FROM scheduler.coach_week ORDER BY week"
    )
    assert [row.slots for row in opened] == [12, 0, *(12,) * 12]
    with division.engine.begin() as connection:
        assert checker.differences(connection) == []


def test_an_offer_that_a_session_needs_can_not_be_brought_away(division: Division) -> None:
    division.hear(a_request())
    with pytest.raises(ForeignKeyViolation, match="session_offer_fkey"):
        division.with_coaches(a_coach("ana", offers=()))


def test_a_new_coach_is_offered_at_once(division: Division) -> None:
    division.hear(*(a_request() for _ in range(3)))
    division.with_coaches(a_coach("bo"))
    division.hear(*(a_request() for _ in range(3)))
    assert an_id("bo") in {session.coach_id for session in division.sessions()}
