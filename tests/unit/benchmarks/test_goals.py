"""Verdicts, turns and asks: what the goals table stands on."""

import random
import re
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import deploy
from services.request_intake.domain.remit import InRemit, decide
from tests.benchmarks import peers
from tests.benchmarks.__main__ import BENCHMARKS, main
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


def test_every_goal_is_measured_by_exactly_one_benchmark() -> None:
    measured = [goal for benchmark in BENCHMARKS for goal in benchmark.goals]
    assert len(measured) == len(set(measured))
    assert set(measured) == set(ALL_GOALS)


def test_what_stands_beside_other_products_is_run_only_where_they_are(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(peers, "INSTALLED", tmp_path)
    with pytest.raises(SystemExit, match="make bench-peers"):
        main(["--peers"])


def test_no_lock_of_the_product_names_what_it_is_measured_beside() -> None:
    locks = Path(deploy.__file__).parent / "requirements"
    asked_for = re.findall(r"^([a-z-]+)", (locks / "peers.in").read_text(), re.MULTILINE)
    assert "django" in asked_for
    for lock in ("runtime.txt", "development.txt"):
        names = set(re.findall(r"^([a-z0-9-]+)==", (locks / lock).read_text(), re.MULTILINE))
        assert {name for name in names if name.startswith("django")} == set()


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
