"""Weeks that hold less: lighter in one tap, slow for who is new; and protected time's grants by name."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from services.scheduler.adapters import checker
from services.scheduler.domain.appointment import AppointedCoach, Offer
from services.scheduler.domain.week_caps import (
    CapWhy,
    GrantedUse,
    GrantWrong,
    WeekAhead,
    WeekCap,
)
from services.scheduler.handlers.week_caps import GrantRefused, GrantTaken
from shared.identity import new_id
from tests.integration.scheduler.test_protected_time import HALF
from tests.support.postgres import Database
from tests.support.scheduler.builders import (
    MONDAY,
    OFFERS,
    Division,
    a_coach,
    a_request,
    a_window,
    an_id,
)

HOUR = timedelta(hours=1)
ANA, OFFICE = an_id("ana"), an_id("office")
THIS_WEEK, NEXT_WEEK = date(2026, 11, 23), date(2026, 11, 30)
HERS = frozenset(Offer(coach_type=kind, support_mode=mode) for kind, mode in OFFERS)
# Next week, all of its days.
THEN = tuple(a_window(MONDAY + (7 * 24 + 1 + 24 * day) * HOUR, 420) for day in range(5))
# Tomorrow and behind.
NOW = tuple(a_window(MONDAY + (25 + 24 * day) * HOUR, 420) for day in range(3))


@pytest.fixture
def division(database: Database) -> Division:
    return Division(database).with_model().with_coaches(a_coach("ana", weekly_minutes=120))


def weeks(division: Division) -> Sequence[WeekAhead]:
    found = division.application.own_times.of(ANA)
    assert found
    return found.weeks


def ask(division: Division, times: int, windows: Any) -> None:
    for _ in range(times):
        division.hear(a_request(windows=windows))


def sound(division: Division) -> bool:
    with division.engine.begin() as connection:
        return checker.differences(connection) == []


def test_one_tap_lightens_next_week_and_it_takes_half(division: Division) -> None:
    cap = division.application.own_times.lighten(ANA)
    assert cap == WeekCap(week=NEXT_WEEK, why=CapWhy.LIGHTER, minutes=60)
    ask(division, 3, THEN)
    assert len(division.sessions()) == 2
    assert [week.cap for week in weeks(division)[:3]] == [120, 60, 120]
    assert sound(division)


def test_it_never_takes_off_what_is_booked(division: Division) -> None:
    ask(division, 4, THEN)
    division.application.own_times.lighten(ANA)
    division.drain()
    assert len(division.sessions("state = 'scheduled'")) == 4
    assert weeks(division)[1].booked == 120
    assert sound(division)


def test_a_second_tap_changes_nothing(division: Division) -> None:
    first = division.application.own_times.lighten(ANA)
    assert division.application.own_times.lighten(ANA) == first


def test_taken_back_the_week_is_offered_to_who_waits(division: Division) -> None:
    division.application.own_times.lighten(ANA)
    ask(division, 3, THEN)
    assert division.application.own_times.unlighten(ANA)
    division.drain()
    assert len(division.sessions("state = 'held'")) == 1
    assert not division.application.own_times.unlighten(ANA)
    assert sound(division)


def test_a_week_that_is_lighter_already_stays_so_when_the_next_is_taken_back(
    division: Division,
) -> None:
    division.application.own_times.lighten(ANA)
    division.now += timedelta(days=7)
    assert not division.application.own_times.unlighten(ANA)
    division.application.own_times.lighten(ANA)
    assert division.application.own_times.unlighten(ANA)
    assert [week.cap for week in weeks(division)[:2]] == [60, 120]


def test_who_is_no_coach_lightens_nothing(division: Division) -> None:
    assert division.application.own_times.lighten(OFFICE) is None


def appoint(division: Division) -> None:
    answer = division.application.appoint(OFFICE, ANA, HERS, seen=frozenset())
    assert isinstance(answer, AppointedCoach)


def a_new_coach(database: Database, **settings: Any) -> Division:
    coach = a_coach("ana", weekly_minutes=120, offers=())
    return Division(database, **settings).with_model().with_coaches(coach)


def test_who_is_newly_appointed_begins_slowly(database: Database) -> None:
    division = a_new_coach(database)
    appoint(division)
    assert [week.cap for week in weeks(division)[:4]] == [30, 60, 90, 120]
    ask(division, 2, NOW)
    assert len(division.sessions()) == 1
    assert sound(division)


def test_an_admin_ends_a_slow_start_and_who_waits_is_offered_the_time(database: Database) -> None:
    division = a_new_coach(database)
    appoint(division)
    ask(division, 2, NOW)
    assert division.application.own_times.end_ramp_up(OFFICE, ANA)
    division.drain()
    assert len(division.sessions("state = 'held'")) == 1
    assert {week.cap for week in weeks(division)} == {120}
    assert not division.application.own_times.end_ramp_up(OFFICE, ANA)


def test_nobody_begins_slowly_twice_or_where_it_is_switched_off(database: Database) -> None:
    division = a_new_coach(database)
    appoint(division)
    division.application.own_times.end_ramp_up(OFFICE, ANA)
    ask(division, 1, NOW)
    division.database.sql("UPDATE scheduler.session SET state = 'completed' RETURNING 1")
    division.application.appoint(OFFICE, ANA, frozenset(), seen=HERS)
    appoint(division)
    assert {week.cap for week in weeks(division)} == {120}


def test_with_no_weeks_there_is_no_slow_start(database: Database) -> None:
    division = a_new_coach(database, ramp_weeks=0)
    appoint(division)
    assert {week.cap for week in weeks(division)} == {120}


@pytest.fixture
def guarded(database: Database) -> Division:
    """Half of Ana's two hours a week is protected."""
    return Division(database).with_model(**HALF).with_coaches(a_coach("ana", weekly_minutes=120))


