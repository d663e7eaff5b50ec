"""`remit logs`: what the stack's processes wrote, one after the other or as it comes."""

import time
from collections.abc import Iterator
from pathlib import Path

import click

from deploy.cli import data_option
from deploy.cli.exits import NoStackAnswers
from deploy.stack.layout import Layout

_LAST_LINES = 40


@click.command()
@data_option
@click.argument("process", required=False)
@click.option("--follow", "-f", is_flag=True, help="Go on until Ctrl-C.")
@click.option("--lines", "-n", default=_LAST_LINES, show_default=True, help="How many of the last.")
def command(data: Path, process: str | None, follow: bool, lines: int) -> None:
    """Show the last lines of every process's log, or of PROCESS alone.

    Exit codes: 0 shown; 2 usage, such as an unknown process; 3 no stack has run here.
    """
    folder = Layout.of(data).logs
    known = {path.stem: path for path in sorted(folder.glob("*.log"))}
    if not known:
        raise NoStackAnswers(f"There are no logs in {folder}. No stack has run there.")
    if process and process not in known:
        raise click.UsageError(f"There is no process {process!r}. There are: {', '.join(known)}")
    chosen = {process: known[process]} if process else known
    for name, path in chosen.items():
        written = path.read_text(errors="replace").splitlines()
        if not written:
            click.echo(f"{name} has written nothing yet.", err=True)
        for line in written[-lines:]:
            _show(name, line)
    if follow:
        for name, line in _new_lines(chosen):
            _show(name, line)


def _show(name: str, line: str) -> None:
    click.echo(f"{name:>11} | {line}")


def _new_lines(chosen: dict[str, Path]) -> Iterator[tuple[str, str]]:
    """Whole lines as they are written; a log that was rotated is read anew."""
    seen = {name: path.stat().st_size for name, path in chosen.items()}
    while True:
        for name, path in chosen.items():
            size = path.stat().st_size if path.exists() else 0
            if size < seen[name]:
                seen[name] = 0
            if size > seen[name]:
                with path.open("rb") as file:
                    file.seek(seen[name])
                    fresh = file.read()
                whole = fresh[: fresh.rfind(b"\n") + 1]
                seen[name] += len(whole)
                yield from ((name, line) for line in whole.decode(errors="replace").splitlines())
        time.sleep(0.2)
