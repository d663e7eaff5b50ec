"""`remit status`: each part of the stack and the figures of the bus, for people and for scripts."""

import json
import time
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import SQLAlchemyError

from deploy.cli import data_option
from deploy.stack.address import NoStack, StackAddress
from deploy.stack.parts import Part, look_at
from shared.database.engine import make_engine
from shared.messaging.inspection import BusFigures, figures


@click.command()
@data_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(data: Path, as_json: bool) -> None:
    """Show each part and the bus.

    Exit codes: 0 every part is ready; 1 a part is not, or no stack runs at all; 2 usage.
    """
    try:
        address = StackAddress.find(data)
    except NoStack as nothing:
        if as_json:
            click.echo(json.dumps({"ready": False, "parts": [], "bus": [], "note": str(nothing)}))
            raise SystemExit(1) from nothing
        raise click.ClickException(str(nothing)) from nothing
    parts = look_at(address)
    bus = bus_figures(address)
    ready = all(part.ready for part in parts)
    if as_json:
        click.echo(json.dumps(_as_object(address, parts, bus, ready=ready), indent=2))
    else:
        _print(address, parts, bus)
    raise SystemExit(0 if ready else 1)


def bus_figures(address: StackAddress) -> list[BusFigures]:
    """The bus in numbers; none when the database does not answer."""
    engine = make_engine(address.database_url, role="remit_ringer", pool_size=1)
    try:
        with engine.connect() as connection:
            return figures(connection)
    except SQLAlchemyError:
        return []
    finally:
        engine.dispose()


def celery_share(bus: list[BusFigures]) -> float | None:
    """The share of settled deliveries that Celery workers handled, in percent."""
    settled = sum(one.settled for one in bus)
    return 100 * sum(one.by_celery for one in bus) / settled if settled else None


def _as_object(
    address: StackAddress, parts: list[Part], bus: list[BusFigures], *, ready: bool
) -> dict[str, Any]:
    return {
        "ready": ready,
        "web_url": address.web_url,
        "sink_url": address.sink_url,
        "mail_folder": address.mail_folder,
        "parts": [asdict(part) for part in parts],
        "bus": [asdict(one) for one in bus],
        "celery_share_percent": celery_share(bus),
    }


def _print(address: StackAddress, parts: list[Part], bus: list[BusFigures]) -> None:
    console = Console()
    table = Table("part", "state", "for", "note", box=None)
    for part in parts:
        colour = "green" if part.ready else "red"
        table.add_row(part.name, f"[{colour}]{part.state}[/]", _lasting(part.since), part.note)
    console.print(table)
    if bus:
        _print_bus(console, bus)
    mail = f" · mail {address.sink_url}" if address.sink_url else ""
    console.print(f"\nRemit {address.web_url}{mail}", soft_wrap=True)


def _print_bus(console: Console, bus: list[BusFigures]) -> None:
    console.print("\nThe bus: what each service is still to do, and has done", style="bold")
    deliveries = Table("service", "due", "parked", "dead", "done", "oldest due", box=None)
    for one in bus:
        oldest = f"{one.oldest_due_seconds:.1f} s" if one.oldest_due_seconds is not None else "-"
        counts = (one.due, one.parked, one.dead, one.settled)
        deliveries.add_row(one.subscriber, *(str(count) for count in counts), oldest)
    console.print(deliveries)
    if (share := celery_share(bus)) is not None:
        console.print(
            f"Celery workers did {share:.1f} % of it; the ringer does what they do not get to."
        )


def _lasting(since: float) -> str:
    return str(timedelta(seconds=int(time.time() - since))) if since else "-"
