"""A coach's time goes: she covers a class, or leaves. Whom she misses is asked first, and nothing is lost."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from services.scheduler.adapters import checker
from services.scheduler.domain.covering import NotCovered
from services.scheduler.handlers.answering import Answered
from services.scheduler.handlers.covering import CoverNoted, Replanned
from tests.support.postgres import Database
from tests.support.scheduler.builders import (
    MONDAY,
    Division,
    a_coach,
    a_request,
    a_window,
    an_id,
)

HOUR = timedelta(hours=1)
ANA, BEA = an_id("ana"), an_id("bea")
AFTERNOON = (MONDAY + 5 * HOUR, MONDAY + 9 * HOUR)  # noon to the end of her day


@pytest.fixture
def booked(division: Division) -> Division:
    """Ana has two meetings this afternoon and one tomorrow."""
    division.with_model().with_coaches(a_coach("ana"))
    noon = MONDAY + 5 * HOUR
    for window in (
        a_window(noon, 30),
        a_window(noon + HOUR, 30),
        a_window(noon + 24 * HOUR, 30),
    ):
        division.hear(a_request(windows=(window,)))
    assert len(division.sessions()) == 3
    return division


def held(division: Division) -> Sequence[Any]:
    return division.sessions("state = 'held'")


def test_a_cover_call_releases_what_she_misses_and_nothing_else(booked: Division) -> None:
    booked.database.sql("UPDATE scheduler.request SET windows = '[]' RETURNING 1")
    answer = booked.application.covering.cover(ANA, *AFTERNOON)
    assert isinstance(answer, CoverNoted)
    assert answer.replanned == Replanned(released=2, held=2)
    assert len(booked.sessions("state = 'scheduled'")) == 1
    assert all(
        not (AFTERNOON[0] < session.starts_at + HOUR / 2 and session.starts_at < AFTERNOON[1])
        for session in held(booked)
    )
    told = booked.announced("session.released")
    assert [event["because"] for event in told] == ["cover", "cover"]
    (entry,) = booked.application.covering.covered(ANA)
    assert entry.minutes == 240
    with booked.engine.begin() as connection:
        assert checker.differences(connection) == []


def test_whom_she_misses_is_offered_before_who_waits(booked: Division) -> None:
    """One free half hour is left this week: it goes to her whose time fell away, not to the others."""
    only = a_window(MONDAY + 2 * HOUR, 30)
    waiting = a_request(
        windows=(a_window(MONDAY + 5 * HOUR, 30),), submitted_at=MONDAY - timedelta(days=9)
    )
    booked.hear(waiting)
    booked.database.sql(
        "UPDATE scheduler.request SET windows = CAST(:only AS jsonb) RETURNING 1",
        only=f'[["{only.starts_at.isoformat()}", "{only.ends_at.isoformat()}", null]]',
    )
    booked.application.covering.cover(ANA, *AFTERNOON)
    booked.drain()
    (offer,) = held(booked)
    assert offer.request_id != waiting.request_id
    assert offer.starts_at == only.starts_at


def test_nobody_is_booked_into_a_class_that_she_covers(booked: Division) -> None:
    booked.application.covering.cover(ANA, *AFTERNOON)
    booked.drain()
    request = a_request(windows=(a_window(MONDAY + 6.5 * HOUR, 60),))
    booked.hear(request)
    assert not booked.sessions(f"request_id = '{request.request_id}'")


def test_a_cover_that_was_not_needed_gives_the_time_back(booked: Division) -> None:
    booked.application.covering.cover(ANA, *AFTERNOON)
    (entry,) = booked.application.covering.covered(ANA)
    request = a_request(windows=(a_window(MONDAY + 7 * HOUR, 60),))
    booked.hear(request)
    assert not booked.sessions(f"request_id = '{request.request_id}'")

    assert booked.application.covering.take_back(ANA, entry.id)
    booked.drain()

    assert booked.sessions(f"request_id = '{request.request_id}'")
    assert not booked.application.covering.covered(ANA)
    assert not booked.application.covering.take_back(ANA, entry.id)


def test_a_cover_that_ends_before_it_begins_is_refused(booked: Division) -> None:
    answer = booked.application.covering.cover(ANA, AFTERNOON[1], AFTERNOON[0])
    assert isinstance(answer, NotCovered)
    assert len(booked.sessions("state = 'scheduled'")) == 3


def test_a_coach_who_leaves_hands_over_with_each_teachers_yes(booked: Division) -> None:
    booked.with_coaches(a_coach("bea"))
    booked.database.sql("UPDATE scheduler.request SET windows = '[]' RETURNING 1")

    answer = booked.application.covering.leave(an_id("admin"), ANA, date(2026, 11, 22))

    assert answer == Replanned(released=3, held=3)
    offers = held(booked)
    assert {offer.coach_id for offer in offers} == {BEA}
    assert all(offer.held_until >= MONDAY + HOUR / 2 for offer in offers)  # time to answer
    told = booked.announced("session.released")
    assert {tuple(r["code"] for r in event["reasons"]) for event in told} == {
        ("coach_left", "other_coach")
    }
    offer = offers[0]
    assert booked.application.closing.take(offer.teacher_id, offer.id) == Answered(
        request_id=offer.request_id
    )
    booked.hear(a_request(windows=(a_window(MONDAY + 48 * HOUR, 120),)))
    scheduled = booked.sessions("state = 'scheduled'")
    assert {session.coach_id for session in scheduled} == {BEA}
    assert len(scheduled) == 2
    with booked.engine.begin() as connection:
        assert checker.differences(connection) == []


def test_a_coach_who_left_is_open_in_no_week_however_far_ahead_it_was_opened(
    database: Database,
) -> None:
    """Her hours were brought in for fourteen weeks; now times are offered two weeks ahead."""
    division = Division(database, horizon_weeks=2, cycle_weeks=0).with_model()
    division.with_coaches(a_coach("ana"))
    division.application.covering.leave(an_id("admin"), ANA, date(2026, 11, 25))
    open_weeks = "SELECT week FROM scheduler.coach_week WHERE open <> B'0'::bit(2028) ORDER BY 1"
    assert [row.week for row in database.sql(open_weeks)] == [date(2026, 11, 23)]
    with division.engine.begin() as connection:
        assert checker.differences(connection) == []


def test_nobody_leaves_who_is_no_coach(booked: Division) -> None:
    assert booked.application.covering.leave(an_id("admin"), an_id("x"), date(2026, 12, 1)) is None
