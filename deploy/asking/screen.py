"""Show an ask while it happens: a live table on a terminal, plain lines elsewhere, nothing for JSON."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from deploy.asking.ending import Ending
from deploy.asking.follow import Stage, Step
from deploy.asking.telling import Teller

_BROAD = 10


class Watcher(Protocol):
    """Is told of each stage as it is reached."""

    def __call__(self, step: Step) -> None:
        """A stage was reached."""


@contextmanager
def watching(console: Console, teller: Teller) -> Iterator[Watcher]:
    """A watcher that shows the stages on `console` while the block runs."""
    if not console.is_terminal:
        yield lambda step: console.print(_line(step, teller), soft_wrap=True)
        return
    steps: list[Step] = []
    with Live(_table(steps, teller), console=console, refresh_per_second=20) as live:

        def watch(step: Step) -> None:
            steps.append(step)
            live.update(_table(steps, teller), refresh=True)

        yield watch
        live.update(_table(steps, teller, over=True), refresh=True)


def show(console: Console, ending: Ending, teller: Teller) -> None:
    """Print how it ended."""
    console.print()
    console.print(Text(teller.headline(ending), style="bold"), soft_wrap=True)
    for part in teller.parts(ending):
        for index, line in enumerate(part.lines):
            heading = part.heading if index == 0 else ""
            console.print(Text.assemble((f"{heading:<{_BROAD}}", "dim"), line), soft_wrap=True)


def _line(step: Step, teller: Teller) -> Text:
    return Text(f"{step.stage.value:<{_BROAD}}{step.milliseconds:>6} ms  {teller.step(step)}")


def _table(steps: list[Step], teller: Teller, *, over: bool = False) -> Table:
    table = Table.grid(padding=(0, 2))
    for step in steps:
        table.add_row(
            Text("✓", style="green"),
            step.stage.value,
            Text(f"{step.milliseconds:,} ms", style="dim", justify="right"),
            Text(teller.step(step)),
        )
    if not over and (coming := _next(steps)):
        table.add_row(Spinner("dots"), Text(coming.value, style="dim"), "", "")
    return table


def _next(steps: list[Step]) -> Stage | None:
    if not steps:
        return Stage.RECEIVED
    if steps[-1].stage is Stage.TOLD:
        return None
    skips_matching = steps[-1].standing.decision != "in_remit"
    order = [stage for stage in Stage if not (skips_matching and stage is Stage.MATCHED)]
    return order[order.index(steps[-1].stage) + 1]
