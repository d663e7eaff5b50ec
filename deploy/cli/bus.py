"""`remit bus`: see what the bus could not deliver, and retry or discard it. Shows ids, never data."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from uuid import UUID

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, NullPool, create_engine

from deploy.cli import data_option
from deploy.cli.exits import stack_on
from shared.database.engine import driver_url
from shared.messaging import inspection
from shared.messaging.asyncapi import document
from shared.messaging.inspection import DeliveryLine
from shared.messaging.routing import SERVICES

_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_subscriber_option = click.option(
    "--subscriber", type=click.Choice(SERVICES), default=None, help="Only this service's."
)


@contextmanager
def _database(data: Path) -> Iterator[Connection]:
    with stack_on(data) as address:
        # The bus belongs to no service, so its keeper acts as the owner.
        engine = create_engine(driver_url(address.owner_database_url), poolclass=NullPool)
        with engine.begin() as connection:
            yield connection


@click.group("bus")
def command() -> None:
    """Look after what the bus could not deliver."""


@command.command("list")
@click.option(
    "--state",
    type=click.Choice(["dead", "parked", "due", "done"]),
    default="dead",
    show_default=True,
    help="Which deliveries.",
)
@_subscriber_option
@click.option("--most", default=50, show_default=True, help="How many at the most.")
@_json_option
@data_option
def list_(state: str, subscriber: str | None, most: int, as_json: bool, data: Path) -> None:
    """List deliveries in a state, longest due first."""
    with _database(data) as connection:
        lines = inspection.deliveries(
            connection, state=state, subscriber=subscriber or "", most=most
        )
    _print(lines, as_json=as_json, empty=f"No {state} deliveries.")


@command.command()
@click.argument("event_id", type=click.UUID)
@_json_option
@data_option
def show(event_id: UUID, as_json: bool, data: Path) -> None:
    """Show every delivery of an event."""
    with _database(data) as connection:
        lines = inspection.deliveries_of(connection, event_id)
    if not lines:
        raise click.ClickException(f"There is no event {event_id} on the bus.")
    _print(lines, as_json=as_json, empty="")


@command.command()
@click.argument("event_id", type=click.UUID)
@_subscriber_option
@data_option
def retry(event_id: UUID, subscriber: str | None, data: Path) -> None:
    """Try the dead deliveries of an event again, each alone."""
    with _database(data) as connection:
        count = inspection.retry(connection, event_id, subscriber or "")
    _say_count(count, event_id, "will be tried again, alone")


@command.command()
@click.argument("event_id", type=click.UUID)
@_subscriber_option
@click.confirmation_option(prompt="Its effect will never happen. Discard it?")
@data_option
def discard(event_id: UUID, subscriber: str | None, data: Path) -> None:
    """Give the dead deliveries of an event up, so that what they hold back moves on."""
    with _database(data) as connection:
        count = inspection.discard(connection, event_id, subscriber or "")
    _say_count(count, event_id, "discarded")


@command.command()
def asyncapi() -> None:
    """Print the AsyncAPI 3 document of all events."""
    click.echo(json.dumps(document(), indent=2))


def _say_count(count: int, event_id: UUID, what: str) -> None:
    if not count:
        raise click.ClickException(f"Event {event_id} has no dead delivery. See: remit bus list")
    click.echo(f"{count} {'delivery' if count == 1 else 'deliveries'} {what}.")


def _print(lines: list[DeliveryLine], *, as_json: bool, empty: str) -> None:
    if as_json:
        click.echo(json.dumps([asdict(line) for line in lines], default=str, indent=2))
        return
    if not lines:
        click.echo(empty)
        return
    table = Table("event", "what", "to", "state", "tries", "since", "error", box=None)
    for line in lines:
        since = line.settled_at or line.due_at
        table.add_row(
            str(line.event_id),
            line.name,
            line.subscriber,
            line.state,
            str(line.attempts),
            since.isoformat(timespec="seconds"),
            line.last_error or "",
        )
    Console(width=160).print(table)
