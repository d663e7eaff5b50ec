"""`remit need`: how teachers' words are read, and how well."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from deploy.demo.load import STARTER
from services.request_intake.adapters import packs
from services.request_intake.adapters.packs import PackFaultsError
from services.request_intake.adapters.reading import trained
from services.request_intake.domain.coaching_model import CoachingModel
from services.request_intake.domain.evaluation import Judged, Tally, by_kind, evaluate
from services.request_intake.domain.model_document import ModelFaults, read
from services.request_intake.entrypoints.evaluating import (
    BadAsksError,
    Evaluated,
    Miss,
    evaluate_across,
    evaluate_asks,
    labelled_asks,
    worst,
)

_COLUMNS = 4
Kind = tuple[str, Sequence[Judged]]

_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("need")
def command() -> None:
    """How teachers' words are read."""


@command.command("evaluate")
@click.argument("file", type=_file)
@click.option(
    "--model",
    type=_file,
    default=STARTER,
    help="A pack (.yaml) or a model's JSON; without it the starter's.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--folds",
    type=click.IntRange(min=2, max=20),
    help="Choose the thresholds anew for each of as many parts, on the others (cross-validation).",
)
@click.option("--worst", "most", type=click.IntRange(min=0), default=0, help="List so many misses.")
def evaluate_command(
    *, file: Path, model: Path, as_json: bool, folds: int | None, most: int
) -> None:
    """Measure the reading of the labelled asks in FILE, one JSON object a line; needs no stack."""
    found = _model(model)
    try:
        asks = labelled_asks(file)
    except BadAsksError as bad:
        raise click.ClickException(f"{file.name} can not be read:\n{bad}") from bad
    reader = trained(found)
    evaluated = evaluate_asks(found, reader, asks)
    if folds is not None:
        evaluated = replace(evaluated, judged=evaluate_across(found, reader, asks, folds))
    urgent = {topic.key for topic in found.out_of_remit if topic.urgent}
    if as_json:
        click.echo(json.dumps(_as_json(evaluated, urgent)))
    else:
        _print(evaluated, urgent)
        for miss in worst(reader, evaluated.judged, most):
            click.echo(_told(miss))


def _told(miss: Miss) -> str:
    """Its words stay in the file: the id leads to them."""
    got = "a question"
    if miss.answer.is_offer:
        got = f"offered {', '.join(miss.answer.topics[:3])}"
    elif miss.answer.is_decline:
        got = f"declined to {miss.answer.redirect}"
    return (
        f"{miss.ask.id} ({miss.ask.difficulty}): right is {miss.right}, with a share of"
        f" {miss.share:.0%}; {got}; likeliest {miss.likeliest}."
    )


def _model(file: Path) -> CoachingModel:
    """The model of a pack, or of the JSON that the product starts from."""
    try:
        if file.suffix in (".yaml", ".yml"):
            return read(packs.read(file.read_bytes()).document)
        return read(json.loads(file.read_bytes()))
    except PackFaultsError as faults:
        raise click.ClickException(f"{file.name} is no pack:\n{faults}") from faults
    except ValueError as error:
        raise click.ClickException(f"{file.name} is not JSON: {error}") from error
    except ModelFaults as faults:
        raise click.ClickException(f"{file.name} is no coaching model:\n{faults}") from faults


def _as_json(evaluated: Evaluated, urgent: set[str]) -> dict[str, Any]:
    tallies = evaluate(evaluated.judged, urgent)
    return {
        **{name: _value(name, tally) for name, tally in tallies.items()},
        "counts": {name: [tally.count, tally.of] for name, tally in tallies.items()},
        "by": {
            kind: {name: [tally.count, tally.of] for name, tally in evaluate(asks, urgent).items()}
            for kind, asks in by_kind(evaluated.judged)
        },
        "milliseconds": {"p50": _at(evaluated, 0.5), "p99": _at(evaluated, 0.99)},
    }


def _value(name: str, tally: Tally) -> float | int | None:
    return tally.count if name == "urgent_missed" else tally.share


def _at(evaluated: Evaluated, part: float) -> float:
    times = evaluated.milliseconds
    return round(times[min(len(times) - 1, int(part * len(times)))], 2)


def _print(evaluated: Evaluated, urgent: set[str]) -> None:
    console = Console()
    kinds = [("all", evaluated.judged), *by_kind(evaluated.judged)]
    for some in _some([kind for kind in kinds if kind[1]]):
        table = Table("measure", *(name for name, _ in some))
        tallies = [evaluate(asks, urgent) for _, asks in some]
        for name in tallies[0]:
            table.add_row(name, *(_cell(tally[name]) for tally in tallies))
        console.print(table)
    console.print(
        f"{len(evaluated.judged)} asks; a reading took {_at(evaluated, 0.5)} ms (p50),"
        f" {_at(evaluated, 0.99)} ms (p99)."
    )


def _some(kinds: list[Kind]) -> list[list[Kind]]:
    """As many at once as fit the width of a terminal."""
    return [kinds[i : i + _COLUMNS] for i in range(0, len(kinds), _COLUMNS)]


def _cell(tally: Tally) -> str:
    share = tally.share
    return "-" if share is None else f"{share:.0%} {tally.count}/{tally.of}"
