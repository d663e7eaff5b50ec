"""`remit migrate`: bring every schema of a database up to date, as its owner."""

import os

import click

from deploy.processes.config import OwnerSettings
from deploy.stack.histories import HISTORIES
from shared.database.migrate import upgrade_all
from shared.settings import SettingsError, load


@click.command()
def command() -> None:
    """Bring every schema up to date. Reads REMIT_OWNER_DATABASE_URL and nothing else.

    `remit up` does this by itself for the database it starts.
    """
    try:
        settings = load(OwnerSettings, os.environ)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    upgrade_all(settings.owner_database_url, HISTORIES)
    click.echo("Every schema is up to date.")
