"""`remit check`: compare what is kept with what it is derived from, and repair it if asked."""

import sys
from pathlib import Path

import click

from deploy.cli import data_option
from deploy.cli.exits import stack_on
from deploy.stack.address import StackAddress
from services.scheduler.adapters import checker
from services.scheduler.adapters.checker import Difference
from shared.database.engine import make_engine
from shared.database.transaction import transaction

_MOST_NAMED = 50


@click.group("check")
def command() -> None:
    """Compare what is kept with what it is derived from."""


@command.command("availability")
@click.option("--repair", is_flag=True, help="Count and expand everything anew where it differs.")
@data_option
def availability(*, repair: bool, data: Path) -> None:
    """Compare coaches' days and weeks with their hours and sessions; exit code 1 if they differ."""
    with stack_on(data) as address:
        found = _found(address, repair=repair)
    for difference in found[:_MOST_NAMED]:
        click.echo(str(difference))
    if len(found) > _MOST_NAMED:
        click.echo(f"… and {len(found) - _MOST_NAMED} more.")
    click.echo(_said(len(found), repaired=repair))
    sys.exit(1 if found and not repair else 0)


def _found(address: StackAddress, *, repair: bool) -> list[Difference]:
    engine = make_engine(address.database_url, role="remit_scheduler", pool_size=1)
    try:
        with transaction(engine, "system:scheduler") as connection:
            found = checker.differences(connection)
            if repair and found:
                checker.repair(connection)
            return found
    finally:
        engine.dispose()


def _said(count: int, *, repaired: bool) -> str:
    if not count:
        return "Every coach's days and weeks agree with her hours and sessions."
    if repaired:
        return f"{count} differences, repaired."
    return f"{count} differences. `remit check availability --repair` counts anew."
