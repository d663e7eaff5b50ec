"""The console script `remit`: a group that imports a command only when it is called."""

import importlib
from importlib.util import find_spec
from pathlib import Path

import click

from deploy.stack.address import DEFAULT_DATA

_COMMANDS = {
    "up": "Bring up the whole stack and keep it running.",
    "status": "Show each part of the running stack and the figures of the bus.",
    "doctor": "Check each part, say what is wrong and what to do.",
    "logs": "Show the logs of the stack's processes.",
    "ask": "Ask for coaching as a teacher and follow the request.",
    "why": "Say why a request got its coach and time, or why it waits.",
    "demo": "Load a demo division.",
    "need": "Measure how teachers' words are read.",
    "model": "Export, check, compare and import the coaching model as a pack.",
    "person": "Add people, end and renew their access.",
    "token": "Issue, list and revoke API tokens.",
    "bus": "Look after what the bus could not deliver.",
    "check": "Compare what is kept with what it is derived from.",
    "migrate": "Bring the database's schemas up to date.",
    "settings": "List every setting.",
}

data_option = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=DEFAULT_DATA,
    show_default=True,
    help="The data folder that names the stack.",
)


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  -- click's own
        return [name for name in _COMMANDS if find_spec(f"{__name__}.{name}")]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = importlib.import_module(f"{__name__}.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, _COMMANDS[name]) for name in self.list_commands(ctx)]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Remit: a school division's front door to coaching."""
