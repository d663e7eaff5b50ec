"""`remit up`: bring up the whole stack and keep it running."""

import os
from pathlib import Path

import click

from deploy.cli import data_option
from deploy.stack import launch
from deploy.stack.layout import FolderRefused
from deploy.stack.lock import AlreadyRunning
from deploy.stack.plan import PortTaken, Wishes
from deploy.stack.postgresql import InitialisationFailed

_REFUSALS = (
    AlreadyRunning,
    FolderRefused,
    InitialisationFailed,
    PermissionError,
    PortTaken,
    launch.StartFailed,
)


@click.command()
@data_option
@click.option("--demo", is_flag=True, help="Load the demo division; pages open with a persona.")
@click.option("--port", type=click.IntRange(1, 65_535), help="Web's port; 8300, or a free one.")
def command(data: Path, demo: bool, port: int | None) -> None:
    """Bring up the whole stack and keep it running until Ctrl-C.

    A part whose URL stands in the environment (REMIT_DATABASE_URL, REMIT_BROKER_URL,
    REMIT_SMTP_URL) is used where it is; all others are started here, in the data folder.
    """
    try:
        launch.run(Wishes(data=data, demo=demo, port=port), os.environ, click.echo)
    except _REFUSALS as refusal:
        raise click.ClickException(str(refusal)) from refusal
