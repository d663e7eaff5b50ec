"""Intake's things with sensible defaults: a test states only what matters to it."""

import json
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from services.request_intake.adapters.reading import trained
from services.request_intake.domain.coaching_model import CoachingModel
from services.request_intake.domain.model_document import read
from services.request_intake.domain.need import Reader
from services.request_intake.domain.remit import Decision, decide
from services.request_intake.domain.request import Ask, Asker, Judged, Request, received
from services.request_intake.ports import PublishedModel
from shared.events.vocabulary import Window
from tests.support.events import NOON, SCHOOL, TEACHER, an_id

STARTER = Path(__file__).resolve().parents[3] / "deploy/starter/coaching_model.json"


def starter_document() -> dict[str, Any]:
    """A fresh copy of the starter model's document."""
    document: dict[str, Any] = json.loads(STARTER.read_text("utf-8"))
    return document


@cache
def starter() -> CoachingModel:
    """The starter model."""
    return read(starter_document())


@cache
def starter_reader() -> Reader:
    """Its reader."""
    return trained(starter())


def published(version: int = 1) -> PublishedModel:
    """The starter model as a published version."""
    return PublishedModel(version=version, model=starter(), reader=starter_reader())


def an_asker(**changes: Any) -> Asker:
    """A teacher of Tamarack School, in room 12."""
    return replace(Asker(person=TEACHER, role="teacher", school=SCHOOL, room="12"), **changes)


def an_ask(**changes: Any) -> Ask:
    """An ask in remit."""
    return replace(
        Ask(words="Could we plan my unit on fractions?", topic="unit_planning"), **changes
    )


def a_window(days: float = 1, hours: float = 2) -> Window:
    """A stretch of time that begins in so many days."""
    starts_at = NOON + timedelta(days=days)
    return Window(starts_at=starts_at, ends_at=starts_at + timedelta(hours=hours))


def a_decision(topic: str | None = "unit_planning", words: str = "") -> Decision:
    """The starter model's decision on a topic, or on words."""
    reading = starter_reader().read(words) if topic is None else None
    decision = decide(starter(), topic=topic, support_mode=None, reading=reading)
    assert not hasattr(decision, "right")
    return decision


def a_request(number: int = 4, *, topic: str | None = "unit_planning", **changes: Any) -> Request:
    """A request of the teacher, decided by the starter model."""
    judged = Judged(school=SCHOOL, decision=a_decision(topic, "help"), model_version=1)
    request = received(an_id(number), an_asker(), an_ask(topic=topic), judged, NOON)
    return replace(request, **changes)
