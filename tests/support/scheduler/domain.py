"""Builders of the scheduler's domain: a model, requests, diaries, without any database."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from services.scheduler.domain.diary import Coach, Diary, TeacherTime
from services.scheduler.domain.local_week import Horizon
from services.scheduler.domain.model import ModelTerms
from services.scheduler.domain.planning import Picture
from services.scheduler.domain.request import Request
from services.scheduler.domain.rules import Rules
from services.scheduler.domain.weights import Weights
from shared.events.vocabulary import Person
from shared.identity import new_id
from tests.support.scheduler.builders import (
    COMBINATIONS,
    CONSULTATION,
    LARCH,
    LITERACY,
    MODES,
    MONDAY,
    READING,
    TOPICS,
    TYPES,
    ZONE,
    a_person,
)

HORIZON = Horizon.of(MONDAY, 2, ZoneInfo(ZONE))
TERMS = ModelTerms(
    version=1,
    modes={mode.key: mode for mode in MODES},
    coach_types={coach_type.key: coach_type for coach_type in TYPES},
    topics={topic.key: topic for topic in TOPICS},
    combinations=frozenset(COMBINATIONS),
)


def hours(day: int, first: int, last: int) -> int:
    """The slots of wall hours on the day-th day of the horizon."""
    starts = HORIZON.starts_at + timedelta(days=day, hours=first)
    return HORIZON.within(starts, starts + timedelta(hours=last - first))


ALL_WEEK = hours(0, 8, 16) | hours(1, 8, 16) | hours(2, 8, 16) | hours(3, 8, 16) | hours(4, 8, 16)


def a_diary(word: object = "ana", *, free: int = ALL_WEEK, **other: Any) -> Diary:
    person = word if isinstance(word, Person) else a_person(word)
    of_coach: dict[str, Any] = {
        "online_address": "https://meet.example.org/ana",
        "sessions_per_day": 5,
        "weekly_minutes": 1200,
        "offers": frozenset((LITERACY, mode.key) for mode in MODES),
        "school_ids": frozenset({LARCH.id}),
        "home_base": None,
    }
    of_diary = {k: v for k, v in other.items() if k not in of_coach}
    of_coach |= {k: v for k, v in other.items() if k in of_coach}
    return Diary(coach=Coach(person=person, **of_coach), horizon=HORIZON, free=free, **of_diary)


def a_wish(**other: Any) -> Request:
    values: dict[str, Any] = {
        "id": new_id(),
        "waiting_since": MONDAY,
        "model_version": 1,
        "teacher": a_person("teacher"),
        "school": LARCH,
        "room": "Room 12",
        "topic": READING,
        "support_mode": CONSULTATION,
        "coach_types": (LITERACY,),
        "meeting": "in_person",
        "windows": (),
        **other,
    }
    return Request(**values)


def rules(now: datetime = MONDAY, weights: Weights | None = None) -> Rules:
    return Rules(
        horizon=HORIZON,
        not_before=HORIZON.within(now + timedelta(hours=1), HORIZON.ends_at),
        weights=weights or Weights(),
    )


def a_picture(
    diaries: Iterable[Diary],
    requests: Iterable[Request],
    met: dict[UUID, frozenset[UUID]] | None = None,
) -> Picture:
    return Picture(
        rules=rules(),
        diaries={diary.coach.person.id: diary for diary in diaries},
        teachers={
            request.teacher.id: TeacherTime(met=(met or {}).get(request.teacher.id, frozenset()))
            for request in requests
        },
    )
