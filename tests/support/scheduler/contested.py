"""Coaches whom everybody wants in the same week: so many places, and asks that prefer the early days."""

import random
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.scheduler.adapters.bulk_load import CoachSeed, HoursSeed
from services.scheduler.domain.local_week import instant_of, monday_of
from shared.events import RequestSubmitted
from shared.events.vocabulary import School, Window
from tests.support.scheduler.builders import ZONE, a_coach, a_request, an_id

DAYS = 5
_PLACES_AN_HOUR = 2  # a consultation takes half an hour
_OPENS, _CLOSES = time(8), time(18)


def contested_coaches(count: int, hours_a_day: int) -> list[CoachSeed]:
    """Each alone at her school, with a few hours on each school day and no cap that is met before them."""
    ends = time(_OPENS.hour + hours_a_day)
    places = hours_a_day * _PLACES_AN_HOUR
    return [
        a_coach(
            f"coach {number}",
            school_ids=(_school(number).id,),
            hours=[
                HoursSeed(iso_weekday=day, starts=_OPENS, ends=ends) for day in range(1, DAYS + 1)
            ],
            sessions_per_day=places,
            weekly_minutes=places * DAYS * 30,
        )
        for number in range(count)
    ]


def contested_asks(
    draw: random.Random, coaches: int, count: int, now: datetime
) -> list[RequestSubmitted]:
    """For one of the coaches each, at any time of next week."""
    week = _next_week(now)
    return [
        a_request(school=_school(draw.randrange(coaches)), windows=week, submitted_at=now)
        for _ in range(count)
    ]


def _school(number: int) -> School:
    return School(id=an_id(f"school {number}"), name=f"School {number}")


def _next_week(now: datetime) -> tuple[Window, ...]:
    zone = ZoneInfo(ZONE)
    monday = monday_of(now, zone) + timedelta(days=7)
    days = (monday + timedelta(days=step) for step in range(DAYS))
    return tuple(
        Window(starts_at=instant_of(day, _OPENS, zone), ends_at=instant_of(day, _CLOSES, zone))
        for day in days
    )
