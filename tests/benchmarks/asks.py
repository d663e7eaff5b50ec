"""Asks as a city's teachers send them: every school, every topic in remit, some with times, some without."""

import json
import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson

import deploy
from services.request_intake.domain.coaching_model import CoachingModel, Topic
from services.request_intake.domain.model_document import read
from shared.access.tokens import PREFIX, hash_of
from shared.clock import utc_now
from shared.identity import new_id
from tests.benchmarks.stack import Stack
from tests.support.load import post

PATH = "/api/intake/v1/requests"
ACCEPTED = 202
_MODEL = Path(deploy.__file__).parent / "starter" / "coaching_model.json"
_SEED = 11
_SHARE_ANY_TIME = 0.35
_SHARE_USUAL_MODE = 0.5
_SHARE_ONLINE = 0.25
_SCHOOL_DAYS_AHEAD = 24
_HALF_DAYS = ((time(8, 30), time(12, 0)), (time(12, 30), time(15, 30)))
_FRIDAY = 5
_MINT = """
INSERT INTO access.token (id, secret_hash, actor_id, role, label, expires_at)
SELECT id, secret_hash, actor_id, 'teacher', 'bench', now() + interval '1 day'
FROM unnest(%(ids)s::uuid[], %(hashes)s::bytea[], %(actors)s::uuid[]) AS t (id, secret_hash, actor_id)
"""


def mint(stack: Stack) -> list[str]:
    """A token for each teacher of the city."""
    teachers: list[UUID] = [
        row["id"]
        for row in stack.sql(
            "SELECT id FROM request_intake.person WHERE role = 'teacher' ORDER BY id"
        )
    ]
    tokens = [PREFIX + secrets.token_urlsafe(32) for _ in teachers]
    stack.sql(
        _MINT,
        ids=[new_id() for _ in teachers],
        hashes=[hash_of(token) for token in tokens],
        actors=teachers,
    )
    return tokens


@dataclass
class Askers:
    """The city's teachers with their tokens, asking in turn."""

    tokens: Sequence[str]

    def __post_init__(self) -> None:
        self._draw = random.Random(_SEED)  # noqa: S311  -- invented asks, the same each time
        self._model = starter_model()
        self._order: list[str] = []

    def asks(self, count: int) -> list[bytes]:
        """So many POSTs, ready to send: everybody asks once before anybody asks again."""
        return [post(PATH, orjson.dumps(body), headers) for body, headers in self._drawn(count)]

    def bodies(self, count: int) -> list[bytes]:
        """The bodies alone."""
        return [orjson.dumps(body) for body, _ in self._drawn(count)]

    def _drawn(self, count: int) -> list[tuple[dict[str, Any], dict[str, str]]]:
        days = _school_days(self._model)
        return [
            (
                ask(self._model, days, self._draw),
                {"Authorization": f"Bearer {self._next()}", "Idempotency-Key": str(new_id())},
            )
            for _ in range(count)
        ]

    def _next(self) -> str:
        if not self._order:
            self._order = self._draw.sample(self.tokens, len(self.tokens))
        return self._order.pop()


def starter_model() -> CoachingModel:
    """The model that the demo division publishes."""
    return read(json.loads(_MODEL.read_text(encoding="utf-8")))


def ask(model: CoachingModel, days: Sequence[datetime], draw: random.Random) -> dict[str, Any]:
    """One ask in remit, in the words of the model's own examples."""
    topic: Topic = draw.choice(model.topics)
    mode = topic.modes[0] if draw.random() < _SHARE_USUAL_MODE else draw.choice(topic.modes)
    body: dict[str, Any] = {"words": draw.choice(topic.examples), "topic": topic.key}
    if mode != topic.modes[0]:
        body["support_mode"] = mode
    if model.mode_of[mode].online_ok and draw.random() < _SHARE_ONLINE:
        body["meeting"] = "online"
    if draw.random() >= _SHARE_ANY_TIME:
        body["windows"] = [_window(day, draw) for day in draw.sample(days, draw.randint(2, 4))]
    return body


def _window(day: datetime, draw: random.Random) -> dict[str, str]:
    starts, ends = draw.choice(_HALF_DAYS)
    return {
        "starts_at": datetime.combine(day.date(), starts, day.tzinfo).isoformat(),
        "ends_at": datetime.combine(day.date(), ends, day.tzinfo).isoformat(),
    }


def _school_days(model: CoachingModel) -> list[datetime]:
    today = utc_now().astimezone(ZoneInfo(model.division.zone))
    ahead = (today + timedelta(days=step) for step in range(1, 2 * _SCHOOL_DAYS_AHEAD))
    return [day for day in ahead if day.weekday() < _FRIDAY][:_SCHOOL_DAYS_AHEAD]
