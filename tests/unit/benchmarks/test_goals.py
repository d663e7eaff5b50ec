"""Verdicts, turns and asks: what the goals table stands on."""

import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.request_intake.domain.remit import InRemit, decide
from tests.benchmarks.asks import ask, starter_model
from tests.benchmarks.goals import (
    AIM,
    ALL_GOALS,
    BACKLOG,
    INTAKE_TAIL,
    LAST_TOLD,
    LOST,
    MUST,
    NOT_RUN,
    SHORT,
    Figure,
    Goal,
)
from tests.benchmarks.report import Report
from tests.benchmarks.turns import spread, turn_about


@pytest.mark.parametrize(
    ("goal", "value", "verdict"),
    [
        (BACKLOG, 75.0, AIM),
        (BACKLOG, 60.0, MUST),
        (BACKLOG, 49.9, SHORT),
        (INTAKE_TAIL, 2.0, AIM),
        (INTAKE_TAIL, 2.5, MUST),
        (INTAKE_TAIL, 3.1, SHORT),
        (LAST_TOLD, 240.0, MUST),
        (LAST_TOLD, 241.0, SHORT),
        (LOST, 0, AIM),
        (LOST, 1, SHORT),
    ],
)
def test_a_verdict_is_the_best_bound_that_is_kept(goal: Goal, value: float, verdict: str) -> None:
    assert goal.verdict(value) == verdict


def test_what_was_not_run_has_no_verdict() -> None:
    assert Figure(goal=LOST, value=None, reference="not chosen").verdict == NOT_RUN


def test_an_aim_is_never_easier_than_its_must() -> None:
    assert [
        goal.what
        for goal in ALL_GOALS
        if goal.aim is not None
        and (goal.aim < goal.must if goal.at_least else goal.aim > goal.must)
    ] == []


def test_what_was_measured_is_not_overwritten_by_what_was_not() -> None:
    report = Report()
    report.add(LOST, 0)
    report.not_run([LOST], "failed")
    assert [figure.verdict for figure in report.in_order()] == [AIM]


def test_contenders_take_turns() -> None:
    order: list[str] = []
    turn_about(2, {"a": lambda: order.append("a"), "b": lambda: order.append("b")})
    assert order == ["a", "b", "a", "b"]


def test_a_spread_names_median_lowest_and_highest() -> None:
    assert spread([3.0, 1.0, 2.0]) == "2 [1-3]"


def test_every_ask_of_the_benchmarks_is_in_remit() -> None:
    model, draw = starter_model(), random.Random(1)  # noqa: S311
    monday = datetime(2027, 1, 11, tzinfo=ZoneInfo(model.division.zone))
    days = [monday + timedelta(days=step) for step in range(5)]
    for _ in range(300):
        body = ask(model, days, draw)
        decision = decide(
            model, topic=body["topic"], support_mode=body.get("support_mode"), reading=None
        )
        assert isinstance(decision, InRemit)
