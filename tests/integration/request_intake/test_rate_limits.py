"""Limits are counted in Redis; a dead or frozen Redis never stops an ask, and costs nothing for long."""

import socket
import time
from uuid import uuid4

import pytest

from services.request_intake.entrypoints.rate_limits import Limits, RateLimiter
from shared.http.problems import ProblemError
from tests.support.postgres import Database
from tests.support.request_intake.division import REQUESTS, SmallDivision, an_ask_body

MANY = 1_000_000


def _limiter(url: str, **limits: int) -> RateLimiter:
    given = {"per_account": MANY, "per_address": MANY, "whole": MANY, **limits}
    return RateLimiter(url, Limits(**given), name=uuid4().hex)


@pytest.mark.parametrize(
    ("limit", "others_are_refused"),
    [("per_account", False), ("per_address", False), ("whole", True)],
)
def test_each_limit_refuses_with_a_time_to_wait(
    valkey: str, limit: str, others_are_refused: bool
) -> None:
    limiter = _limiter(valkey, **{limit: 2})
    for _ in range(2):
        limiter.check(account="maya", address="192.0.2.1")

    with pytest.raises(ProblemError) as refused:
        limiter.check(account="maya", address="192.0.2.1")

    assert refused.value.code == 429
    assert 1 <= int(refused.value.more_headers["Retry-After"]) <= 60
    if others_are_refused:
        with pytest.raises(ProblemError):
            limiter.check(account="noor", address="192.0.2.2")
    else:
        limiter.check(account="noor", address="192.0.2.2")


def test_a_limit_is_shared_by_processes_but_for_a_twentieth_in_each(valkey: str) -> None:
    name = uuid4().hex
    limits = Limits(per_account=100, per_address=MANY, whole=MANY)
    processes = [RateLimiter(valkey, limits, name=name) for _ in range(2)]

    def passes(limiter: RateLimiter) -> bool:
        try:
            limiter.check(account="maya", address="192.0.2.1")
        except ProblemError:
            return False
        return True

    passed = sum(passes(processes[turn % 2]) for turn in range(400))

    assert 100 <= passed <= 110
    assert not any(passes(limiter) for limiter in processes)


def test_a_dead_redis_allows_everything() -> None:
    limiter = _limiter("redis://127.0.0.1:1/0", whole=1)
    for _ in range(5):
        limiter.check(account="maya", address=None)


def test_a_frozen_redis_costs_its_patience_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as frozen:
        limiter = _limiter(f"redis://127.0.0.1:{frozen.getsockname()[1]}/0", whole=1)
        started = time.monotonic()
        limiter.check(account="maya", address=None)
        first = time.monotonic() - started

        started = time.monotonic()
        for _ in range(1_000):
            limiter.check(account="maya", address=None)
        rest = time.monotonic() - started

    assert first < 1
    assert rest < 0.5


def test_the_api_says_429_and_stores_nothing_more(database: Database, valkey: str) -> None:
    division = SmallDivision(database, broker_url=valkey, changes={"rate_per_account": 2})
    client = division.client()

    answers = [client.post(REQUESTS, json=an_ask_body()) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [202, 202, 429, 429]
    assert answers[2].json["type"] == "urn:remit:problem:too-many"
    assert division.counts()[0] == 2
    assert client.get(REQUESTS).status_code == 200
