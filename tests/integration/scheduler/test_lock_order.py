"""Whoever takes a coach's row has the planners' turn: no tap of hers runs into a plan that is being written."""

from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from services.scheduler.adapters import hours_store
from services.scheduler.adapters.own_times import SqlOwnTimes
from services.scheduler.domain.availability import WeeklyHours
from services.scheduler.domain.week_caps import GrantedUse, WeekCap
from services.scheduler.handlers.covering import CoverNoted
from services.scheduler.handlers.own_time import Change, TimeKept
from services.scheduler.handlers.week_caps import GrantRefused
from shared.access import audit
from shared.database.transaction import transaction
from shared.events import SchoolKept
from shared.identity import new_id
from tests.support.scheduler.builders import (
    LARCH,
    MONDAY,
    Division,
    a_model,
    an_id,
    insert_session,
)

HOUR = timedelta(hours=1)
ANA = an_id("ana")
NEXT_WEEK = "[2026-12-01 16:00+00,2026-12-01 16:30+00)"
AT_NINE = tuple(WeeklyHours(on=day, starts=time(8), ends=time(9)) for day in range(1, 6))


def lightens(division: Division) -> Any:
    return division.application.own_times.lighten(ANA)


def gets_it_back(division: Division) -> Any:
    return division.application.own_times.unlighten(ANA)


def begins_no_more(division: Division) -> Any:
    return division.application.own_times.end_ramp_up(ANA, ANA)


def is_granted(division: Division) -> Any:
    grant = GrantedUse(
        id=new_id(), week=date(2026, 11, 30), minutes=30, granted_by=ANA, reason="Exams"
    )
    return division.application.own_times.grant(ANA, grant)


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (lightens, WeekCap),
        (gets_it_back, bool),
        (begins_no_more, bool),
        (is_granted, GrantRefused),
    ],
    ids=lambda one: one.__name__,
)
def test_what_is_set_of_her_weeks_waits_for_a_plan_that_books_her(
    division: Division, step: Any, expected: type
) -> None:
    """The plan has audited something already: others audit behind it, and so may hold nothing it needs."""
    with ThreadPoolExecutor(1) as pool:
        with transaction(division.engine, "system:test") as connection:
            division.application.works.at(connection).take_turn()
            audit.record(connection, "coach.away_noted", an_id("bea"))
            tapped = pool.submit(step, division)
            assert not wait([tapped], 0.5).done
            insert_session(connection, during=NEXT_WEEK)
        assert isinstance(tapped.result(), expected)


def test_a_model_waits_for_its_turn_before_it_changes_what_coaches_may_do(
    division: Division,
) -> None:
    with ThreadPoolExecutor(1) as pool:
        with transaction(division.engine, "system:test") as connection:
            division.application.works.at(connection).take_turn()
            published = pool.submit(division.hear, a_model(2))
            assert not wait([published], 0.5).done
        published.result()
    assert set(division.delivery_states()) == {"done"}


def test_a_cover_that_is_taken_back_opens_no_hours_that_she_gave_up_meanwhile(
    division: Division, monkeypatch: pytest.MonkeyPatch
) -> None:
    division.hear(SchoolKept(version=1, school_id=LARCH.id, key="larch", school_name=LARCH.name))
    application = division.application
    noted = application.covering.cover(ANA, MONDAY + 3 * HOUR, MONDAY + 4 * HOUR)
    assert isinstance(noted, CoverNoted)
    seen = application.own_times.of(ANA)
    assert seen
    change = Change(coach_id=ANA, seen=seen.kept.revision)
    own = replace(seen.kept.own, hours=AT_NINE)
    store, changes = hours_store.store, list[Future[Any]]()
    with ThreadPoolExecutor(1) as pool:

        def meanwhile(*given: Any) -> None:
            """Between what she is open by, as it was read, and its writing."""
            if not changes:
                changes.append(pool.submit(application.own_times.change, ANA, change, own))
                wait(changes, 0.5)
            store(*given)

        monkeypatch.setattr(hours_store, "store", meanwhile)
        assert application.covering.take_back(ANA, noted.entry.id)
        assert isinstance(changes[0].result(), TimeKept)
    assert open_now(division) == as_her_hours_say(division)


def open_now(division: Division) -> list[Any]:
    return list(division.database.sql("SELECT week, open FROM scheduler.coach_week ORDER BY week"))


def as_her_hours_say(division: Division) -> list[Any]:
    opened = division.application.works.offering.opened
    with transaction(division.engine, "system:test") as connection:
        SqlOwnTimes(connection, division.now, opened)._open_anew(ANA)
    return open_now(division)