def grant(division: Division, **other: Any) -> Any:
    values = {
        "id": new_id(),
        "week": THIS_WEEK,
        "minutes": 30,
        "granted_by": OFFICE,
        "reason": "The last week of term",
        **other,
    }
    return division.application.own_times.grant(ANA, GrantedUse(**values))


def test_a_grant_lets_who_waits_use_so_much_protected_time(guarded: Division) -> None:
    ask(guarded, 3, NOW)
    assert len(guarded.sessions()) == 2
    answer = grant(guarded)
    guarded.drain()
    assert isinstance(answer, GrantedUse)
    assert len(guarded.sessions("state = 'held'")) == 1
    assert weeks(guarded)[0].protected == 30
    ask(guarded, 1, NOW)
    assert len(guarded.sessions()) == 3
    assert sound(guarded)


def test_it_is_shown_with_who_granted_it_and_why_and_audited(guarded: Division) -> None:
    answer = grant(guarded)
    found = guarded.application.own_times.of(ANA)
    assert found
    (shown,) = found.grants
    assert (shown.id, shown.granted_by, shown.reason) == (answer.id, OFFICE, answer.reason)
    audit = guarded.database.sql(
        "SELECT actor FROM access.audit_entry WHERE action = 'coach.protected_time_granted'"
    )
    assert [row.actor for row in audit] == [str(OFFICE)]


def test_sent_twice_it_holds_once_and_an_identifier_is_one_coachs(guarded: Division) -> None:
    answer = grant(guarded)
    assert grant(guarded, id=answer.id) == answer
    assert weeks(guarded)[0].protected == 30
    guarded.with_coaches(a_coach("bea", weekly_minutes=120))
    again = guarded.application.own_times.grant(an_id("bea"), answer)
    assert again == GrantTaken()


@pytest.mark.parametrize(
    ("wrong", "changes"),
    [
        (GrantWrong.NO_WEEK, {"week": date(2026, 11, 16)}),
        (GrantWrong.NO_WEEK, {"week": date(2027, 11, 1)}),
        (GrantWrong.MINUTES, {"minutes": 65}),
        (GrantWrong.MINUTES, {"minutes": 0}),
        (GrantWrong.REASON, {"reason": " x "}),
    ],
)
def test_what_can_not_be_granted_is_refused(
    guarded: Division, wrong: GrantWrong, changes: dict[str, Any]
) -> None:
    answer = grant(guarded, **changes)
    assert isinstance(answer, GrantRefused)
    assert answer.wrong is wrong


def test_where_nothing_is_protected_nothing_is_granted(division: Division) -> None:
    assert grant(division) == GrantRefused(wrong=GrantWrong.NOTHING_KEPT)
