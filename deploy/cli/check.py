"""`remit check`: compare what is kept with what it is derived from, and repair it if asked."""

import sys
from pathlib import Path

import click

from deploy import boundaries
from deploy.cli import data_option
from deploy.cli.exits import stack_on
from deploy.stack.address import StackAddress
from services.scheduler.adapters import checker
from services.scheduler.adapters.checker import Difference
from shared.access import audit
from shared.access.audit import Head
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


@command.command("boundaries")
@data_option
def boundaries_command(*, data: Path) -> None:
    """Prove every session against the model version it was made under; exit code 1 names what is outside."""
    with stack_on(data) as address:
        proof = boundaries.prove(address.database_url)
    for fault in proof.named:
        click.echo(fault)
    if proof.outside > len(proof.named):
        click.echo(f"… and {proof.outside - len(proof.named)} more.")
    looked_at = f"{proof.sessions:,} sessions under {proof.versions} versions"
    click.echo(f"{looked_at}: {f'{proof.outside:,} faults' if proof.outside else 'all inside'}.")
    sys.exit(1 if proof.outside else 0)


class _HeadType(click.ParamType[Head]):
    """The newest entry as `remit check audit` printed it: NUMBER:HASH."""

    name = "NUMBER:HASH"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Head:
        number, colon, digest = value.partition(":")
        if not (colon and number.isascii() and number.isdigit()):
            self.fail("must be NUMBER:HASH, as an earlier check printed it.", param, ctx)
        return Head(number=int(number), hash=digest)


@command.command("audit")
@click.option(
    "--since", type=_HeadType(), help="The newest entry of an earlier check: must still be there."
)
@data_option
def audit_command(*, since: Head | None, data: Path) -> None:
    """Walk the audit's chain; exit code 1 names the first entry that is not as it was written."""
    with stack_on(data) as address:
        engine = make_engine(address.database_url, role="remit_request_intake", pool_size=1)
        try:
            with transaction(engine, "system:request_intake") as connection:
                altered = audit.first_altered(connection)
                newest = audit.head(connection)
                kept = since is None or audit.holds(connection, since)
        finally:
            engine.dispose()
    if altered is not None:
        click.echo(f"Entry {altered} is not as it was written, or the one before it is gone.")
    elif not kept:
        click.echo(f"Entry {since.number if since else ''} is gone or another than it was.")
    else:
        click.echo(f"The audit is whole. Newest entry: {newest or 'none yet'}")
    sys.exit(0 if altered is None and kept else 1)


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
