"""`remit migrate`: bring every schema of a database up to date, as its owner."""

import os

import click
from sqlalchemy import NullPool, create_engine

from deploy.processes.config import AdministratorSettings, OwnerSettings
from deploy.stack.histories import HISTORIES
from shared.database.engine import driver_url
from shared.database.migrate import upgrade_all
from shared.database.roles import ensure_extensions, ensure_roles
from shared.settings import SettingsError, load


@click.command()
@click.option(
    "--roles", is_flag=True, help="Create roles and extensions, as the administrator, no more."
)
def command(roles: bool) -> None:
    """Bring every schema up to date, as REMIT_OWNER_DATABASE_URL.

    On a new managed database say --roles first, once, with REMIT_ADMINISTRATOR_DATABASE_URL. `remit up`
    does all this by itself for the database it starts.
    """
    try:
        if roles:
            _create_roles(load(AdministratorSettings, os.environ).administrator_database_url)
            click.echo("Roles and extensions are there: give remit_owner and remit_app passwords.")
            return
        settings = load(OwnerSettings, os.environ)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    upgrade_all(settings.owner_database_url, HISTORIES)
    click.echo("Every schema is up to date.")


def _create_roles(administrator_url: str) -> None:
    engine = create_engine(driver_url(administrator_url), poolclass=NullPool)
    with engine.begin() as connection:
        ensure_roles(connection)
        ensure_extensions(connection)
