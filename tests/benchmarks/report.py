"""The goals table, on the screen and as JSON, and beside it what else was measured."""

import json
import os
import platform
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.benchmarks.goals import AIM, ALL_GOALS, MUST, NOT_RUN, SHORT, Figure, Goal

_COLOURS = {AIM: "green", MUST: "yellow", SHORT: "bold red", NOT_RUN: "dim"}
_NAMED = ("flask", "granian", "gunicorn", "celery", "sqlalchemy", "psycopg", "redis")


@dataclass
class Report:
    """Figures as they come in. `beside` holds what explains them and has no bound of its own."""

    figures: dict[Goal, Figure] = field(default_factory=dict)
    beside: dict[str, str] = field(default_factory=dict)
    console: Console = field(default_factory=lambda: Console(width=140))

    def add(self, goal: Goal, value: float, reference: str = "") -> None:
        """A goal's figure."""
        figure = Figure(goal=goal, value=round(value, 2), reference=reference)
        self.figures[goal] = figure
        self.console.print(
            f"  goal {goal.goal} · {goal.what}: {figure.value:g} {goal.unit}"
            f" ({figure.verdict}) {reference}",
            highlight=False,
        )

    def note(self, what: str, value: str) -> None:
        """Something beside the goals."""
        self.beside[what] = value
        self.console.print(f"  {what}: {value}", highlight=False, style="dim")

    def not_run(self, goals: Iterable[Goal], reason: str) -> None:
        """Why these goals have no figure; never a verdict."""
        for goal in goals:
            if goal not in self.figures:
                self.figures[goal] = Figure(goal=goal, value=None, reference=reason)

    def in_order(self) -> list[Figure]:
        """All goals, in their order."""
        return [self.figures[goal] for goal in ALL_GOALS if goal in self.figures]

    def print(self) -> None:
        """The table."""
        table = Table("goal", "what", "value", "must", "aim", "verdict", "reference")
        for figure in self.in_order():
            goal, colour = figure.goal, _COLOURS[figure.verdict]
            value = "" if figure.value is None else f"{figure.value:g} {goal.unit}".strip()
            table.add_row(
                goal.goal,
                goal.what,
                value,
                goal.bound(goal.must),
                goal.bound(goal.aim),
                f"[{colour}]{figure.verdict}[/]",
                figure.reference,
            )
        self.console.print(table)

    def save(self, folder: Path, name: str) -> Path:
        """Write the list of goals, and beside it the rest; the path of the list."""
        folder.mkdir(exist_ok=True)
        goals = folder / f"{name}.json"
        _write(goals, [_as_object(figure) for figure in self.in_order()])
        _write(folder / f"{name}-beside.json", {"machine": machine(), "beside": self.beside})
        return goals


def machine() -> dict[str, Any]:
    """What it ran on."""
    return {
        "processors": os.cpu_count(),
        "load_before": os.getloadavg()[0],
        "system": platform.platform(),
        "python": platform.python_version(),
        **{name: version(name) for name in _NAMED},
    }


def _as_object(figure: Figure) -> dict[str, Any]:
    goal = figure.goal
    return {
        "goal": goal.goal,
        "what": goal.what,
        "value": figure.value,
        "unit": goal.unit,
        "reference": figure.reference,
        "must": goal.must,
        "aim": goal.aim,
        "verdict": figure.verdict,
    }


def _write(path: Path, what: Any) -> None:
    path.write_text(json.dumps(what, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
